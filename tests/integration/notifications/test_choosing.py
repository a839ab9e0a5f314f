"""Rules choose among events: once for each matter, not in quiet hours, and for their own tenant alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, select, text, update

from core.catalogue import Catalogue
from core.clock import utc_now
from core.database import Database
from core.jobs import settling
from core.jobs.outcomes import Failure, failed, record
from core.platform.access import Principal, Role
from core.platform.alerts.raising import raise_alert, resolve_alert
from core.platform.notifications.models import Notification
from core.platform.notifications.notifying import Event, notify
from core.platform.webhooks import failing, subscriptions
from core.platform.webhooks.sending import Attempt
from tests.conftest import make_principal

MakeRule = Callable[..., UUID]
Messages = Callable[[], list[Any]]


@pytest.fixture
def channel_id(make_channel: Callable[[str], UUID]) -> UUID:
    return make_channel("json://example.org/")


@pytest.fixture
def messages(database: Database) -> Messages:
    """Read every message, the oldest first."""

    def read() -> list[Row[Any]]:
        with database.statements() as session:
            return list(session.execute(select(Notification.__table__).order_by(Notification.id)).all())

    return read


@pytest.fixture
def tell(database: Database, admin: Principal) -> Callable[..., int]:
    """Have an event told."""

    def tell_one(name: str = "job.failed", key: str = "a", tenant: UUID | None = None, **options: Any) -> int:
        with database.transaction() as session:
            return notify(session, Event(tenant or admin.tenant_id, name, key, "title", "body", **options))

    return tell_one


@pytest.mark.parametrize(
    ("rule", "event", "chosen"),
    [
        ({}, {}, True),
        ({}, {"name": "job.succeeded"}, False),
        ({"active": False}, {}, False),
        ({"kinds": ["platform.echo"]}, {"kind": "platform.echo"}, True),
        ({"kinds": ["platform.echo"]}, {"kind": "platform.sleep"}, False),
        ({"sources": ["pumping"]}, {"source": "pumping"}, True),
        ({"sources": ["pumping"]}, {"source": "platform"}, False),
        ({"least_severity": 1}, {"severity": "info"}, False),
        ({"least_severity": 1}, {"severity": "warning"}, True),
        ({"least_severity": 1}, {"severity": "critical"}, True),
    ],
)
def test_a_rule_chooses_what_it_asks_for(
    make_rule: MakeRule,
    channel_id: UUID,
    tell: Callable[..., int],
    rule: dict[str, Any],
    event: dict[str, Any],
    chosen: bool,  # noqa: FBT001 - which side
) -> None:
    make_rule(channel_id, "job.failed", **rule)
    assert tell(**event) == chosen


def test_nobody_hears_of_another_tenants_events(
    make_rule: MakeRule, channel_id: UUID, tell: Callable[..., int], database: Database
) -> None:
    make_rule(channel_id, "job.failed")
    assert tell(tenant=make_principal(database, "other", Role.ADMIN).tenant_id) == 0


def test_the_same_is_told_once_and_counted(
    make_rule: MakeRule, channel_id: UUID, tell: Callable[..., int], messages: Messages, database: Database
) -> None:
    make_rule(channel_id, "job.failed", repeat_after_s=60)
    assert [tell(), tell(), tell(), tell(key="b")] == [1, 0, 0, 1]
    assert [message.repeats for message in messages()] == [2, 0]
    with database.transaction() as session:
        sent = {"attempts": 1, "next_attempt_at": None, "created_at": utc_now() - timedelta(seconds=61)}
        session.execute(update(Notification).values(sent))
    assert tell() == 1


def test_what_is_told_by_many_at_once_is_one_message(
    make_rule: MakeRule,
    channel_id: UUID,
    tell: Callable[..., int],
    at_once: Callable[..., list[int]],
    messages: Messages,
) -> None:
    make_rule(channel_id, "job.failed")
    assert sum(at_once(tell, 6)) == 1
    (message,) = messages()
    assert message.repeats == 5


def test_what_falls_into_quiet_hours_waits_for_their_end(
    make_rule: MakeRule, channel_id: UUID, tell: Callable[..., int], messages: Messages
) -> None:
    now = utc_now()
    hours = {"quiet_from": (now - timedelta(hours=1)).time(), "quiet_to": (now + timedelta(hours=1)).time()}
    make_rule(channel_id, "job.failed", repeat_after_s=0, **hours)
    tell(severity="warning")
    tell(severity="critical", key="b")
    quiet, loud = messages()
    assert timedelta(minutes=59) < quiet.next_attempt_at - now < timedelta(minutes=61)
    assert abs(loud.next_attempt_at - now) < timedelta(minutes=1)


def test_an_alerts_steps_are_told(
    make_rule: MakeRule, channel_id: UUID, messages: Messages, database: Database, admin: Principal
) -> None:
    make_rule(channel_id, "alert.firing", "alert.resolved", sources=["pumping"])
    with database.transaction() as session:
        for source in ("pumping", "pumping", "other"):
            raise_alert(session, admin.tenant_id, source, "pump/1", "critical", "No water.")
        raise_alert(session, admin.tenant_id, "pumping", "pump/2", "critical", "Perhaps no water.", pending=True)
    with database.transaction() as session:
        for key in ("pump/1", "pump/2"):
            resolve_alert(session, admin.tenant_id, "pumping", key, text="Water again.")
    assert [(message.event, message.severity, message.title) for message in messages()] == [
        ("alert.firing", 2, "critical firing: pump/1"),
        ("alert.resolved", 0, "critical resolved: pump/1"),
    ]
    assert messages()[0].body.startswith("No water.")


def test_jobs_that_end_alike_are_told_together(
    make_rule: MakeRule,
    channel_id: UUID,
    messages: Messages,
    database: Database,
    submit_job: Callable[..., UUID],
    catalogue: Catalogue,
    take: Callable[..., Any],
) -> None:
    make_rule(channel_id, "job.failed", kinds=["platform.echo"])
    for _ in range(3):
        claimed = take(submit_job("platform.echo", {}))
        record(database, claimed, failed(claimed, Failure("dry", "no water", will_pass=False), usage={}, delay_s=0.0))
    with database.transaction() as session:
        settling.settle_batch(session, catalogue.kinds)
    (message,) = messages()
    assert (message.title, message.severity) == ("3 × platform.echo: failed", 1)
    assert "dry: no water" in message.body


def test_a_webhook_that_is_disabled_is_told_and_is_an_alert_until_it_is_enabled(
    make_rule: MakeRule, channel_id: UUID, messages: Messages, database: Database, admin: Principal
) -> None:
    make_rule(channel_id, "webhook.disabled")
    with database.transaction() as session:
        asked = {"url": "https://user.example.org/secret-path", "events": ["job.failed"]}
        webhook_id = subscriptions.create(session, admin.tenant_id, asked).id
        failing.heed(session, webhook_id, Attempt(410, "refused: answered 410", 0.1))
    (message,) = messages()
    assert message.title == "Webhook to user.example.org:443 disabled"
    assert "410" in message.body
    assert "secret-path" not in message.body
    alerts = text("SELECT state FROM alerts WHERE source = 'webhooks' AND key = :id")
    with database.transaction() as session:
        assert session.scalar(alerts, {"id": str(webhook_id)}) == "firing"
        subscriptions.change(session, admin.tenant_id, webhook_id, {"active": True})
        assert session.scalar(alerts, {"id": str(webhook_id)}) == "resolved"
