"""Reviving: final jobs are tried again with the shards that they lack, level by level, however many there are."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from core.jobs import states
from core.jobs.lifecycle import Change, prepare, transition
from core.jobs.models import Job
from core.jobs.shards import has_open_shards
from core.jobs.states import FINAL, State


def revive(session: Session, job_ids: Sequence[UUID], rejoining: Collection[UUID]) -> set[UUID]:
    """Queue final jobs that the caller has locked, with the shards that they lack; return all that were retried.

    Those `rejoining` wait for their prerequisites; raises the database's own error for a unique key that is held.
    """
    first, *below = _levels(session, job_ids)
    retried: set[UUID] = set()
    # Begin with the lowest, so that each can see whether it has to wait for others below it.
    for level in reversed(below):
        retried |= _retry_level(session, level)
    retried |= _moved(session, _REJOIN, [job_id for job_id in first if job_id in rejoining])
    return retried | _retry_level(session, [job_id for job_id in first if job_id not in rejoining])


def _retry_level(session: Session, job_ids: Sequence[UUID]) -> set[UUID]:
    return _moved(session, _REJOIN_SHARDS, job_ids) | _moved(session, _RETRY, job_ids)


def _moved(session: Session, change: Change, job_ids: Sequence[UUID]) -> set[UUID]:
    return {row.id for row in transition(session, change, job_ids=job_ids)} if job_ids else set()


def _levels(session: Session, job_ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    """Lock the unsuccessful shards below final jobs, level by level; those jobs are the first."""
    levels = [job_ids]
    while lower := session.scalars(_UNSUCCESSFUL_SHARDS, {"parents": levels[-1]}).all():
        levels.append(lower)
    return levels


_CHOSEN = Job.id == any_(bindparam("job_ids", type_=ARRAY(Uuid)))
_ANEW = {
    "max_attempts": func.greatest(Job.max_attempts, Job.attempt + 1),
    "error": None,
    "result": None,
    "receipt": None,
    "usage": None,
    "progress": None,
    "finished_at": None,
    "started_at": None,
    "cancel_requested_at": None,
    "deadline_at": None,
}
_RETRY = prepare(states.RETRY, where=_CHOSEN, values=_ANEW)
_REJOIN = prepare(states.REJOIN, where=_CHOSEN, values=_ANEW)
_REJOIN_SHARDS = prepare(states.REJOIN, where=_CHOSEN & has_open_shards(), values=_ANEW)
_UNSUCCESSFUL_SHARDS = (
    select(Job.id)
    .where(
        Job.parent_id == any_(bindparam("parents", type_=ARRAY(Uuid))), Job.state.in_(sorted(FINAL - {State.SUCCEEDED}))
    )
    .order_by(Job.id)
    .with_for_update()
)
