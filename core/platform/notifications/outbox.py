"""The outbox of notifications: taken channel by channel, tried again until one attempt succeeds or a day is over."""

import json
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, text, update
from sqlalchemy.orm import Session

from core.crypto import CiphertextRefused
from core.database import Database, Prepared
from core.platform.notifications.models import Notification, NotificationChannel
from core.platform.sealing.values import Place, open_sealed

AT_ONCE = 10
"""How many messages one messenger takes; all are for one channel."""
LEASE_S = 120.0
TRIED_FOR_H = 24
FIRST_DELAY_S, FACTOR, LONGEST_DELAY_S = 10.0, 3.0, 2 * 3600.0
MANY_FAILURES, LONG = 10, timedelta(hours=6)
"""A channel that failed so often in a row, and for so long, is disabled."""
_LARGEST_POWER = 20


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it is sent."""

    id: UUID
    event: str
    severity: int
    title: str
    body: str
    repeats: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Errand:
    """Messages for one channel that this process has taken upon itself."""

    tenant_id: UUID
    channel_id: UUID
    url: str = field(repr=False)
    messages: Sequence[Message]


def take_errand(database: Database, *, busy: Collection[UUID] = ()) -> Errand | None:
    """Take what is due for one channel that is not busy; it is ours for `LEASE_S`. None when nothing is."""
    if not database.run(_ANY_DUE, 1):
        return None
    with database.transaction() as session:
        rows = session.execute(_TAKE, {"busy": list(busy), "most": AT_ONCE, "lease_s": LEASE_S}).all()
        if not rows:
            return None
        first = rows[0]
        channel = session.execute(
            select(NotificationChannel.url).where(NotificationChannel.id == first.channel_id)
        ).one()
        place = Place(first.tenant_id, NotificationChannel.__tablename__, "url", first.channel_id)
        try:
            url = open_sealed(session, place, channel.url)
        except CiphertextRefused as error:
            _disable(session, first.channel_id, f"its address cannot be opened: {error.detail}")
            return None
    return Errand(first.tenant_id, first.channel_id, url, [_message(row) for row in rows])


def record(session: Session, errand: Errand, errors: Sequence[str | None], rng: random.Random) -> str | None:
    """Write down what came of each message of an errand; return why the channel was disabled, if it was now."""
    for message, error in zip(errand.messages, errors, strict=True):
        entry = json.dumps({"error": error})
        delay_s = rng.uniform(0.5, 1.0) * _ceiling_s(message.attempt)
        given = {"id": message.id, "attempt": message.attempt, "entry": entry, "delay_s": delay_s}
        session.execute(_RECORD, {**given, "succeeded": error is None})
    if any(error is None for error in errors):
        recovered = update(NotificationChannel).where(NotificationChannel.id == errand.channel_id)
        session.execute(recovered.values(failures=0, failing_since=None))
        return None
    return _count_failures(session, errand, errors)


def list_notifications(
    session: Session, tenant_id: UUID, *, limit: int, after: UUID | None = None, channel_id: UUID | None = None
) -> Sequence[Row[Any]]:
    """Return up to `limit` messages of a tenant, newest first, beginning behind `after`."""
    table = Notification.__table__
    query = select(table).where(table.c.tenant_id == tenant_id)
    if channel_id is not None:
        query = query.where(table.c.channel_id == channel_id)
    if after is not None:
        query = query.where(table.c.id < after)
    return session.execute(query.order_by(table.c.id.desc()).limit(limit)).all()


def _ceiling_s(attempt: int) -> float:
    return min(LONGEST_DELAY_S, FIRST_DELAY_S * FACTOR ** min(attempt - 1, _LARGEST_POWER))


def _count_failures(session: Session, errand: Errand, errors: Sequence[str | None]) -> str | None:
    failing = func.coalesce(NotificationChannel.failing_since, func.now())
    counted = session.execute(
        update(NotificationChannel)
        .where(NotificationChannel.id == errand.channel_id, NotificationChannel.active)
        .values(failures=NotificationChannel.failures + len(errors), failing_since=failing)
        .returning(NotificationChannel.failures, (failing < func.now() - LONG).label("long"))
    ).one_or_none()
    if counted is None or not (counted.failures >= MANY_FAILURES and counted.long):
        return None
    reason = f"{counted.failures} attempts in a row failed; the last: {errors[-1]}"
    _disable(session, errand.channel_id, reason)
    return reason


def _disable(session: Session, channel_id: UUID, reason: str) -> None:
    disabled = update(NotificationChannel).where(NotificationChannel.id == channel_id)
    session.execute(disabled.values(active=False, disabled_reason=reason))
    pending = (Notification.channel_id == channel_id) & Notification.next_attempt_at.is_not(None)
    session.execute(update(Notification).where(pending).values(next_attempt_at=None))


def _message(row: Row[Any]) -> Message:
    return Message(row.id, row.event, row.severity, row.title, row.body, row.repeats, row.attempts)


_ANY_DUE = Prepared(
    "penstock_any_notification",
    ("int",),
    "SELECT 1 FROM notifications WHERE next_attempt_at <= now() LIMIT $1",
)
_TAKE = text(
    """
WITH channel AS (
  SELECT channel_id FROM notifications JOIN notification_channels AS channel ON channel.id = channel_id
  WHERE next_attempt_at <= now() AND channel_id <> ALL (CAST(:busy AS uuid[])) AND channel.active
  ORDER BY next_attempt_at LIMIT 1
), chosen AS MATERIALIZED (
  SELECT id FROM notifications
  WHERE channel_id = (SELECT channel_id FROM channel) AND next_attempt_at <= now()
  ORDER BY next_attempt_at LIMIT :most FOR UPDATE SKIP LOCKED
)
UPDATE notifications SET attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => :lease_s)
WHERE id IN (SELECT id FROM chosen)
RETURNING id, tenant_id, channel_id, event, severity, title, body, repeats, attempts
"""
)
_RECORD = text(
    f"""
UPDATE notifications SET
  log = (CASE WHEN jsonb_array_length(log) >= 50 THEN log - 0 ELSE log END)
    || (CAST(:entry AS jsonb) || jsonb_build_object('at', to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))),
  delivered_at = CASE WHEN :succeeded THEN now() END,
  next_attempt_at = CASE WHEN NOT :succeeded AND due_since > now() - interval '{TRIED_FOR_H} hours'
    THEN now() + make_interval(secs => :delay_s) END
WHERE id = :id AND attempts = :attempt AND next_attempt_at IS NOT NULL
"""  # noqa: S608 - made of the constant above, never of input
)
