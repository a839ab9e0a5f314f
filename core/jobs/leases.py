"""Leases: the right to work on a job until a time, renewed by heartbeats, guarded by a fencing token."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, case, exists, func, or_, select, true, tuple_, update
from sqlalchemy.orm import Session

from core.database import Database
from core.errors import Conflict
from core.jobs import admission, states
from core.jobs.admission_models import QueuePause
from core.jobs.gates import is_limited
from core.jobs.lifecycle import Change, prepare, transition
from core.jobs.models import Job
from core.jobs.states import State


class LeaseLost(Conflict):
    """Another worker holds this job by now; what this attempt found is refused."""

    code = "lease_lost"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job as its worker gets it."""

    id: UUID
    tenant_id: UUID
    kind: str
    kind_version: int
    params: dict[str, Any]
    params_hash: str
    attempt: int
    max_attempts: int
    timeout_s: float
    fence: int
    request_id: str | None
    submitted_by: UUID | None
    priority: int
    deadline_at: datetime | None
    stages: int
    """How many splits into shards are recorded."""
    queued_at: datetime
    started_at: datetime
    parent_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What a heartbeat learns about a job that is still held."""

    id: UUID
    worker: str
    fence: int
    timeout_s: float
    cancel_requested: bool


def is_held() -> ColumnElement[bool]:
    """Build the condition that a write comes from the holder of the job's lease.

    The fence alone would not do: between a rescue and the next claim it is still that of the worker that was lost.
    """
    return (Job.id == bindparam("job_id")) & (Job.fence == bindparam("held_fence")) & (Job.state == State.RUNNING)


_LEASE_END = func.now() + func.make_interval(0, 0, 0, 0, 0, 0, bindparam("lease_s"))


def _claiming(where: ColumnElement[bool]) -> Change:
    # One with shards had been started before its deadline.
    in_time = or_(Job.deadline_at.is_(None), Job.deadline_at > func.now(), Job.stages > 0)
    startable = in_time & ~exists().where(QueuePause.queue == Job.queue)
    return prepare(
        states.CLAIM,
        where=(Job.id == bindparam("job_id")) & startable & where,
        values={
            "attempt": Job.attempt + 1,
            "fence": Job.fence + 1,
            "worker": bindparam("worker_name"),
            "lease_expires_at": _LEASE_END,
            "progress": case((Job.stages > 0, Job.progress)),  # its shards' is its own
        },
        returning=(
            Job.kind_version,
            Job.params,
            Job.params_hash,
            Job.max_attempts,
            Job.timeout_s,
            Job.fence,
            Job.request_id,
            Job.submitted_by,
            Job.deadline_at,
            Job.queued_at,
            Job.started_at,
            Job.parent_id,
        ),
        durable=False,
    )


_CLAIM = _claiming(~is_limited(Job))
_CLAIM_LIMITED = _claiming(true())


def claim(where: Session | Database, job_id: UUID, *, worker: str, lease_s: float) -> Claimed | None:
    """Take a queued job under a new lease; None when there is nothing to do.

    That is when it is done, cancelled, claimed or overdue, its queue is paused, or a concurrency limit has no room.
    Not flushed to disk at once: a claim that a database crash forgets is only a job that is queued again, and the
    worker's outcome is then refused by its fencing token.
    """
    key = {"job_id": job_id, "worker_name": worker, "lease_s": lease_s}
    rows = transition(where, _CLAIM, data={"worker": worker}, **key) or _claim_limited(where, key)
    if not rows:
        return None
    row = rows[0]
    return Claimed(**{name: getattr(row, name) for name in Claimed.__slots__})


def _claim_limited(where: Session | Database, key: Mapping[str, Any]) -> Sequence[Any]:
    """Claim a job under concurrency limits, in one transaction, which holds their locks."""
    if isinstance(where, Database):
        with where.transaction() as session:
            return _claim_limited(session, key)
    if not admission.enter(where, key["job_id"]):
        return ()
    return transition(where, _CLAIM_LIMITED, data={"worker": key["worker_name"]}, **key)


def renew(session: Session, held: Iterable[tuple[UUID, str]], *, lease_s: float) -> Sequence[Held]:
    """Renew leases by (job, worker) and learn about each that is still held; the missing ones are lost."""
    pairs = sorted(held)
    if not pairs:
        return ()
    rows = session.execute(
        update(Job)
        .where(tuple_(Job.id, Job.worker).in_(pairs), Job.state == State.RUNNING)
        .values(lease_expires_at=_LEASE_END)
        .returning(Job.id, Job.worker, Job.fence, Job.timeout_s, Job.cancel_requested_at),
        {"lease_s": lease_s},
    )
    return [Held(row.id, row.worker, row.fence, row.timeout_s, row.cancel_requested_at is not None) for row in rows]


def list_held(session: Session, node: str) -> Sequence[tuple[UUID, str]]:
    """List the jobs that children of one worker hold, with each child's name: `<node>:<pid>`."""
    held = select(Job.id, Job.worker).where(Job.state == State.RUNNING, func.starts_with(Job.worker, f"{node}:"))
    return [(row.id, row.worker) for row in session.execute(held)]
