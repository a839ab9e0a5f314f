"""What listeners are told, read from the database: chains of events behind a number, and how things stand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Row, Select, Uuid, bindparam, func, select, text, union_all
from sqlalchemy.orm import Session

from core.clock import rfc3339
from core.ids import floor_at
from core.jobs import queues, schedule_queries
from core.jobs.alert_documents import alert_document
from core.jobs.documents import event_document, to_json
from core.jobs.models import Job, JobEvent
from core.jobs.schedule_documents import schedule_document
from core.jobs.states import State
from core.platform.alerts import reading
from core.platform.alerts.reading import AlertFilter
from core.platform.bus import documents, history
from core.platform.streams.carriage import Item, Keeping

AT_ONCE = 1_000
LISTED = 100
"""How many schedules or alerts a document holds, newest first."""
MOST_CHANGED = 200
PROGRESS = "job.progress"
OVERLAP_S = 3.0
"""How much longer ago a change may have been made than it is seen: until its transaction was committed."""
_CLOCKS_APART_S = 10.0
_EVENT = JobEvent.__table__.c
_NEAR = "job_id BETWEEN :first AND :last"
"""What the planner is told, so that it leaves out the partitions that none of the jobs is in."""
_EVENTS = (
    text(
        f"""
SELECT event.job_id, event.seq, event.type, event.at, event.attempt, event.data
FROM unnest(:ids, :behind) AS mark (job_id, behind) CROSS JOIN LATERAL (
  (SELECT * FROM job_events WHERE job_id = mark.job_id AND {_NEAR} AND seq > mark.behind AND type <> '{PROGRESS}'
    ORDER BY seq LIMIT {AT_ONCE})
  UNION ALL
  (SELECT * FROM job_events WHERE job_id = mark.job_id AND {_NEAR} AND seq > mark.behind AND type = '{PROGRESS}'
    ORDER BY seq DESC LIMIT 1)
) AS event ORDER BY event.job_id, event.seq
"""  # noqa: S608 - made of the constants above
    )
    .bindparams(bindparam("ids", type_=ARRAY(Uuid)), bindparam("behind", type_=ARRAY(Integer)))
    .columns(*(_EVENT[name] for name in ("job_id", "seq", "type", "at", "attempt", "data")))
)
_JOBS = Job.__table__
_TOLD = ("id", "kind", "state", "version", "attempt", "max_attempts", "queue", "progress")
_INSTANTS = ("created_at", "started_at", "finished_at")


def job_items(session: Session, behind: Mapping[UUID, int]) -> list[Item]:
    """Return the events of jobs behind these numbers, of each job's progress the latest word alone."""
    marks = {"ids": list(behind), "behind": list(behind.values()), "first": min(behind), "last": max(behind)}
    events = session.execute(_EVENTS, marks)
    return _chained([(f"job:{event.job_id}", behind[event.job_id], event.seq, _job_event(event)) for event in events])


def bus_items(session: Session, tenant_id: UUID, behind: int) -> list[Item]:
    """Return a tenant's events behind a number."""
    events = history.list_events(session, tenant_id, limit=AT_ONCE, after=behind)
    return _chained([(f"events:{tenant_id}", behind, event.seq, _bus_event(event)) for event in events])


def latest_of_jobs(session: Session, job_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return the number of each job's latest event; jobs that are gone are not among them."""
    return {row.id: row.version for row in session.execute(select(Job.id, Job.version).where(Job.id.in_(job_ids)))}


def queue_text(session: Session) -> bytes:
    """Write how all queues stand."""
    return _items([queues.queue_document(queue) for queue in queues.read_queues(session)])


def schedule_text(session: Session, tenant_id: UUID) -> bytes:
    """Write a tenant's newest schedules."""
    return _items(map(schedule_document, schedule_queries.list_schedules(session, tenant_id, limit=LISTED)))


def alert_text(session: Session, tenant_id: UUID) -> bytes:
    """Write a tenant's newest alerts."""
    return _items(map(alert_document, reading.list_alerts(session, tenant_id, AlertFilter(), limit=LISTED)))


def lately_changed(session: Session, tenant_id: UUID, *, now: datetime) -> Sequence[Row[Any]]:
    """Return the jobs of a tenant that changed in the last seconds, and those that may have: all that run.

    Each part walks along an index, so that it costs what has happened lately and not what there is.
    """
    since = func.now() - func.make_interval(0, 0, 0, 0, 0, 0, OVERLAP_S)
    of_tenant = _JOBS.c.tenant_id == tenant_id
    parts = (
        _changed().where(of_tenant, _JOBS.c.id > floor_at(now, later_s=-OVERLAP_S - _CLOCKS_APART_S)),
        _changed().where(of_tenant, _JOBS.c.finished_at > since),
        _changed().where(of_tenant, _JOBS.c.state == State.RUNNING.value),
        _changed().where(of_tenant, _JOBS.c.state == State.QUEUED.value, _JOBS.c.queued_at > since),
        _changed().where(of_tenant, _JOBS.c.state == State.RETRYABLE.value),
    )
    return session.execute(union_all(*(select(part.limit(AT_ONCE).subquery()) for part in parts))).all()


def changed_document(rows: Sequence[Row[Any]]) -> bytes:
    """Write jobs that changed, and how many more did than are written."""
    shown = [_changed_job(row) for row in rows[:MOST_CHANGED]]
    return to_json({"items": shown, "more": max(0, len(rows) - MOST_CHANGED)})


def _changed() -> Select[Any]:
    return select(*(_JOBS.c[name] for name in (*_TOLD, *_INSTANTS))).order_by(_JOBS.c.id.desc())


def _changed_job(row: Row[Any]) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in _TOLD}
    instants = {name: None if getattr(row, name) is None else rfc3339(getattr(row, name)) for name in _INSTANTS}
    return {**told, "id": str(row.id), **instants}


def _job_event(event: Row[Any]) -> tuple[str, Keeping, bytes, str]:
    keeping = Keeping.PASSING if event.type == PROGRESS else Keeping.CHAIN
    return event.type, keeping, to_json(event_document(event)), ""


def _bus_event(event: Row[Any]) -> tuple[str, Keeping, bytes, str]:
    return event.topic, Keeping.CHAIN, to_json(documents.event_document(event)), event.subject


def _chained(events: Sequence[tuple[str, int, int, tuple[str, Keeping, bytes, str]]]) -> list[Item]:
    """Link the events of each channel, each to the one before it that is kept."""
    links: dict[str, int] = {}
    items = []
    for channel, behind, seq, (kind, keeping, document, subject) in events:
        items.append(Item(channel, seq, links.get(channel, behind), kind, keeping, document.decode(), subject))
        if keeping is Keeping.CHAIN:
            links[channel] = seq
    return items


def _items(documents: Any) -> bytes:
    return to_json({"items": list(documents)})
