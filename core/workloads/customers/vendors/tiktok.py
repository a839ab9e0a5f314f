"""TikTok customer files."""

import re

from core.workloads.customers.vendors.base import Vendor, digits, trimmed_email


def email(value: str) -> str | None:
    """Leave out what stands between a plus and the `@`, of all domains; the first character is a letter or a digit."""
    lowered = trimmed_email(value)
    if lowered is None:
        return None
    local, _, domain = lowered.rpartition("@")
    local = local.split("+")[0]
    return f"{local}@{domain}" if re.match(r"[a-z0-9]", local) else None


VENDOR = Vendor("tiktok", email, digits, smallest_audience=1_000, source="ads.tiktok.com/help/article/customer-file")
