"""What does not start: secrets that anybody knows in production, and a platform for one machine on the network."""

import secrets

import pytest

from core.config import SettingsInvalid, read_settings
from core.exposure import EMBEDDED, PRODUCTION, Exposed, flaw_of_password, flaws, is_loopback, is_random

GOOD = {
    "DATABASE_URL": "postgresql://penstock:aLong4ndRandomOne@db/penstock",
    "REDIS_URL": "redis://:an0therLongOne77@cache/0",
    "PENSTOCK_STORAGE_URL": "file:///var/lib/penstock",
    "PENSTOCK_SECRET_KEY": "Zk3vV0sYp1x8QmT6rB9wE2uH5jN7cL4d",
}


def start(monkeypatch: pytest.MonkeyPatch, **changes: str) -> str:
    """Read the settings of a process and return what was said against them."""
    for name, value in {**GOOD, **changes}.items():
        monkeypatch.setenv(name, value)
    try:
        read_settings()
    except SettingsInvalid as refused:
        return refused.detail
    return ""


def test_in_production_the_start_stops_and_lists_every_secret_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    weak = {
        "DATABASE_URL": "postgresql://postgres:postgres@db/penstock",
        "REDIS_URL": "redis://cache/0",
        "PENSTOCK_SECRET_KEY": "change-me-change-me-change-me-change-me",
    }
    said = start(monkeypatch, PENSTOCK_MODE=PRODUCTION, **weak)
    assert [name for name in weak if f"{name}: " in said] == list(weak)
    assert "postgres:postgres" not in said
    assert start(monkeypatch, PENSTOCK_MODE=PRODUCTION, **GOOD) == ""
    assert start(monkeypatch, PENSTOCK_MODE=PRODUCTION, PENSTOCK_HOST="0.0.0.0", **GOOD) == ""


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "PENSTOCK_SECRET_KEY"])
def test_each_secret_alone_keeps_it_from_starting(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    weak = {
        "DATABASE_URL": "postgresql://penstock@db/penstock",
        "REDIS_URL": "redis://:redis@cache/0",
        "PENSTOCK_SECRET_KEY": "a key for tests, of no worth elsewhere",
    }
    assert start(monkeypatch, PENSTOCK_MODE=PRODUCTION, **{name: weak[name]}).startswith(f"{name}: ")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "example.org"])
def test_embedded_it_listens_on_this_machine_alone(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    said = start(monkeypatch, PENSTOCK_HOST=host)
    assert said.startswith("PENSTOCK_HOST: ")
    assert "PENSTOCK_MODE=production" in said


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"])
def test_what_is_this_machine(host: str) -> None:
    assert is_loopback(host)
    assert list(flaws(EMBEDDED, Exposed(host, {"KEY": "weak"}, {}))) == []


def test_keys_made_by_chance_pass() -> None:
    assert all(is_random(secrets.token_urlsafe(48)) for _ in range(200))
    assert all(is_random(secrets.token_hex(32)) for _ in range(200))
    assert not is_random("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
    assert not is_random("0123456789 with blanks and so many letters")


@pytest.mark.parametrize(
    ("url", "flawed"),
    [
        ("postgresql://penstock:twelve-chars@db/x", False),
        ("postgresql://penstock:eleven-char@db/x", True),
        ("postgresql://penstock:PostGres@127.0.0.1/x", True),
        ("postgresql://penstock@127.0.0.1/x", False),
        ("postgresql://penstock@/x", False),
        ("postgresql://penstock@db/x", True),
    ],
)
def test_passwords_in_addresses(url: str, flawed: bool) -> None:  # noqa: FBT001 - a case
    assert (flaw_of_password(url) is not None) is flawed


@pytest.mark.parametrize("named", ["*", "https://a.example/path", "ftp://a.example", "a.example", "null"])
def test_origins_are_named_in_full(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    assert "PENSTOCK_CORS_ORIGINS" in start(monkeypatch, PENSTOCK_CORS_ORIGINS=named)
