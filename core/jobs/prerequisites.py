"""Prerequisites: the jobs that another has to wait for, recorded so that none of their ends is missed.

Whoever comes to wait locks the rows of those it waits for until its transaction ends: each of them is either final by
then, and its end is told here, or ends later and sees that it is followed. That comes after the insertion, which locks
concurrency limits: who claims a job locks them first, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, insert, or_, select, text, update
from sqlalchemy.orm import Session

from core.errors import FieldError, Invalid
from core.jobs.graph_models import Dependency
from core.jobs.models import Job, Settlement
from core.jobs.states import FINAL, State


class PrerequisiteMissing(Invalid):
    """A job that is to be waited for is not there."""

    code = "prerequisite_missing"


@dataclass(frozen=True, slots=True)
class Edge:
    """One job waits for another; whether any end of it will do."""

    job_id: UUID
    on_job_id: UUID
    tolerant: bool = False


def follow(session: Session, tenant_id: UUID, wanted: Mapping[str, UUID]) -> None:
    """Have the ends of these jobs told, each named by where the request names it; raises `PrerequisiteMissing`."""
    if not wanted:
        return
    found = _lock(session, (Job.id.in_(set(wanted.values()))) & (Job.tenant_id == tenant_id))
    missing = [
        FieldError(pointer, f"there is no job {job_id}") for pointer, job_id in wanted.items() if job_id not in found
    ]
    if missing:
        raise PrerequisiteMissing(errors=missing)
    session.execute(update(Job).where(Job.id.in_(found), ~Job.followed).values(followed=True))
    _tell(session, (job_id for job_id, state in found.items() if state in FINAL))


def record(session: Session, edges: Sequence[Edge]) -> None:
    """Write down who waits for whom, any number in one statement; twice the same is once."""
    if edges:
        columns = {
            "jobs": [str(edge.job_id) for edge in edges],
            "on_jobs": [str(edge.on_job_id) for edge in edges],
            "tolerant": [edge.tolerant for edge in edges],
        }
        session.execute(_RECORD, columns)


def wait_again(session: Session, tenant_id: UUID, job_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of the jobs to be tried again that have prerequisites; these are locked and their ends told anew.

    The caller makes the jobs wait in the same transaction.
    """
    edges = session.execute(select(Dependency.job_id, Dependency.on_job_id).where(Dependency.job_id.in_(job_ids))).all()
    if not edges:
        return set()
    found = _lock(session, Job.id.in_({edge.on_job_id for edge in edges}) & (Job.tenant_id == tenant_id))
    _tell(session, (on_job_id for on_job_id, state in found.items() if state in FINAL))
    return {edge.job_id for edge in edges if edge.on_job_id in found}


def has_unmet() -> ColumnElement[bool]:
    """Ask of a row of `jobs` whether one of its prerequisites is not as it has to be, or not yet."""
    other = Job.__table__.alias("prerequisite")
    open_or_bad = or_(other.c.state.not_in(sorted(FINAL)), and_(~Dependency.tolerant, other.c.state != State.SUCCEEDED))
    return exists().where(Dependency.job_id == Job.id, other.c.id == Dependency.on_job_id, open_or_bad)


def _lock(session: Session, which: ColumnElement[bool]) -> dict[UUID, str]:
    """Lock jobs in one order for all, so that nobody waits in a circle; return their states."""
    chosen = select(Job.id, Job.state).where(which).order_by(Job.id).with_for_update(key_share=True)
    return {row.id: row.state for row in session.execute(chosen)}


def _tell(session: Session, ended: Iterable[UUID]) -> None:
    rows = [{"job_id": job_id} for job_id in ended]
    if rows:
        session.execute(insert(Settlement), rows)


_RECORD = text(
    """
INSERT INTO job_dependencies (job_id, on_job_id, tolerant)
SELECT * FROM unnest(CAST(:jobs AS uuid[]), CAST(:on_jobs AS uuid[]), CAST(:tolerant AS boolean[]))
ON CONFLICT DO NOTHING
"""
)
