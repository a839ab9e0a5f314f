"""Which addresses webhooks may reach, and which URLs may be named at all."""

from ipaddress import ip_network

import pytest

from core.platform.addresses import AddressForbidden, Border, HostUnknown
from core.platform.webhooks.urls import LONGEST, flaw_in, receiver_of

PRIVATE = [
    *(
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
    ),
    *("100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254"),
    *("2002:7f00:1::", "2002:a00:1::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe"),
]
PUBLIC = [
    "8.8.8.8",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_to_a_private_address_is_refused(address: str) -> None:
    with pytest.raises(AddressForbidden):
        Border(resolve=lambda *_: [address]).addresses("innocent.example", 443)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_reached(address: str) -> None:
    assert Border(resolve=lambda *_: [address]).addresses("innocent.example", 443) == [address]


def test_one_private_address_among_public_ones_is_enough() -> None:
    with pytest.raises(AddressForbidden) as refused:
        Border(resolve=lambda *_: ["8.8.8.8", "10.0.0.1"]).addresses("innocent.example", 443)
    assert "10.0.0.1" not in str(refused.value), "what a name means inside is nobody's business"


@pytest.mark.parametrize(("address", "reached"), [("10.1.255.255", True), ("10.2.0.0", False), ("::1", False)])
def test_what_is_allowed_is_allowed_to_its_edge(address: str, reached: bool) -> None:  # noqa: FBT001 - which side
    border = Border((ip_network("10.1.0.0/16"),), resolve=lambda *_: [address])
    if reached:
        assert border.addresses("inside.example", 80) == [address]
    else:
        with pytest.raises(AddressForbidden):
            border.addresses("inside.example", 80)


def test_a_name_without_addresses_may_have_some_later() -> None:
    with pytest.raises(HostUnknown):
        Border(resolve=lambda *_: []).addresses("nobody.example", 80)


def test_numbers_in_disguise_are_resolved_like_names() -> None:
    with pytest.raises(AddressForbidden):
        Border().addresses("2130706433", 80)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "example.org/hook",
            "ftp://example.org/",
            "file:///etc/passwd",
            "http://",
            "https:///path",
            "//example.org/",
        ),
        *("http://user@example.org/", "http://:pass@example.org/", "http://example.org/#part", "http://a.example\\@b/"),
        *("http://example.org:22/", "http://example.org:0/", "http://example.org:1023/", "http://example.org:65536/"),
        *(
            "http://example.org:port/",
            "http://[::1/",
            "http://exa mple.org/",
            "http://example.org/\n",
            "http://bücher.de/",
        ),
        "https://example.org/" + "x" * (LONGEST - 19),
    ],
)
def test_urls_that_cannot_be_meant_are_refused(url: str) -> None:
    assert flaw_in(url)


@pytest.mark.parametrize(
    ("url", "receiver"),
    [
        ("https://example.org/hook?token=1", "example.org:443"),
        ("http://EXAMPLE.org.:1024/", "example.org:1024"),
        ("http://[2606:4700::1]:65535/", "[2606:4700::1]:65535"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080"),
        ("https://example.org/" + "x" * (LONGEST - 20), "example.org:443"),
    ],
)
def test_sound_urls_are_taken(url: str, receiver: str) -> None:
    assert flaw_in(url) is None
    assert receiver_of(url) == receiver
