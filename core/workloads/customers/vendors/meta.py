"""Meta custom audiences."""

import re

from core.workloads.customers.vendors.base import Vendor, digits, letters, lowered_name, trimmed_email


def postcode(value: str) -> str | None:
    """Leave out blanks and what stands behind a hyphen."""
    return re.sub(r"\s", "", value).lower().split("-")[0] or None


def country(value: str) -> str | None:
    """Take two letters only."""
    lowered = value.strip().lower()
    return lowered if re.fullmatch(r"[a-z]{2}", lowered) else None


VENDOR = Vendor(
    "meta",
    trimmed_email,
    digits,
    {
        "first_name": lowered_name,
        "last_name": lowered_name,
        "city": letters,
        "state": letters,
        "postal_code": postcode,
        "country": country,
    },
    expires_after_days=730,
    source="developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences",
)
