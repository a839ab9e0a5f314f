"""What the documentation says of every table is so: pruning takes old rows away from those that would grow for ever."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from core.config import Settings, read_settings
from core.database import Database
from core.jobs import pruning, reconciler
from core.jobs.expiry import COUNTS_LIFE
from core.platform.access import Principal
from core.platform.accounts import forgetting as accounts
from core.platform.audit import chain, entries
from core.platform.audit.entries import DONE, Entry
from core.workloads.pumping.operations import forgetting as stations
from tasks.maintenance import prune_all
from tests.integration.erasure.aged import STATIONS, insert_aged
from tests.integration.erasure.test_retention import age

DOCUMENT = Path(__file__).parents[3] / "docs" / "trust.md"
KEEPING = {"audit_entries"}
"""What the test ages in its own way."""
LIVES = {
    "login_sessions": ("expires_at", accounts.SESSIONS_KEPT_FOR),
    "api_keys": ("revoked_at", accounts.KEYS_KEPT_FOR),
    "login_failures": ("failed_at", accounts.FAILURES_KEPT_FOR),
    "pruned_counts": ("day", COUNTS_LIFE),
    "pumping_states": ("at", stations.KEPT_FOR),
    "pumping_prices": ("at", stations.KEPT_FOR),
    "pumping_overrides": ("until", stations.KEPT_FOR),
    "pumping_plans": ("slot", stations.KEPT_FOR),
}
"""By table: the time since when a row is over, and for how long it is kept from then on."""


def documented() -> dict[str, str]:
    """Read by what each table is bounded, as the documentation says."""
    section = DOCUMENT.read_text().partition("### What keeps every table bounded")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:3] for line in section.splitlines() if line.startswith("| `")]
    told = [(table, bound.strip()) for tables, bound in rows for table in re.findall(r"`(\w+)`", tables)]
    assert len(told) == len(dict(told)), "a table is named once"
    return dict(told)


def pruned_by_a_function() -> set[str]:
    return {table for table, bound in documented().items() if bound.startswith("`core.")}


@pytest.fixture
def settings(database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """What a worker of the platform reads."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("PENSTOCK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PENSTOCK_STORAGE_URL", f"file://{tmp_path}/artifacts")
    monkeypatch.setenv("PENSTOCK_SECRET_KEY", "a key for tests, of no worth elsewhere")
    return read_settings()


def test_every_table_is_told_of(database: Database) -> None:
    with database.statements() as session:
        there = set(session.scalars(text(_TABLES)))
    assert set(documented()) == there


_TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
"""


def test_old_rows_go_where_the_documentation_says_so_and_nowhere_else(
    database: Database, admin: Principal, settings: Settings, count: Callable[[str], int]
) -> None:
    with database.transaction() as session:
        tables = insert_aged(session, admin.tenant_id)
    for _ in range(2):
        entries.append(database, Entry(admin.tenant_id, "POST /jobs", DONE))
    age(database, "audit_entries", "at", 400)
    chain.chain_all(database)
    before = {table: count(table) for table in tables}
    prune_all(database, settings)
    reconciler.reconcile(database, lambda _queue: 0, every_s=0.0)
    gone = {table for table in tables if before[table] - count(table) == 1}
    assert gone == pruned_by_a_function() - KEEPING
    assert count("audit_entries") == 0
    assert {table: count(table) for table in STATIONS} == dict.fromkeys(STATIONS, 1)


def test_rows_stay_until_their_time_is_over(
    database: Database, admin: Principal, settings: Settings, count: Callable[[str], int]
) -> None:
    with database.transaction() as session:
        insert_aged(session, admin.tenant_id)
        for table, (column, kept_for) in LIVES.items():
            inside = f"UPDATE {table} SET {column} = now() - CAST(:kept_for AS interval) + interval '1 hour'"
            session.execute(text(f"{inside} WHERE {column} < now() - interval '5 years'"), {"kept_for": kept_for})
        session.execute(text("UPDATE login_sessions SET revoked_at = NULL"))
        # A key that was revoked before it would have expired: the first of both counts.
        session.execute(text("UPDATE api_keys SET expires_at = now() + interval '1 year'"))
    before = {table: count(table) for table in LIVES}
    prune_all(database, settings)
    assert {table: count(table) for table in LIVES} == before
    with database.transaction() as session:
        for table, (column, _kept_for) in LIVES.items():
            older = f"UPDATE {table} SET {column} = {column} - interval '2 hours'"
            session.execute(text(f"{older} WHERE {column} < now() - interval '1 hour'"))
        session.execute(text("DELETE FROM chores"))
    prune_all(database, settings)
    assert {table: before[table] - count(table) for table in LIVES} == dict.fromkeys(LIVES, 1)


@pytest.mark.parametrize("status", ["recommended", "applied", "accepted", "planning"])
def test_a_plan_in_force_or_open_stays_however_old_it_is(
    database: Database, admin: Principal, count: Callable[[str], int], status: str
) -> None:
    with database.transaction() as session:
        insert_aged(session, admin.tenant_id)
        session.execute(text("UPDATE pumping_plans SET status = :status"), {"status": status})
        assert stations.forget_old(session)["pumping_plans"] == 0
    assert count("pumping_plans") == 2


def test_what_is_over_goes_in_portions(database: Database, admin: Principal) -> None:
    with database.transaction() as session:
        insert_aged(session, admin.tenant_id)
        for _ in range(4):
            again = "INSERT INTO login_failures SELECT gen_random_uuid()::text, failures, failed_at, locked_until "
            session.execute(text(f"{again} FROM login_failures LIMIT 1"))
        assert [accounts.forget_old(session, limit=2)["login_failures"] for _ in range(4)] == [2, 2, 1, 0]


def test_a_reservation_of_another_job_stays(database: Database, admin: Principal, count: Callable[[str], int]) -> None:
    with database.transaction() as session:
        insert_aged(session, admin.tenant_id)
        session.execute(text("UPDATE window_reservations SET job_id = :other"), {"other": UUID(int=1)})
        pruning.prune_batch(session, admin.tenant_id, age=COUNTS_LIFE, limit=9, after=pruning.Place())
    assert (count("jobs"), count("window_reservations")) == (0, 1)
