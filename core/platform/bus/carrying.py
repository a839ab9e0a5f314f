"""Carrying: numbered events into a Redis stream, for those who listen without asking the database.

An entry's id is the event's number, so that Redis refuses what it has, whoever carries, and a listener may go on in
Postgres where the stream begins too late. A stream that Redis lost is begun anew with the latest events.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from redis import Redis, RedisError
from redis.exceptions import ResponseError
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core.clock import Monotonic, monotonic
from core.database import Database
from core.platform.bus.documents import event_document
from core.platform.bus.models import BusEvent

STREAM = "penstock:bus"
CHANNEL = "penstock:bus:news"
"""On which the ids of tenants with new events are published."""
LENGTH = 10_000
BEGUN_WITH = 1_000
BATCH = 1_000
SILENCE_S = 5.0
_TABLE = BusEvent.__table__


@dataclass(slots=True)
class EventCarrier:
    """Brings the stream up to date; loses time rather than events while Redis is away."""

    database: Database
    redis: Redis
    clock: Monotonic = monotonic
    _silent_until: float = field(default=0.0, init=False)

    def carry(self) -> int:
        """Add the events behind the stream's last one; return how many."""
        if self.clock() < self._silent_until:
            return 0
        carried = 0
        try:
            while events := self._behind(self._last()):
                self._add(events)
                carried += len(events)
                if len(events) < BATCH:
                    break
        except RedisError:
            self._silent_until = self.clock() + SILENCE_S
        return carried

    def _last(self) -> int | None:
        entry: Any = self.redis.xrevrange(STREAM, count=1)
        return int(entry[0][0].partition("-")[0]) if entry else None

    def _behind(self, last: int | None) -> Sequence[Row[Any]]:
        with self.database.statements() as session:
            return _behind(session, last)

    def _add(self, events: Sequence[Row[Any]]) -> None:
        pipeline = self.redis.pipeline(transaction=False)
        for event in events:
            entry: Any = {"tenant": str(event.tenant_id), "topic": event.topic, "event": _text(event)}
            pipeline.xadd(STREAM, entry, id=f"{event.seq}-0", maxlen=LENGTH, approximate=True)
        for tenant_id in {event.tenant_id for event in events}:
            pipeline.publish(CHANNEL, str(tenant_id))
        for answer in pipeline.execute(raise_on_error=False):
            # "Equal or smaller than the top item": another relay was here first.
            if isinstance(answer, Exception) and not isinstance(answer, ResponseError):
                raise answer


def _behind(session: Session, last: int | None) -> Sequence[Row[Any]]:
    query = select(_TABLE).where(_TABLE.c.seq.is_not(None))
    if last is not None:
        return session.execute(query.where(_TABLE.c.seq > last).order_by(_TABLE.c.seq).limit(BATCH)).all()
    newest = session.execute(query.order_by(_TABLE.c.seq.desc()).limit(BEGUN_WITH)).all()
    return newest[::-1]


def _text(event: Row[Any]) -> str:
    return json.dumps(event_document(event))
