"""Leases: the right to work on a job until a time, renewed by heartbeats, guarded by a fencing token."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from core.database import Database
from core.errors import Conflict
from core.jobs import states
from core.jobs.lifecycle import prepare, transition
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
    queued_at: datetime
    started_at: datetime


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

_CLAIM = prepare(
    states.CLAIM,
    where=(Job.id == bindparam("job_id")) & or_(Job.deadline_at.is_(None), Job.deadline_at > func.now()),
    values={
        "attempt": Job.attempt + 1,
        "fence": Job.fence + 1,
        "worker": bindparam("worker_name"),
        "lease_expires_at": _LEASE_END,
    },
    returning=(
        Job.kind_version,
        Job.params,
        Job.params_hash,
        Job.max_attempts,
        Job.timeout_s,
        Job.fence,
        Job.request_id,
        Job.queued_at,
        Job.started_at,
    ),
    durable=False,
)


def claim(where: Session | Database, job_id: UUID, *, worker: str, lease_s: float) -> Claimed | None:
    """Take a queued job under a new lease; None when there is nothing to do (done, cancelled, claimed, overdue).

    Not flushed to disk at once: a claim that a database crash forgets is only a job that is queued again, and the
    worker's outcome is then refused by its fencing token.
    """
    rows = transition(where, _CLAIM, data={"worker": worker}, job_id=job_id, worker_name=worker, lease_s=lease_s)
    if not rows:
        return None
    row = rows[0]
    return Claimed(**{name: getattr(row, name) for name in Claimed.__slots__})


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
