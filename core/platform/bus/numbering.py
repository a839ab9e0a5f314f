"""Numbering: new events get their place in the order in which everybody hears of them.

One relay at a time numbers, so that whoever has read up to a number never meets a lower one later: a sequence alone
would hand numbers out in the order of inserts, which is not that of commits.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core.database import Database, Prepared

BATCH = 500
_ANY_NEW = Prepared("penstock_any_news", ("int",), "SELECT 1 FROM bus_events WHERE seq IS NULL LIMIT $1")
_TURN = text("SELECT pg_try_advisory_xact_lock(hashtextextended('penstock bus', 0))")
_NUMBER = text(
    """
WITH fresh AS (SELECT id FROM bus_events WHERE seq IS NULL ORDER BY id LIMIT :limit),
told AS (
  UPDATE bus_events SET seq = nextval('bus_event_seq') FROM fresh WHERE bus_events.id = fresh.id
  RETURNING bus_events.*
)
SELECT * FROM told ORDER BY seq
"""
)
_COUNT = text(
    """
INSERT INTO bus_counts (tenant_id, topic, published, delivered) VALUES (:tenant_id, :topic, :published, :delivered)
ON CONFLICT (tenant_id, topic) DO UPDATE SET published = bus_counts.published + excluded.published,
  delivered = bus_counts.delivered + excluded.delivered, last_at = now()
"""
)

Place = tuple[UUID, str]
"""A tenant and a topic."""


def is_any_new(database: Database) -> bool:
    """Tell whether there is something to number: one cheap question."""
    return bool(database.run(_ANY_NEW, 1))


def number_new(session: Session, *, limit: int = BATCH) -> Sequence[Row[Any]]:
    """Give up to `limit` new events their numbers and return them in order; none while another relay is at it."""
    if not session.execute(_TURN).scalar_one():
        return ()
    return session.execute(_NUMBER, {"limit": limit}).all()


def count(session: Session, events: Sequence[Row[Any]], delivered: Mapping[Place, int]) -> None:
    """Add what was published, and handed on, to the topics' figures."""
    published = Counter((event.tenant_id, event.topic) for event in events)
    rows = [
        {"tenant_id": place[0], "topic": place[1], "published": number, "delivered": delivered.get(place, 0)}
        for place, number in sorted(published.items())
    ]
    if rows:
        session.execute(_COUNT, rows)
