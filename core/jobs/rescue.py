"""Rescue: what becomes of a running job whose worker is gone."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, bindparam, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from core.jobs import states
from core.jobs.context import StopReason
from core.jobs.leases import is_held
from core.jobs.lifecycle import Change, prepare, transition
from core.jobs.models import Job
from core.jobs.states import Move
from core.platform import vitals

_ERROR = bindparam("new_error", type_=JSONB)
_EXPIRED_LEASE = Job.lease_expires_at < func.now()


def rescue_expired(session: Session) -> int:
    """Rescue every job whose lease ran out; return how many."""
    return sum(len(rows) for rows in _settle(session, _AFTER_EXPIRY, "the worker's lease ran out", {}))


def rescue_dead(session: Session, job_id: UUID, worker: str) -> bool:
    """Rescue one job whose worker process is known to be dead; False when it did not hold the job any more."""
    return any(_settle(session, _AFTER_DEATH, "the worker process died", {"job_id": job_id, "dead_worker": worker}))


def fail_stopped(session: Session, job_id: UUID, fence: int, reason: StopReason, detail: str) -> bool:
    """End a job whose process has to be killed because it would not stop or cannot be let go on."""
    key = {"job_id": job_id, "held_fence": fence}
    if reason is StopReason.CANCELLED:
        return bool(transition(session, _CANCEL_KILLED, data={"killed": True}, **key))
    message = f"{detail}: its process was killed"
    data = {"code": reason, "message": message}
    return bool(transition(session, _FAIL_KILLED, data=data, **key, new_error=_error(reason, message)))


def give_back(session: Session, job_id: UUID, fence: int) -> bool:
    """Queue a job again whose process is killed because its worker shuts down; this attempt does not count."""
    key = {"job_id": job_id, "held_fence": fence}
    return bool(
        transition(session, _CANCEL_GIVEN_BACK, data={"killed": True}, **key)
        or transition(session, _GIVE_BACK, data={"reason": "the worker shuts down", "killed": True}, **key)
    )


def _settle(
    session: Session, changes: tuple[Change, Change, Change], cause: str, key: dict[str, Any]
) -> Sequence[Sequence[Row[Any]]]:
    """Cancel what was to be cancelled, fail what used up its attempts, queue the rest again."""
    cancel, fail, again = changes
    error = _error("worker_lost", f"{cause}; no attempt is left")
    settled = (
        transition(session, cancel, data={"cause": cause}, **key),
        transition(session, fail, data={"code": "worker_lost", "cause": cause}, new_error=error, **key),
        transition(session, again, data={"outcome": "lost", "cause": cause}, **key),
    )
    vitals.add(session, {vitals.LOST_ATTEMPTS: sum(map(len, settled))})
    return settled


def _error(code: str, message: str) -> dict[str, Any]:
    return {"code": code, "message": message, "retryable": False, "attempt": None, "traceback": None}


def _changes(lost: ColumnElement[bool]) -> tuple[Change, Change, Change]:
    running_cancel = Move(states.CANCEL.event, states.RESCUE.sources, states.CANCEL.target)
    running_fail = Move(states.FAIL.event, states.RESCUE.sources, states.FAIL.target)
    return (
        prepare(running_cancel, where=lost & Job.cancel_requested_at.is_not(None)),
        prepare(running_fail, where=lost & (Job.attempt >= Job.max_attempts), values={"error": _with_attempt()}),
        prepare(states.RESCUE, where=lost & (Job.attempt < Job.max_attempts)),
    )


def _with_attempt() -> ColumnElement[Any]:
    return func.jsonb_set(_ERROR, ["attempt"], func.to_jsonb(Job.attempt), type_=JSONB)


_AFTER_EXPIRY = _changes(_EXPIRED_LEASE)
_AFTER_DEATH = _changes((Job.id == bindparam("job_id")) & (Job.worker == bindparam("dead_worker")))
_CANCEL_KILLED = prepare(states.CANCEL, where=is_held())
_FAIL_KILLED = prepare(states.FAIL, where=is_held(), values={"error": _with_attempt()})
_CANCEL_GIVEN_BACK = prepare(states.CANCEL, where=is_held() & Job.cancel_requested_at.is_not(None))
_GIVE_BACK = prepare(states.RELEASE, where=is_held(), values={"attempt": Job.attempt - 1})
