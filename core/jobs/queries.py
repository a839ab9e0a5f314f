"""Reading jobs: one, many, their events, log lines and artifacts; always within one tenant."""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Uuid, and_, any_, func, literal, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from core.database import Database, Prepared
from core.errors import Missing
from core.ids import floor_at
from core.jobs.graph_models import Dependency
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

    @property
    def asked(self) -> frozenset[str]:
        """Return the names of what is asked."""
        return frozenset(each.name for each in fields(self) if getattr(self, each.name) not in (None, ""))


LARGEST_LISTED_BYTES = 64 << 10
_MOST_PREREQUISITES = 100
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


_NAMES = tuple(_TABLE.c.keys())
FEW_FOUND = 1_000
"""Up to so many jobs of a tag are looked up one by one; of more, the tenant's jobs are walked until a page is full."""
IDS = ARRAY(Uuid)
_TAGGED = text("SELECT jobs_tagged(:tenant_id, :tag, :most)").columns(jobs_tagged=IDS)
_DIGITS = re.compile(r"[0-9a-f]{1,32}")
_KEYS = ("uuid", "uuid")
_READ_JOB = Prepared(
    "penstock_read_job",
    _KEYS,
    f"SELECT {', '.join(_NAMES)} FROM jobs WHERE id = $1 AND tenant_id = $2",  # noqa: S608 - the table's own names
)
_READ_VERSION = Prepared(
    "penstock_read_version", _KEYS, "SELECT version, state, kind FROM jobs WHERE id = $1 AND tenant_id = $2"
)


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


def tail_log_lines(session: Session, job_id: UUID, *, limit: int = 200) -> Sequence[Row[Any]]:
    """Return a job's latest log lines, oldest first."""
    table = JobLogLine.__table__
    latest = select(table).where(table.c.job_id == job_id).order_by(table.c.id.desc()).limit(limit)
    return session.execute(latest).all()[::-1]


def list_artifacts(session: Session, job_id: UUID) -> Sequence[Row[Any]]:
    """Return what is known of a job's artifacts, by name."""
    table = Artifact.__table__
    return session.execute(select(table).where(table.c.job_id == job_id).order_by(table.c.name)).all()


def list_prerequisites(session: Session, job_id: UUID) -> Sequence[Row[UUID, str, str]]:
    """Return id, kind and state of the jobs that a job waits for."""
    return session.execute(
        select(_TABLE.c.id, _TABLE.c.kind, _TABLE.c.state)
        .join(Dependency, Dependency.on_job_id == _TABLE.c.id)
        .where(Dependency.job_id == job_id)
        .order_by(_TABLE.c.id)
        .limit(_MOST_PREREQUISITES)
    ).all()


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


def find_tagged(session: Session, tenant_id: UUID, tag: str | None) -> Sequence[UUID] | None:
    """Return the jobs of a tenant, the transaction's, that bear a tag, if there are few; else None.

    Under row-level security Postgres asks an index on lists of nobody but its own functions (none is known to keep a
    row's values to itself), so a function of ours does that. Those who are above the policies need none.
    """
    if tag is None:
        return None
    given = {"tenant_id": tenant_id, "tag": tag, "most": FEW_FOUND + 1}
    found: Sequence[UUID] | None = session.scalar(_TAGGED, given)
    return None if found is None or len(found) > FEW_FOUND else found


def conditions(
    chosen: JobFilter, *, of: Any = _TABLE.c, tagged: Sequence[UUID] | None = None
) -> list[ColumnElement[bool]]:
    """Write a filter as conditions on columns of `jobs`; the tenant, and whom `find_tagged` found, is the caller's."""
    equal = {
        name: value
        for name in ("state", "kind", "queue", "schedule_id", "workflow_id", "parent_id")
        if (value := getattr(chosen, name)) is not None
    }
    conditions = [of[name] == value for name, value in equal.items()]
    if chosen.tag is not None:
        conditions.append(and_(of.tags.contains([chosen.tag]), of.tags != []))
    if tagged is not None:
        conditions.append(of.id == any_(literal(tagged, IDS)))
    conditions += ids_between(chosen, of)
    if chosen.created_after is not None:
        conditions.append(of.created_at > chosen.created_after)
    if chosen.created_before is not None:
        conditions.append(of.created_at < chosen.created_before)
    if chosen.q:
        conditions.append(_matches(chosen.q, of))
    return conditions


def ids_between(chosen: JobFilter, of: Any) -> list[ColumnElement[bool]]:
    """Bound the ids that a list walks along, so that it does not begin at the newest job.

    An id is made a moment before its row, by another clock: `CLOCKS_APART_S` is how far the two are trusted to agree.
    That of a shard bears its parent's time.
    """
    conditions: list[ColumnElement[bool]] = []
    if chosen.created_after is not None and chosen.parent_id is None:
        conditions.append(of.id > floor_at(chosen.created_after, later_s=-CLOCKS_APART_S))
    if chosen.created_before is not None and chosen.parent_id is None:
        conditions.append(of.id < floor_at(chosen.created_before, later_s=CLOCKS_APART_S))
    return conditions


def key_begins(words: str, of: Any) -> ColumnElement[bool]:
    """Ask whether a unique key begins with these words, as a range of bytes that an index knows."""
    key, beyond = of.unique_key, words + chr(sys.maxunicode)
    return and_(key.is_not(None), key.bool_op("~>=~")(words), key.bool_op("~<~")(beyond))


def id_begins(words: str, of: Any) -> ColumnElement[bool] | None:
    """Ask whether an id begins with these words, as a range; None where no id does."""
    digits = words.replace("-", "")
    if not _DIGITS.fullmatch(digits):
        return None
    first, last = (UUID(digits.ljust(32, fill)) for fill in "0f")
    return and_(of.id >= first, of.id <= last) if str(first).startswith(words) else None


def _matches(words: str, of: Any) -> ColumnElement[bool]:
    """Look for words in what a person remembers of a job: its kind, a tag, its unique key, its id."""
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    named = id_begins(words, of)
    return or_(
        of.kind.ilike(f"%{escaped}%"),
        key_begins(words, of),
        of.tags.contains([words]),
        *(() if named is None else (named,)),
    )
