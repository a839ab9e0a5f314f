"""Cancelling: at once for a job nobody works on, by request to its worker for a running one."""

from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.jobs import states
from core.jobs.lifecycle import prepare, prepare_remark, transition
from core.jobs.models import Job
from core.jobs.queries import JobMissing

CHANNEL = "penstock_cancel"
"""The NOTIFY channel on which workers hear of running jobs to be stopped."""


class AlreadyFinal(Conflict):
    """The job is final already."""

    code = "already_final"


_CANCEL_IDLE = prepare(
    states.Move(states.CANCEL.event, states.IDLE, states.CANCEL.target),
    where=Job.id == bindparam("job_id"),
    values={"cancel_requested_at": func.now()},
)

_REQUEST = prepare_remark(
    "job.cancel_requested", where=Job.id == bindparam("job_id"), values={"cancel_requested_at": func.now()}
)


def cancel(session: Session, tenant_id: UUID, job_id: UUID) -> None:
    """Cancel a job; asking again is fine, raises `AlreadyFinal` or `JobMissing`.

    The row is locked first, so that the job cannot be claimed or finished between looking and acting.
    """
    row = session.execute(
        select(Job.state, Job.cancel_requested_at).where(Job.id == job_id, Job.tenant_id == tenant_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise JobMissing(f"there is no job {job_id}")
    if row.state in states.FINAL:
        raise AlreadyFinal(f"the job is {row.state}")
    if row.state != states.State.RUNNING:
        transition(session, _CANCEL_IDLE, job_id=job_id)
    elif row.cancel_requested_at is None:
        transition(session, _REQUEST, job_id=job_id)
        session.execute(select(func.pg_notify(CHANNEL, str(job_id))))
