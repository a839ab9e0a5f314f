"""Records are kept as long as the rules say, those of tenants before the platform's; a trail stays verifiable."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from core.database import Database
from core.ids import uuid7
from core.platform.access import Principal, Role
from core.platform.alerts.raising import raise_alert, resolve_alert
from core.platform.audit import chain, entries
from core.platform.audit.entries import DONE, Entry
from core.platform.audit.verification import verify
from core.platform.erasure import retention
from core.platform.erasure.retention import SubjectUnknown
from core.platform.webhooks import deliveries
from tests.conftest import make_principal


def age(database: Database, table: str, column: str, days: float) -> None:
    """Let what a table has be so much older."""
    with database.transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text(f"UPDATE {table} SET {column} = {column} - interval '{days} days'"))


@pytest.fixture
def trail(database: Database, admin: Principal) -> Callable[..., None]:
    """Add entries to the tenant's trail."""

    def add(count: int) -> None:
        for _ in range(count):
            entries.append(database, Entry(admin.tenant_id, "POST /jobs", DONE))

    return add


@pytest.mark.parametrize(
    ("own", "days", "gone"), [(None, 364, 0), (None, 366, 3), (10, 11, 3), (10, 9, 0), (1000, 366, 0)]
)
def test_a_trail_loses_its_beginning_and_stays_verifiable(
    trail: Callable[..., None], database: Database, admin: Principal, own: int | None, days: int, gone: int
) -> None:
    trail(3)
    age(database, "audit_entries", "at", days)
    trail(2)
    chain.chain_all(database)
    with database.transaction() as session:
        retention.set_rule(session, admin.tenant_id, "audit", own)
    assert retention.forget(database)["audit"] == gone
    with database.transaction() as session:
        found = verify(session, admin.tenant_id)
    assert (found.flaw, found.checked, found.seq) == (None, 5 - gone, 5)
    assert retention.forget(database)["audit"] == 0
    trail(1)
    chain.chain_all(database)
    with database.transaction() as session:
        assert verify(session, admin.tenant_id).flaw is None


def test_a_whole_trail_may_go_and_goes_on(trail: Callable[..., None], database: Database, admin: Principal) -> None:
    trail(3)
    age(database, "audit_entries", "at", 400)
    chain.chain_all(database)
    assert retention.forget(database)["audit"] == 3
    trail(1)
    chain.chain_all(database)
    with database.transaction() as session:
        found = verify(session, admin.tenant_id)
    assert (found.flaw, found.checked, found.seq) == (None, 1, 4)


def test_what_was_forgotten_cannot_be_put_back(
    trail: Callable[..., None], database: Database, admin: Principal
) -> None:
    trail(3)
    age(database, "audit_entries", "at", 400)
    chain.chain_all(database)
    with database.transaction() as session:
        kept = session.execute(text("SELECT * FROM audit_entries WHERE seq = 2")).mappings().one()
    retention.forget(database)
    with database.transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        forged = "INSERT INTO audit_entries (id, tenant_id, action, path, outcome, seq, hash) VALUES (:id, :tenant_id, "
        session.execute(text(f"{forged} :action, :path, :outcome, :seq, :hash)"), dict(kept))
    with database.transaction() as session:
        assert verify(session, admin.tenant_id).flaw is not None


@pytest.mark.parametrize(("days", "gone"), [(89, 0), (91, 1)])
def test_alerts_go_when_they_are_over_for_long(database: Database, admin: Principal, days: int, gone: int) -> None:
    with database.transaction() as session:
        for key in ("over", "open"):
            raise_alert(session, admin.tenant_id, "pumping", key, "info", "dry")
        resolve_alert(session, admin.tenant_id, "pumping", "over")
    for column in ("resolved_at", "created_at"):
        age(database, "alerts", column, days)
    assert retention.forget(database)["alerts"] == gone
    with database.statements() as session:
        assert session.scalar(text("SELECT count(*) FROM alerts")) == 2 - gone


@pytest.mark.parametrize(("own", "days", "gone"), [(None, 6, 0), (None, 8, 1), (30, 8, 0), (2, 3, 1)])
def test_deliveries_are_kept_for_a_week_or_as_the_tenant_says(
    database: Database, admin: Principal, own: int | None, days: int, gone: int
) -> None:
    delivery: dict[str, Any] = {"id": uuid7(), "tenant_id": admin.tenant_id, "event": "job.failed", "body": "{}"}
    with database.transaction() as session:
        retention.set_rule(session, admin.tenant_id, "deliveries", own)
        deliveries.write(session, [{**delivery, "webhook_id": None, "job_id": None, "url": "https://example.org/"}])
        session.execute(text("UPDATE webhook_deliveries SET next_attempt_at = NULL"))
    age(database, "webhook_deliveries", "created_at", days)
    assert retention.forget(database)["deliveries"] == gone


def test_a_tenants_rule_is_its_own(database: Database, admin: Principal) -> None:
    other = make_principal(database, "other", Role.ADMIN)
    with database.transaction() as session:
        retention.set_rule(session, admin.tenant_id, "alerts", 3)
        retention.set_rule(session, admin.tenant_id, "alerts", 4)
        mine = {rule.subject: (rule.days, rule.of_its_own) for rule in retention.read_rules(session, admin.tenant_id)}
        assert mine["alerts"] == (4, True)
        assert mine["audit"] == (365, False)
        assert not any(rule.of_its_own for rule in retention.read_rules(session, other.tenant_id))
        with pytest.raises(SubjectUnknown):
            retention.set_rule(session, admin.tenant_id, "jokes", 3)


def test_a_trail_is_forgotten_in_portions(
    trail: Callable[..., None], database: Database, admin: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    trail(5)
    age(database, "audit_entries", "at", 400)
    chain.chain_all(database)
    assert [retention.forget(database)["audit"] for _ in range(4)] == [2, 2, 1, 0]
