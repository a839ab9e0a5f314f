"""The history of the bus: what was published, and how the topics stand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, text
from sqlalchemy.orm import Session

from core.platform.bus.models import BusEvent

KEPT_FOR = timedelta(days=14)
_TABLE = BusEvent.__table__
_STATISTICS = text(
    """
SELECT coalesce(counted.topic, waiting.topic) AS topic,
  coalesce(published, 0) + coalesce(waiting.lagging, 0) AS published, coalesce(delivered, 0) AS delivered,
  coalesce(waiting.lagging, 0) AS lagging, waiting.lag_s, last_at
FROM (SELECT * FROM bus_counts WHERE tenant_id = :tenant_id) AS counted
FULL JOIN (
  SELECT topic, count(*) AS lagging, extract(epoch FROM clock_timestamp() - min(at)) AS lag_s
  FROM bus_events WHERE seq IS NULL AND tenant_id = :tenant_id GROUP BY topic
) AS waiting ON waiting.topic = counted.topic
"""
)


def list_events(
    session: Session,
    tenant_id: UUID,
    *,
    limit: int,
    after: int | None = None,
    before: int | None = None,
    topics: Sequence[str] = (),
    subject: str | None = None,
) -> Sequence[Row[Any]]:
    """Return up to `limit` events: oldest first behind the number `after`, or else newest first before `before`."""
    query = select(_TABLE).where(_TABLE.c.tenant_id == tenant_id, _TABLE.c.seq.is_not(None)).limit(limit)
    if topics:
        query = query.where(_TABLE.c.topic.in_(topics))
    if subject is not None:
        query = query.where(_TABLE.c.subject == subject)
    if after is not None:
        return session.execute(query.where(_TABLE.c.seq > after).order_by(_TABLE.c.seq)).all()
    if before is not None:
        query = query.where(_TABLE.c.seq < before)
    return session.execute(query.order_by(_TABLE.c.seq.desc())).all()


def latest(session: Session, tenant_id: UUID) -> int:
    """Return the number of a tenant's latest event, 0 before the first."""
    newest = list_events(session, tenant_id, limit=1)
    return int(newest[0].seq) if newest else 0


def statistics(session: Session, tenant_id: UUID) -> dict[str, Row[Any]]:
    """Return each topic's figures: published, delivered, and how many lag behind since when."""
    return {row.topic: row for row in session.execute(_STATISTICS, {"tenant_id": tenant_id})}


def forget_old(session: Session, now: datetime, *, limit: int = 1_000) -> int:
    """Delete up to `limit` of the events that are older than they are kept; return how many went."""
    old = select(BusEvent.id).where(BusEvent.at < now - KEPT_FOR, BusEvent.seq.is_not(None))
    old = old.order_by(BusEvent.seq).limit(limit)
    return len(session.scalars(delete(BusEvent).where(BusEvent.id.in_(old)).returning(BusEvent.id)).all())
