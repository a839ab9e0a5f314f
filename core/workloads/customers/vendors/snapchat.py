"""Snapchat audiences and conversions."""

from core.workloads.customers.vendors.base import Vendor, digits, letters, lowered_name, trimmed_email

VENDOR = Vendor(
    "snapchat",
    trimmed_email,
    digits,
    {"first_name": lowered_name, "last_name": lowered_name, "city": letters, "state": letters},
    source="developers.snap.com/api/marketing-api/Conversions-API/Parameters",
)
