"""Normalization, by each vendor's published vectors and rules."""

import hashlib

import pytest

from core.workloads.customers.vendors import VENDORS
from core.workloads.customers.vendors.base import EMPTY, Vendor


def sha(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def test_there_are_the_vendors() -> None:
    assert set(VENDORS) == {"meta", "google", "tiktok", "linkedin", "x", "snapchat"}
    assert all(vendor.source and vendor.batch_rows <= 10_000 for vendor in VENDORS.values())


@pytest.mark.parametrize("vendor", VENDORS.values(), ids=lambda vendor: vendor.name)
def test_the_published_vector_of_an_address(vendor: Vendor) -> None:
    key = vendor.key("email", " Person@Example.com ")
    assert key == "542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345"


@pytest.mark.parametrize(
    ("vendor", "field", "value", "written"),
    [
        ("snapchat", "phone", "+44 844 412 4653", "448444124653"),
        ("meta", "phone", "+18005550100", "18005550100"),
        ("google", "phone", "+1 800-555-0100", "+18005550100"),
        ("tiktok", "phone", "+16577770000", "16577770000"),
        ("google", "email", "Jane.Doe+shop@gmail.com", "janedoe@gmail.com"),
        ("google", "email", "Jane.Doe+shop@googlemail.com", "janedoe@googlemail.com"),
        ("google", "email", "jane.doe+shop@example.com", "jane.doe+shop@example.com"),
        ("google", "email", " ja ne@example.com", "jane@example.com"),
        ("tiktok", "email", "Jane.Doe+shop@example.com", "jane.doe@example.com"),
        ("meta", "email", "jane.doe+shop@gmail.com", "jane.doe+shop@gmail.com"),
        ("meta", "city", "St. John's-by 7 (Sea)", "stjohn'sbysea"),
        ("meta", "postal_code", "94025 -1234", "94025"),
        ("meta", "country", "US", "us"),
        ("google", "first_name", "Dr. Jane", "jane"),
        ("google", "last_name", "Doe, Jr.", "doe"),
    ],
)
def test_fields_are_written_as_each_vendor_documents(vendor: str, field: str, value: str, written: str) -> None:
    assert VENDORS[vendor].key(field, value) == sha(written)


@pytest.mark.parametrize(("field", "value", "sent"), [("country", "us", "US"), ("postal_code", " 94025 ", "94025")])
def test_google_takes_places_plain(field: str, value: str, sent: str) -> None:
    assert VENDORS["google"].key(field, value) == sent


@pytest.mark.parametrize("value", ["", "   ", "nobody", EMPTY])
def test_nothing_is_never_hashed(value: str) -> None:
    assert VENDORS["meta"].key("email", value) is None


def test_a_digest_is_not_hashed_twice() -> None:
    digest = sha("person@example.com")
    assert VENDORS["meta"].key("email", digest) == digest


def test_fields_that_a_vendor_matches_nobody_by_are_not_sent() -> None:
    assert VENDORS["linkedin"].key("phone", "+18005550100") is None
    assert VENDORS["tiktok"].key("email", "+x@example.com") is None
    assert VENDORS["meta"].key("country", "Utopia") is None
