"""Stopping: jobs are cancelled with all shards below them, level by level, however many there are."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Text, Uuid, any_, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased

from core.jobs import states
from core.jobs.lifecycle import prepare, prepare_remark, transition
from core.jobs.models import Job
from core.jobs.states import FINAL

CHANNEL = "penstock_cancel"
"""The NOTIFY channel on which workers hear of running jobs to be stopped."""


def stop(session: Session, job_ids: Sequence[UUID]) -> None:
    """Cancel jobs whose rows the caller has locked, and all that is open below them.

    Those that nobody works on end at once, the workers of the others are asked. A parent is locked before its shards
    are looked for: it has all it will ever have by then, or is not split any more.
    """
    level = job_ids
    while level:
        transition(session, _CANCEL_IDLE, job_ids=level)
        if asked := transition(session, _REQUEST, job_ids=level):
            session.execute(_TELL_WORKERS, {"job_ids": [row.id for row in asked]})
        level = session.scalars(_OPEN_SHARDS, {"parents": level}).all()


def stop_abandoned(session: Session, parents: Sequence[UUID]) -> None:
    """Cancel the shards that were open when their parents ended; one that was retried since then is left alone."""
    stop(session, session.scalars(_ABANDONED, {"parents": parents}).all())


_CHOSEN = Job.id == any_(bindparam("job_ids", type_=ARRAY(Uuid)))
_IS_OPEN = Job.state.not_in(sorted(FINAL))
_CANCEL_IDLE = prepare(
    states.Move(states.CANCEL.event, states.IDLE, states.CANCEL.target),
    where=_CHOSEN,
    values={"cancel_requested_at": func.now()},
)
_REQUEST = prepare_remark(
    "job.cancel_requested",
    where=_CHOSEN & Job.cancel_requested_at.is_(None),
    values={"cancel_requested_at": func.now()},
)
_TELL_WORKERS = select(func.pg_notify(CHANNEL, cast(func.unnest(bindparam("job_ids", type_=ARRAY(Uuid))), Text)))
_OPEN_SHARDS = (
    select(Job.id)
    .where(Job.parent_id == any_(bindparam("parents", type_=ARRAY(Uuid))), _IS_OPEN)
    .order_by(Job.id)
    .with_for_update()
)
_PARENT = aliased(Job)
_ABANDONED = (
    select(Job.id)
    .join(_PARENT, _PARENT.id == Job.parent_id)
    .where(
        _PARENT.id == any_(bindparam("parents", type_=ARRAY(Uuid))),
        _PARENT.state.in_(sorted(FINAL)),
        func.coalesce(Job.queued_at, Job.created_at) <= _PARENT.finished_at,
        _IS_OPEN,
    )
    .order_by(Job.id)
    .with_for_update(of=Job)
)
