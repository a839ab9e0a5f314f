"""Topics and triggers as JSON documents, and the bus as server-sent events."""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from core.clock import rfc3339
from core.database import Database
from core.jobs.documents import API
from core.platform.bus import history
from core.platform.bus.documents import event_document
from core.platform.bus.topic import Topic
from webapp.openapi import json_schema
from webapp.streaming import KEEP_ALIVE_S, RECONNECT_MS
from webapp.waiting import LOOK_AGAIN_S, Waiting

BATCH = 200
_PLAIN = ("topic", "filter", "kind", "params", "params_from", "priority", "tags", "max_depth", "max_per_minute")


def topic_document(topic: Topic, figures: Row[Any] | None) -> dict[str, Any]:
    """Write one topic with its figures."""
    return {
        "name": topic.name,
        "summary": topic.summary,
        "subject": topic.subject,
        "data_schema": json_schema(topic.data),
        "example": dict(topic.example),
        "statistics": {
            "published": figures.published if figures else 0,
            "delivered": figures.delivered if figures else 0,
            "lagging": figures.lagging if figures else 0,
            "lag_s": float(figures.lag_s) if figures and figures.lag_s is not None else None,
            "last_at": _instant(figures.last_at) if figures else None,
        },
    }


def trigger_document(row: Row[Any]) -> dict[str, Any]:
    """Write one trigger."""
    home = f"{API}/triggers/{row.id}"
    return {
        "id": str(row.id),
        "name": row.name,
        **{name: getattr(row, name) for name in _PLAIN},
        "active": row.active,
        "paused_reason": row.paused_reason,
        "fired": row.fired,
        "suppressed": row.suppressed,
        "last_fired_at": _instant(row.last_fired_at),
        "created_at": rfc3339(row.created_at),
        "links": {"self": home, "runs": f"{home}/runs", "jobs": f"{API}/jobs?tag=trigger:{row.id}"},
    }


def trigger_run_document(row: Row[Any]) -> dict[str, Any]:
    """Write what became of one event."""
    return {
        "seq": row.seq,
        "event_id": str(row.event_id),
        "outcome": row.outcome,
        "job_id": None if row.job_id is None else str(row.job_id),
        "detail": row.detail,
        "recorded_at": rfc3339(row.recorded_at),
    }


def stream_bus(
    database: Database, waiting: Waiting, tenant_id: UUID, *, after: int, topics: Sequence[str], subject: str | None
) -> Iterator[str]:
    """Yield a tenant's events behind the number `after` as they come, until the process stops or the client leaves.

    A database that goes away ends the stream: the client comes back with `Last-Event-ID` and loses nothing.
    """
    try:
        yield f"retry: {RECONNECT_MS}\n\n"
        with waiting.watch(tenant_id) as news:
            spoke_at = waiting.clock()
            while not waiting.closing():
                with database.statements() as session:
                    events = history.list_events(
                        session, tenant_id, limit=BATCH, after=after, topics=topics, subject=subject
                    )
                yield from map(_frame, events)
                if events:
                    after, spoke_at = events[-1].seq, waiting.clock()
                elif waiting.clock() - spoke_at >= KEEP_ALIVE_S:
                    yield ": still here\n\n"
                    spoke_at = waiting.clock()
                if len(events) < BATCH:
                    news.wait(LOOK_AGAIN_S)
                    news.clear()
    except (DBAPIError, PoolExhausted):
        return


def _frame(event: Row[Any]) -> str:
    return f"id: {event.seq}\nevent: {event.topic}\ndata: {json.dumps(event_document(event))}\n\n"


def _instant(value: Any) -> str | None:
    return None if value is None else rfc3339(value)
