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


def test_broker_and_direct_database_are_the_plain_ones_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read_settings()
    assert (settings.broker_url, settings.database_direct_url) == (settings.redis_url, settings.database_url)
    monkeypatch.setenv("PENSTOCK_BROKER_URL", "amqp://me:pass@rabbit//")
    monkeypatch.setenv("DATABASE_DIRECT_URL", "postgresql://me@direct/penstock")
    settings = read_settings()
    assert settings.broker_url == "amqp://me:pass@rabbit//"
    assert settings.database_direct_url == "postgresql+psycopg2://me@direct/penstock"


def test_there_is_no_replica_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().database_replica_url == ""
    monkeypatch.setenv("DATABASE_REPLICA_URL", "postgresql://me@near/penstock")
    assert read_settings().database_replica_url == "postgresql+psycopg2://me@near/penstock"
    monkeypatch.setenv("PENSTOCK_REPLICA_BEHIND_S", "-0.1")
    with pytest.raises(SettingsInvalid, match="PENSTOCK_REPLICA_BEHIND_S"):
        read_settings()
    monkeypatch.setenv("PENSTOCK_REPLICA_BEHIND_S", "0")
    assert read_settings().replica_behind_s == 0


@pytest.mark.parametrize("url", ["sqs://queue", "nonsense"])
def test_a_broker_of_no_known_sort_is_a_wrong_setting(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("PENSTOCK_BROKER_URL", url)
    with pytest.raises(SettingsInvalid, match="PENSTOCK_BROKER_URL"):
        read_settings()
