"""X custom audiences: lower hexadecimal digests without salt."""

from core.workloads.customers.vendors.base import Vendor, trimmed_email

VENDOR = Vendor("x", trimmed_email, source="docs.x.com/x-ads-api/audiences")
