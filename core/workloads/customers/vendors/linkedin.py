"""LinkedIn matched audiences: by e-mail address alone."""

from core.workloads.customers.vendors.base import Vendor, trimmed_email

VENDOR = Vendor(
    "linkedin",
    trimmed_email,
    smallest_audience=300,
    source="learn.microsoft.com/linkedin/marketing/matched-audiences",
)
