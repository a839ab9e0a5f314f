"""Notifying: an event becomes a message for each rule that asks for it, with the transaction that it happens in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, any_, exists, func, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.ids import uuid7
from core.platform.notifications.models import Notification, NotificationRule
from core.platform.notifications.quiet import CRITICAL, quiet_until

EVENTS = (
    *("job.succeeded", "job.failed", "job.cancelled", "job.expired"),
    *("alert.firing", "alert.escalated", "alert.acknowledged", "alert.resolved"),
    "webhook.disabled",
)
"""What rules may ask for."""
SEVERITIES = ("info", "warning", "critical")
LONGEST_TITLE, LONGEST_BODY = 200, 4_000


@dataclass(frozen=True, slots=True)
class Event:
    """Something that may be told to people."""

    tenant_id: UUID
    name: str
    key: str
    """What it is about: the same key again is the same matter."""
    title: str
    body: str
    severity: str = "info"
    kind: str | None = None
    source: str | None = None


def notify(session: Session, event: Event) -> int:
    """Have an event told through every channel whose rules ask for it; return how many messages were written.

    What a rule has told a short while ago is counted there instead; what falls into its quiet hours waits for their
    end, unless it is critical.
    """
    rules = session.execute(_rules(event)).all()
    if not rules:
        return 0
    now: datetime = session.execute(select(func.now())).scalar_one()
    return sum(_write(session, event, rule, now) for rule in rules)


def is_asked_for(row: Any, event: str) -> ColumnElement[bool]:
    """Build the condition that some rule asks for this event of a job, given a row of its columns."""
    asked = literal(event) == any_(NotificationRule.events)
    of_kind = or_(func.cardinality(NotificationRule.kinds) == 0, row.kind == any_(NotificationRule.kinds))
    return exists().where(NotificationRule.tenant_id == row.tenant_id, NotificationRule.active, asked, of_kind)


def _rules(event: Event) -> Any:
    table = NotificationRule.__table__
    wanted = [
        table.c.tenant_id == event.tenant_id,
        table.c.active,
        literal(event.name) == any_(table.c.events),
        table.c.least_severity <= SEVERITIES.index(event.severity),
    ]
    if event.kind is not None:
        wanted.append(or_(func.cardinality(table.c.kinds) == 0, literal(event.kind) == any_(table.c.kinds)))
    if event.source is not None:
        wanted.append(or_(func.cardinality(table.c.sources) == 0, literal(event.source) == any_(table.c.sources)))
    return select(table).where(*wanted).order_by(table.c.id)


def _write(session: Session, event: Event, rule: Row[Any], now: datetime) -> int:
    # Of two who tell the same at once the later one waits, and counts.
    session.execute(_ALONE, {"name": f"{rule.id}/{event.name}/{event.key}"})
    if _counted(session, event, rule, now):
        return 0
    severity = SEVERITIES.index(event.severity)
    quiet = None if severity >= CRITICAL else quiet_until(now, rule.quiet_from, rule.quiet_to, rule.timezone)
    row = {
        "id": uuid7(),
        "tenant_id": event.tenant_id,
        "channel_id": rule.channel_id,
        "rule_id": rule.id,
        "event": event.name,
        "key": event.key,
        "severity": severity,
        "title": event.title[:LONGEST_TITLE],
        "body": event.body[:LONGEST_BODY],
        "due_since": quiet or now,
        "next_attempt_at": quiet or now,
    }
    session.execute(insert(Notification).values(row))
    return 1


def _counted(session: Session, event: Event, rule: Row[Any], now: datetime) -> bool:
    """Count an event at the message that told the same a short while ago, or still waits to be sent."""
    recent = Notification.created_at > now - timedelta(seconds=rule.repeat_after_s)
    waiting = Notification.next_attempt_at.is_not(None) & (Notification.attempts == 0)
    same = (
        select(Notification.id)
        .where(
            Notification.rule_id == rule.id,
            Notification.key == event.key,
            Notification.event == event.name,
            recent | (waiting & (rule.repeat_after_s > 0)),
        )
        .order_by(Notification.created_at.desc())
        .limit(1)
    )
    counted: Sequence[UUID] = session.scalars(
        update(Notification)
        .where(Notification.id == same.scalar_subquery())
        .values(repeats=Notification.repeats + 1)
        .returning(Notification.id)
    ).all()
    return bool(counted)


_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
