"""Retries: when the next attempt is due, and giving a final job one more."""

import random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.jobs import prerequisites
from core.jobs.kind import RetryPolicy
from core.jobs.models import Job
from core.jobs.queries import JobMissing
from core.jobs.reviving import revive
from core.jobs.states import FINAL


class NotFinal(Conflict):
    """The job is not final yet."""

    code = "not_final"


class UniqueKeyHeld(Conflict):
    """Another job that is not final holds this job's unique key by now."""

    code = "unique_key_held"


_LARGEST_POWER = 100
"""Powers far beyond any cap are not taken: they would leave the range of floats."""


def backoff_s(policy: RetryPolicy, attempt: int, rng: random.Random) -> float:
    """Return how long to wait after a failed attempt (1 for the first): exponential, capped, with full jitter."""
    ceiling = min(policy.cap_s, policy.base_s * policy.factor ** min(attempt - 1, _LARGEST_POWER))
    return rng.uniform(0.0, ceiling)


def retry(session: Session, tenant_id: UUID, job_id: UUID) -> None:
    """Queue a final job for a new attempt; raises `NotFinal`, `UniqueKeyHeld` or `JobMissing`.

    One that depends on others waits until it was seen how they ended, and takes anew what they leave it. One that was
    split has its unsuccessful shards tried again, too, and waits for them.
    """
    rejoining = prerequisites.wait_again(session, tenant_id, [job_id])
    state = session.scalar(select(Job.state).where(Job.id == job_id, Job.tenant_id == tenant_id).with_for_update())
    if state is None:
        raise JobMissing(f"there is no job {job_id}")
    if state not in FINAL:
        raise NotFinal(f"the job is {state}; only a final job can be retried")
    try:
        revive(session, [job_id], rejoining)
    except IntegrityError as error:
        raise UniqueKeyHeld from error
