"""Reading jobs: one, many, their events, log lines and artifacts; always within one tenant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from core.database import Database, Prepared
from core.errors import Missing
from core.ids import floor_at
from core.jobs.models import Artifact, Job, JobEvent, JobLogLine

CLOCKS_APART_S = 300.0


class JobMissing(Missing):
    """There is no such job."""

    code = "job_missing"


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which jobs a list shows; None means any."""

    state: str | None = None
    kind: str | None = None
    queue: str | None = None
    tag: str | None = None
    schedule_id: UUID | None = None
    workflow_id: UUID | None = None
    parent_id: UUID | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    q: str | None = None


LARGEST_LISTED_BYTES = 64 << 10
_TABLE = Job.__table__


def get_job(session: Session, tenant_id: UUID, job_id: UUID) -> Row[Any]:
    """Return one job's row; raises `JobMissing`, for another tenant's job too."""
    row = session.execute(select(_TABLE).where(_TABLE.c.id == job_id, _TABLE.c.tenant_id == tenant_id)).one_or_none()
    if row is None:
        raise JobMissing(f"there is no job {job_id}")
    return row


def read_job(database: Database, tenant_id: UUID, job_id: UUID) -> dict[str, Any]:
    """Return one job's columns by name, the fastest way; raises `JobMissing`. Polling is what clients do all day."""
    rows = database.run(_READ_JOB, str(job_id), str(tenant_id))
    if not rows:
        raise JobMissing(f"there is no job {job_id}")
    return dict(zip(_NAMES, rows[0], strict=True))


def read_version(database: Database, tenant_id: UUID, job_id: UUID) -> tuple[int, str, str]:
    """Return a job's version, state and kind, the fastest way; raises `JobMissing`."""
    rows = database.run(_READ_VERSION, str(job_id), str(tenant_id))
    if not rows:
        raise JobMissing(f"there is no job {job_id}")
    version, state, kind = rows[0]
    return version, state, kind


_LISTED = [
    case((func.pg_column_size(column) <= LARGEST_LISTED_BYTES, column)).label(column.name)
    if column.name in {"params", "result"}
    else column
    for column in _TABLE.c
]
_NAMES = tuple(_TABLE.c.keys())
_KEYS = ("uuid", "uuid")
_READ_JOB = Prepared(
    "penstock_read_job",
    _KEYS,
    f"SELECT {', '.join(_NAMES)} FROM jobs WHERE id = $1 AND tenant_id = $2",  # noqa: S608 - the table's own names
)
_READ_VERSION = Prepared(
    "penstock_read_version", _KEYS, "SELECT version, state, kind FROM jobs WHERE id = $1 AND tenant_id = $2"
)


def list_jobs(
    session: Session,
    tenant_id: UUID,
    chosen: JobFilter,
    *,
    limit: int,
    after: UUID | None = None,
    newest_first: bool = True,
) -> Sequence[Row[Any]]:
    """Return up to `limit` jobs in order of creation, beginning behind the job `after`.

    Ids are ordered by time, so one index serves order and cursor, and the cost does not grow with the table. Params and
    results that take more than `LARGEST_LISTED_BYTES` are left out: a page must not outgrow memory.
    """
    query: Select[Any] = select(*_LISTED).where(_TABLE.c.tenant_id == tenant_id, *conditions(chosen))
    if after is not None:
        query = query.where(_TABLE.c.id < after if newest_first else _TABLE.c.id > after)
    return session.execute(query.order_by(_TABLE.c.id.desc() if newest_first else _TABLE.c.id).limit(limit)).all()


def request_ids(session: Session, job_ids: Sequence[UUID]) -> Sequence[tuple[UUID, str | None]]:
    """Return which request each of these jobs goes back to; for traces, of all tenants."""
    found = session.execute(select(_TABLE.c.id, _TABLE.c.request_id).where(_TABLE.c.id.in_(job_ids)))
    return [(row.id, row.request_id) for row in found]


def list_events(session: Session, job_id: UUID, *, after_seq: int = 0, limit: int = 200) -> Sequence[Row[Any]]:
    """Return a job's events behind a sequence number, oldest first."""
    table = JobEvent.__table__
    return session.execute(
        select(table).where(table.c.job_id == job_id, table.c.seq > after_seq).order_by(table.c.seq).limit(limit)
    ).all()


def list_log_lines(session: Session, job_id: UUID, *, after_id: int = 0, limit: int = 200) -> Sequence[Row[Any]]:
    """Return a job's log lines behind an id, oldest first."""
    table = JobLogLine.__table__
    return session.execute(
        select(table).where(table.c.job_id == job_id, table.c.id > after_id).order_by(table.c.id).limit(limit)
    ).all()


def list_artifacts(session: Session, job_id: UUID) -> Sequence[Row[Any]]:
    """Return what is known of a job's artifacts, by name."""
    table = Artifact.__table__
    return session.execute(select(table).where(table.c.job_id == job_id).order_by(table.c.name)).all()


def typical_run_s(session: Session, tenant_id: UUID, kind: str) -> float | None:
    """Return the median run time of a tenant's latest successes of a kind, in seconds; None while there are none."""
    latest = (
        select(_TABLE.c.usage["run_s"].as_float().label("run_s"))
        .where(_TABLE.c.tenant_id == tenant_id, _TABLE.c.kind == kind, _TABLE.c.state == "succeeded")
        .order_by(_TABLE.c.id.desc())
        .limit(50)
        .subquery()
    )
    return session.scalar(select(func.percentile_cont(0.5).within_group(latest.c.run_s)))


def conditions(chosen: JobFilter) -> list[ColumnElement[bool]]:
    """Write a filter as conditions on `jobs`; the tenant is the caller's business."""
    equal = {
        name: value
        for name in ("state", "kind", "queue", "schedule_id", "workflow_id", "parent_id")
        if (value := getattr(chosen, name)) is not None
    }
    conditions = [_TABLE.c[name] == value for name, value in equal.items()]
    if chosen.tag is not None:
        conditions.append(and_(_TABLE.c.tags.contains([chosen.tag]), _TABLE.c.tags != []))
    if chosen.parent_id is None:
        conditions += _ids_between(chosen.created_after, chosen.created_before)
    conditions += _created_between(chosen.created_after, chosen.created_before)
    if chosen.q:
        conditions.append(_matches(chosen.q))
    return conditions


def _created_between(after: datetime | None, before: datetime | None) -> list[ColumnElement[bool]]:
    conditions = []
    if after is not None:
        conditions.append(_TABLE.c.created_at > after)
    if before is not None:
        conditions.append(_TABLE.c.created_at < before)
    return conditions


def _ids_between(after: datetime | None, before: datetime | None) -> list[ColumnElement[bool]]:
    """Bound the ids that the list walks along, so that it does not begin at the newest job.

    An id is made a moment before its row, by another clock: `CLOCKS_APART_S` is how far the two are trusted to agree.
    That of a shard bears its parent's time.
    """
    conditions: list[ColumnElement[bool]] = []
    if after is not None:
        conditions.append(_TABLE.c.id > floor_at(after, later_s=-CLOCKS_APART_S))
    if before is not None:
        conditions.append(_TABLE.c.id < floor_at(before, later_s=CLOCKS_APART_S))
    return conditions


def _matches(words: str) -> ColumnElement[bool]:
    """Look for words in what a person remembers of a job: its kind, a tag, its unique key, its id."""
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return or_(
        _TABLE.c.kind.ilike(f"%{escaped}%"),
        _TABLE.c.unique_key.ilike(f"%{escaped}%"),
        _TABLE.c.tags.contains([words]),
        func.cast(_TABLE.c.id, _TABLE.c.kind.type).like(f"{escaped}%"),
    )
