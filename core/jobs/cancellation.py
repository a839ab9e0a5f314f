"""Cancelling: at once for a job nobody works on, by request to its worker for a running one."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.jobs import states, stopping
from core.jobs.models import Job
from core.jobs.queries import JobMissing

CHANNEL = stopping.CHANNEL


class AlreadyFinal(Conflict):
    """The job is final already."""

    code = "already_final"


def cancel(session: Session, tenant_id: UUID, job_id: UUID) -> None:
    """Cancel a job with all its shards; asking again is fine, raises `AlreadyFinal` or `JobMissing`.

    The row is locked first, so that the job cannot be claimed or finished between looking and acting.
    """
    state = session.scalar(select(Job.state).where(Job.id == job_id, Job.tenant_id == tenant_id).with_for_update())
    if state is None:
        raise JobMissing(f"there is no job {job_id}")
    if state in states.FINAL:
        raise AlreadyFinal(f"the job is {state}")
    stopping.stop(session, [job_id])
