"""Retries: when the next attempt is due, and giving a final job one more, with the shards that it lacks."""

import random
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.jobs import prerequisites, states
from core.jobs.kind import RetryPolicy
from core.jobs.lifecycle import prepare, transition
from core.jobs.models import Job
from core.jobs.queries import JobMissing
from core.jobs.shards import has_open_shards
from core.jobs.states import FINAL, State


class NotFinal(Conflict):
    """The job is not final yet."""

    code = "not_final"


class UniqueKeyHeld(Conflict):
    """Another job that is not final holds this job's unique key by now."""

    code = "unique_key_held"


_LARGEST_POWER = 100
"""Powers far beyond any cap are not taken: they would leave the range of floats."""

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


def backoff_s(policy: RetryPolicy, attempt: int, rng: random.Random) -> float:
    """Return how long to wait after a failed attempt (1 for the first): exponential, capped, with full jitter."""
    ceiling = min(policy.cap_s, policy.base_s * policy.factor ** min(attempt - 1, _LARGEST_POWER))
    return rng.uniform(0.0, ceiling)


def retry(session: Session, tenant_id: UUID, job_id: UUID) -> None:
    """Queue a final job for a new attempt; raises `NotFinal`, `UniqueKeyHeld` or `JobMissing`.

    One that depends on others waits until it was seen how they ended, and takes anew what they leave it. One that was
    split has its unsuccessful shards tried again, too, and waits for them.
    """
    rejoins = prerequisites.wait_again(session, tenant_id, job_id)
    state = session.scalar(select(Job.state).where(Job.id == job_id, Job.tenant_id == tenant_id).with_for_update())
    if state is None:
        raise JobMissing(f"there is no job {job_id}")
    if state not in FINAL:
        raise NotFinal(f"the job is {state}; only a final job can be retried")
    try:
        _retry_with_shards(session, job_id, rejoins=rejoins)
    except IntegrityError as error:
        raise UniqueKeyHeld from error


def _retry_with_shards(session: Session, job_id: UUID, *, rejoins: bool) -> None:
    """Begin with the lowest, so that each can see whether it has to wait for others below it."""
    root, *below = _levels(session, [job_id])
    for level in reversed(below):
        _retry_level(session, level)
    if rejoins:
        transition(session, _REJOIN, job_ids=root)
    else:
        _retry_level(session, root)


def _retry_level(session: Session, job_ids: Sequence[UUID]) -> None:
    transition(session, _REJOIN_SHARDS, job_ids=job_ids)
    transition(session, _RETRY, job_ids=job_ids)


def _levels(session: Session, job_ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    """Lock the unsuccessful shards below final jobs, level by level; those jobs are the first."""
    levels = [job_ids]
    while lower := session.scalars(_UNSUCCESSFUL_SHARDS, {"parents": levels[-1]}).all():
        levels.append(lower)
    return levels


_UNSUCCESSFUL_SHARDS = (
    select(Job.id)
    .where(
        Job.parent_id == any_(bindparam("parents", type_=ARRAY(Uuid))), Job.state.in_(sorted(FINAL - {State.SUCCEEDED}))
    )
    .order_by(Job.id)
    .with_for_update()
)
