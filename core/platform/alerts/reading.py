"""Alerts as people read and answer them: listed, looked at, acknowledged, resolved by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core.errors import Conflict, Missing
from core.platform.alerts.models import Alert, AlertEvent, AlertState
from core.platform.alerts.raising import acknowledge_row, close

_TABLE = Alert.__table__


class AlertMissing(Missing):
    """There is no such alert."""

    code = "alert_missing"


class AlertResolved(Conflict):
    """The alert is over."""

    code = "alert_resolved"


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts a list shows; None means any, and `open` all that are not resolved."""

    state: str | None = None
    source: str | None = None
    severity: str | None = None
    key: str | None = None


def list_alerts(
    session: Session, tenant_id: UUID, chosen: AlertFilter, *, limit: int, after: UUID | None = None
) -> Sequence[Row[Any]]:
    """Return up to `limit` alerts, newest first, beginning behind the alert `after`."""
    query = select(_TABLE).where(_TABLE.c.tenant_id == tenant_id)
    if chosen.state == "open":
        query = query.where(_TABLE.c.state != AlertState.RESOLVED)
    elif chosen.state is not None:
        query = query.where(_TABLE.c.state == chosen.state)
    for name in ("source", "severity", "key"):
        if (wanted := getattr(chosen, name)) is not None:
            query = query.where(_TABLE.c[name] == wanted)
    if after is not None:
        query = query.where(_TABLE.c.id < after)
    return session.execute(query.order_by(_TABLE.c.id.desc()).limit(limit)).all()


def get_alert(session: Session, tenant_id: UUID, alert_id: UUID, *, lock: bool = False) -> Row[Any]:
    """Return one alert's row; raises `AlertMissing`, for another tenant's, too."""
    query = select(_TABLE).where(_TABLE.c.id == alert_id, _TABLE.c.tenant_id == tenant_id)
    row = session.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise AlertMissing(f"there is no alert {alert_id}")
    return row


def list_alert_events(session: Session, tenant_id: UUID, alert_id: UUID) -> Sequence[Row[Any]]:
    """Return what became of an alert, step by step."""
    table = AlertEvent.__table__
    mine = (table.c.alert_id == alert_id, table.c.tenant_id == tenant_id)
    return session.execute(select(table).where(*mine).order_by(table.c.seq)).all()


def acknowledge(session: Session, tenant_id: UUID, alert_id: UUID, *, by: str) -> Row[Any]:
    """Write down who takes care of it, once; raises `AlertMissing` or `AlertResolved`."""
    row = _open(session, tenant_id, alert_id)
    if row.acknowledged_at is None:
        acknowledge_row(session, row, by)
    return get_alert(session, tenant_id, alert_id)


def resolve(session: Session, tenant_id: UUID, alert_id: UUID, *, by: str) -> Row[Any]:
    """Say that it is over; raises `AlertMissing` or `AlertResolved`. What is still wrong will be raised again."""
    close(session, _open(session, tenant_id, alert_id), by=by)
    return get_alert(session, tenant_id, alert_id)


def _open(session: Session, tenant_id: UUID, alert_id: UUID) -> Row[Any]:
    row = get_alert(session, tenant_id, alert_id, lock=True)
    if row.state == AlertState.RESOLVED:
        raise AlertResolved(f"the alert {alert_id} is resolved")
    return row
