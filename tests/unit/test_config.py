"""Settings: read once, and every problem told at once."""

from pathlib import Path

import pytest

from core.config import SettingsInvalid, read_settings

GOOD = {
    "DATABASE_URL": "postgres://me:p%40ss@db/penstock",
    "REDIS_URL": "redis://cache/0",
    "PENSTOCK_STORAGE_URL": "file:///var/lib/penstock",
    "PENSTOCK_SECRET_KEY": "a key for tests, of no worth elsewhere",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def test_the_driver_is_spelt_out_and_the_rest_has_defaults() -> None:
    settings = read_settings()
    assert settings.database_url == "postgresql+psycopg2://me:p%40ss@db/penstock"
    assert (settings.lease_s, settings.max_body_bytes, settings.data_dir) == (30.0, 8 << 20, Path())


def test_every_problem_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("PENSTOCK_PORT", "65536")
    monkeypatch.setenv("PENSTOCK_LEASE_S", "long")
    with pytest.raises(SettingsInvalid) as caught:
        read_settings()
    assert all(name in caught.value.detail for name in ("DATABASE_URL", "PENSTOCK_PORT", "PENSTOCK_LEASE_S"))


def test_a_database_url_that_is_none_is_a_wrong_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    with pytest.raises(SettingsInvalid, match="DATABASE_URL"):
        read_settings()
