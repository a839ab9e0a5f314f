"""Alerts are raised once however often one says so, and end."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from core.database import Database
from core.platform.access import Principal, Role
from core.platform.alerts import reading
from core.platform.alerts.models import Severity
from core.platform.alerts.raising import Raised, raise_alert, resolve_alert
from core.platform.alerts.reading import AlertFilter, AlertMissing, AlertResolved
from tests.conftest import make_principal

Say = Callable[..., Raised]


@pytest.fixture
def say(database: Database, admin: Principal) -> Say:
    """Raise an alert about the pumps, in a transaction of its own."""

    def raise_one(severity: str = "warning", text: str = "dry", key: str = "pump/1", **options: Any) -> Raised:
        with database.transaction() as session:
            return raise_alert(session, admin.tenant_id, "pumping", key, severity, text, **options)

    return raise_one


@pytest.fixture
def over(database: Database, admin: Principal) -> Callable[..., bool]:
    def resolve_one(key: str = "pump/1") -> bool:
        with database.transaction() as session:
            return resolve_alert(session, admin.tenant_id, "pumping", key, text="wet again")

    return resolve_one


@pytest.fixture
def steps(database: Database, admin: Principal) -> Callable[[UUID], list[str]]:
    """Read what became of an alert, having checked that its events are numbered without gaps up to its version."""

    def read(alert_id: UUID) -> list[str]:
        with database.statements() as session:
            events = reading.list_alert_events(session, admin.tenant_id, alert_id)
            version = reading.get_alert(session, admin.tenant_id, alert_id).version
        assert [event.seq for event in events] == list(range(1, version + 1))
        return [event.type for event in events]

    return read


def test_what_is_said_again_is_the_same_alert(
    say: Say, database: Database, admin: Principal, steps: Callable[[UUID], list[str]]
) -> None:
    first, again = say(), say(text="still dry", data={"level_m": 0.1})
    assert (again.id, again.event) == (first.id, None)
    with database.statements() as session:
        (alert,) = reading.list_alerts(session, admin.tenant_id, AlertFilter(), limit=10)
    assert (alert.times, alert.text, alert.data, alert.state) == (2, "still dry", {"level_m": 0.1}, "firing")
    assert steps(first.id) == ["alert.firing"]


def test_after_its_end_it_is_another_alert(
    say: Say, over: Callable[..., bool], steps: Callable[[UUID], list[str]]
) -> None:
    first = say()
    assert over()
    assert not over()
    assert say().id != first.id
    assert steps(first.id) == ["alert.firing", "alert.resolved"]


def test_one_that_is_pending_fires_once_it_is_raised_without(say: Say, steps: Callable[[UUID], list[str]]) -> None:
    raised = [say(pending=True), say(pending=True), say(), say(pending=True)]
    assert [one.event for one in raised] == ["alert.pending", None, "alert.firing", None]
    assert steps(raised[0].id) == ["alert.pending", "alert.firing"]


def test_one_that_becomes_worse_has_to_be_acknowledged_anew(
    say: Say, database: Database, admin: Principal, steps: Callable[[UUID], list[str]]
) -> None:
    alert_id = say("info").id
    with database.transaction() as session:
        row = reading.acknowledge(session, admin.tenant_id, alert_id, by="Ada")
        reading.acknowledge(session, admin.tenant_id, alert_id, by="Grace")
    assert row.acknowledged_by == "Ada"
    assert say("critical").event == "alert.escalated"
    assert say("warning").event is None
    with database.statements() as session:
        row = reading.get_alert(session, admin.tenant_id, alert_id)
    assert (row.acknowledged_by, row.acknowledged_at, row.severity) == (None, None, "warning")
    assert steps(alert_id) == ["alert.firing", "alert.acknowledged", "alert.escalated"]


def test_what_is_over_cannot_be_acknowledged_or_ended_again(say: Say, database: Database, admin: Principal) -> None:
    alert_id = say().id
    with database.transaction() as session:
        reading.resolve(session, admin.tenant_id, alert_id, by="Ada")
        for act in (reading.acknowledge, reading.resolve):
            with pytest.raises(AlertResolved):
                act(session, admin.tenant_id, alert_id, by="Ada")


def test_many_who_say_it_at_once_open_one_alert(say: Say, at_once: Callable[..., list[Any]]) -> None:
    raised = at_once(say, 8)
    assert len({one.id for one in raised}) == 1
    assert sorted(str(one.event) for one in raised) == ["None"] * 7 + ["alert.firing"]


def test_each_tenant_source_and_key_has_alerts_of_its_own(say: Say, database: Database) -> None:
    other = make_principal(database, "other", Role.ADMIN)
    ids = {say().id, say(key="pump/2").id}
    with database.transaction() as session:
        ids.add(raise_alert(session, other.tenant_id, "pumping", "pump/1", Severity.INFO, "dry").id)
        ids.add(raise_alert(session, other.tenant_id, "platform", "pump/1", Severity.INFO, "dry").id)
        with pytest.raises(AlertMissing):
            reading.get_alert(session, other.tenant_id, say().id)
    assert len(ids) == 4


def test_it_lands_with_the_callers_transaction_or_not_at_all(
    database: Database, admin: Principal, count: Callable[[str], int]
) -> None:
    with suppress(ZeroDivisionError), database.transaction() as session:
        raise_alert(session, admin.tenant_id, "pumping", "pump/1", "info", "dry")
        raise ZeroDivisionError
    assert count("alerts") == 0


def test_what_is_no_severity_is_refused(say: Say) -> None:
    with pytest.raises(ValueError, match="loud"):
        say("loud")


def test_a_text_is_cut_at_its_limit(say: Say, database: Database, admin: Principal) -> None:
    alert_id = say(text="x" * 2_001).id
    with database.statements() as session:
        assert len(reading.get_alert(session, admin.tenant_id, alert_id).text) == 2_000


def test_a_tenant_that_does_not_exist_has_no_alerts(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        raise_alert(session, UUID(int=7), "pumping", "pump/1", "info", "dry")


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (AlertFilter(), 3),
        (AlertFilter(state="open"), 2),
        (AlertFilter(state="resolved"), 1),
        (AlertFilter(state="pending"), 1),
        (AlertFilter(severity="critical"), 1),
        (AlertFilter(source="platform"), 0),
        (AlertFilter(key="b"), 1),
    ],
)
def test_a_list_shows_what_is_asked_for(
    say: Say, over: Callable[..., bool], database: Database, admin: Principal, chosen: AlertFilter, found: int
) -> None:
    say("critical", key="a")
    over("a")
    say(key="b")
    say(key="c", pending=True)
    with database.statements() as session:
        rows = reading.list_alerts(session, admin.tenant_id, chosen, limit=10)
        assert len(rows) == found
        pages = [reading.list_alerts(session, admin.tenant_id, chosen, limit=1)]
        while pages[-1]:
            pages.append(reading.list_alerts(session, admin.tenant_id, chosen, limit=1, after=pages[-1][0].id))
    assert [row.id for page in pages for row in page] == [row.id for row in rows]
