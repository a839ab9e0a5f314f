"""Raising alerts and resolving them, from any part of the platform.

    raise_alert(session, tenant_id, "pumping", f"stale-data/{plant}", Severity.WARNING, "No level for 20 minutes.")
    resolve_alert(session, tenant_id, "pumping", f"stale-data/{plant}")

Both may be called as often as one likes: an alert is open or it is not. They land with the caller's transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.ids import uuid7
from core.platform.alerts.models import Alert, AlertEvent, AlertState, Severity
from core.platform.notifications.notifying import EVENTS, Event, notify

LONGEST_TEXT = 2_000
_RANK = {severity: rank for rank, severity in enumerate(Severity)}
TOLD = frozenset(EVENTS)
_CALMING = frozenset({"alert.acknowledged", "alert.resolved"})
_RETURNED = (
    *(Alert.id, Alert.tenant_id, Alert.version, Alert.state, Alert.severity, Alert.source, Alert.key, Alert.text),
)


@dataclass(frozen=True, slots=True)
class Raised:
    """The alert that is open now, and which event this call was: None when it only repeated what is known."""

    id: UUID
    event: str | None


def raise_alert(
    session: Session,
    tenant_id: UUID,
    source: str,
    key: str,
    severity: Severity | str,
    text: str,
    data: Mapping[str, Any] | None = None,
    *,
    pending: bool = False,
) -> Raised:
    """Say that something is wrong: opens an alert, or renews text, data and severity of the one that is open.

    `pending` keeps a new one quiet until it is raised without. The events are `alert.pending`, `alert.firing` and,
    where an open one becomes more severe, `alert.escalated`, which takes back that somebody acknowledged it.
    """
    severity, told = Severity(severity), {"text": text[:LONGEST_TEXT], "data": dict(data or {})}
    while True:
        before = _lock_open(session, tenant_id, source, key)
        if before is not None:
            return _renew(session, before, severity, told, pending=pending)
        values = {"id": uuid7(), "tenant_id": tenant_id, "source": source, "key": key, "severity": severity, **told}
        state = AlertState.PENDING if pending else AlertState.FIRING
        stamps = {"state": state, "fired_at": None if pending else func.now()}
        made = session.execute(
            insert(Alert).values(**values, **stamps).on_conflict_do_nothing().returning(*_RETURNED)
        ).one_or_none()
        # Else somebody opened it just now, and it is renewed.
        if made is not None:
            return Raised(made.id, _note(session, made, f"alert.{state}", {"severity": severity, "text": told["text"]}))


def resolve_alert(
    session: Session, tenant_id: UUID, source: str, key: str, *, text: str | None = None, by: str | None = None
) -> bool:
    """Say that it is over; False when no such alert was open. One that was pending only ends without a word."""
    before = _lock_open(session, tenant_id, source, key)
    if before is None:
        return False
    close(session, before, text=text, by=by)
    return True


def close(session: Session, row: Any, *, text: str | None = None, by: str | None = None) -> None:
    """Resolve an open alert whose row is locked."""
    ended = {"state": AlertState.RESOLVED, "resolved_at": func.now(), "version": Alert.version + 1}
    changed = session.execute(update(Alert).where(Alert.id == row.id).values(ended).returning(*_RETURNED)).one()
    told = {"was": row.state, **({} if text is None else {"text": text}), **({} if by is None else {"by": by})}
    _note(session, changed, "alert.resolved", told)


def acknowledge_row(session: Session, row: Any, by: str) -> None:
    """Write down who takes care of an open alert whose row is locked."""
    taken = {"acknowledged_at": func.now(), "acknowledged_by": by, "version": Alert.version + 1}
    changed = session.execute(update(Alert).where(Alert.id == row.id).values(taken).returning(*_RETURNED)).one()
    _note(session, changed, "alert.acknowledged", {"by": by})


def _renew(session: Session, before: Row[Any], severity: Severity, told: Mapping[str, Any], *, pending: bool) -> Raised:
    event = None
    values: dict[str, Any] = {"severity": severity, "last_raised_at": func.now(), "times": Alert.times + 1, **told}
    if before.state == AlertState.PENDING and not pending:
        event = "alert.firing"
        values |= {"state": AlertState.FIRING, "fired_at": func.now()}
    elif before.state == AlertState.FIRING and _RANK[severity] > _RANK[Severity(before.severity)]:
        event = "alert.escalated"
        values |= {"acknowledged_at": None, "acknowledged_by": None}
    if event is not None:
        values["version"] = Alert.version + 1
    changed = session.execute(update(Alert).where(Alert.id == before.id).values(values).returning(*_RETURNED)).one()
    if event is not None:
        _note(session, changed, event, {"severity": severity, "text": told["text"]})
    return Raised(before.id, event)


def _lock_open(session: Session, tenant_id: UUID, source: str, key: str) -> Any:
    mine = (Alert.tenant_id == tenant_id, Alert.source == source, Alert.key == key)
    query = select(Alert.id, Alert.state, Alert.severity).where(*mine, Alert.state != AlertState.RESOLVED)
    return session.execute(query.with_for_update()).one_or_none()


def _note(session: Session, alert: Any, event: str, data: Mapping[str, Any]) -> str:
    row = {"alert_id": alert.id, "seq": alert.version, "tenant_id": alert.tenant_id, "type": event, "data": dict(data)}
    session.execute(insert(AlertEvent).values(row))
    if event in TOLD and data.get("was") != AlertState.PENDING:
        _tell(session, alert, event, data)
    return event


def _tell(session: Session, alert: Any, event: str, data: Mapping[str, Any]) -> None:
    """Have it told by notification; the key is the alert, so that all its steps are told."""
    what = event.removeprefix("alert.")
    by = f" by {data['by']}" if data.get("by") else ""
    body = f"{data.get('text') or alert.text}\n\n{alert.source}: {alert.key}, {alert.severity}, {what}{by}"
    title = f"{alert.severity} {what}: {alert.key}"
    severity = Severity.INFO if event in _CALMING else alert.severity
    notify(session, Event(alert.tenant_id, event, str(alert.id), title, body, severity, source=alert.source))
