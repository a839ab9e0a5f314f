"""Google customer match, by the Data Manager API."""

import re

from core.workloads.customers.vendors.base import Vendor, lowered_name, trimmed_email

_GMAIL = frozenset({"gmail.com", "googlemail.com"})
_TITLES = re.compile(r"^(mrs?|ms|miss|dr|prof|sir)\.?\s+|,?\s+(jr|sr|ii|iii|iv|phd|md)\.?$")


def email(value: str) -> str | None:
    """Leave out all blanks; of Gmail's own addresses dots and what stands behind a plus, of no others."""
    lowered = trimmed_email("".join(value.split()))
    if lowered is None:
        return None
    local, _, domain = lowered.rpartition("@")
    if domain in _GMAIL:
        local = local.split("+")[0].replace(".", "")
    return f"{local}@{domain}" if local else None


def phone(value: str) -> str | None:
    """Take E.164 with its plus."""
    number = "+" + re.sub(r"\D", "", value)
    return number if re.fullmatch(r"\+[1-9]\d{6,14}", number) else None


def name(value: str) -> str | None:
    """Leave out titles and suffixes."""
    return lowered_name(_TITLES.sub("", value.strip().lower()))


def country(value: str) -> str | None:
    """Take two letters, sent plain."""
    upper = value.strip().upper()
    return upper if re.fullmatch(r"[A-Z]{2}", upper) else None


VENDOR = Vendor(
    "google",
    email,
    phone,
    {"first_name": name, "last_name": name, "country": country, "postal_code": lambda value: value.strip() or None},
    plain=frozenset({"country", "postal_code"}),
    expires_after_days=540,
    source="developers.google.com/data-manager/api/devguides/concepts/formatting",
)
