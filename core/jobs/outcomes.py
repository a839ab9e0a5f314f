"""What an attempt can come to, and the one fenced statement that records it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from core.canonical import storable_text
from core.database import Database
from core.jobs import states
from core.jobs.leases import Claimed, LeaseLost, is_held
from core.jobs.lifecycle import Change, prepare, transition
from core.jobs.models import Job
from core.jobs.states import FINAL, State
from core.redaction import redact

_JSON = JSONB(none_as_null=True)
_DONE = {"fraction": 1.0, "step": "done", "message": "", "eta_s": 0.0}


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, and whether another attempt may go better."""

    code: str
    message: str
    will_pass: bool
    traceback: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt came to: the change it makes, what is written, what the event tells."""

    change: Change
    state: State
    values: Mapping[str, Any]
    told: Mapping[str, Any] = field(default_factory=dict)
    shards: Sequence[Mapping[str, Any]] = ()
    """The rows of new jobs that are inserted with it."""

    @property
    def event(self) -> str:
        """Name the event that records it."""
        return self.change.event


def succeeded(result: Mapping[str, Any], *, receipt: Mapping[str, Any], usage: Mapping[str, Any]) -> Outcome:
    """Make the outcome of a computation that returned."""
    values = {"new_result": result, "new_receipt": receipt, "new_usage": usage}
    return Outcome(_SUCCEED, State.SUCCEEDED, values, {"usage": usage})


def failed(claimed: Claimed, failure: Failure, *, usage: Mapping[str, Any], delay_s: float) -> Outcome:
    """Make the outcome of a computation that failed: for good, or until the next attempt is due."""
    message = storable_text(redact(failure.message))
    again = failure.will_pass and claimed.attempt < claimed.max_attempts
    error = {
        "code": failure.code,
        "message": message[:10_000],
        "retryable": failure.will_pass,
        "attempt": claimed.attempt,
        "traceback": None if failure.traceback is None else storable_text(redact(failure.traceback)),
    }
    told = {"code": failure.code, "message": message[:1_000], "usage": usage}
    if again:
        values = {"new_error": error, "new_usage": usage, "delay_s": delay_s}
        return Outcome(_DEFER, State.RETRYABLE, values, {**told, "delay_s": round(delay_s, 3)})
    return Outcome(_FAIL, State.FAILED, {"new_error": error, "new_usage": usage}, told)


def cancelled(*, usage: Mapping[str, Any]) -> Outcome:
    """Make the outcome of a computation that was stopped because somebody cancelled it."""
    return Outcome(_CANCEL, State.CANCELLED, {"new_usage": usage}, {"usage": usage})


def released(reason: str) -> Outcome:
    """Make the outcome of a worker that gives the job back without burning the attempt."""
    return Outcome(_RELEASE, State.QUEUED, {}, {"reason": reason})


def split(stage: int, shards: Sequence[Mapping[str, Any]]) -> Outcome:
    """Make the outcome of a computation that goes on when these shards are final; it does not count as an attempt."""
    told = {"stage": stage, "shards": len(shards)}
    progress = {"fraction": 0.0, "step": "shards", "message": f"0 of {len(shards)}", "eta_s": None}
    return Outcome(_SUSPEND, State.WAITING, {"new_progress": progress}, told, shards)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was written in the end: the outcome that landed and the version it gave the job."""

    outcome: Outcome
    version: int


def record(where: Session | Database, claimed: Claimed, outcome: Outcome) -> Recorded:
    """Write an outcome under its fencing token; raises `LeaseLost`.

    What would have the job tried again ends it as cancelled when somebody asked for that meanwhile; and a stop that
    nobody asked for gives it back: signals name a process, which may have gone on to another job by then.
    """
    key = {"job_id": claimed.id, "held_fence": claimed.fence}
    for one in (outcome, *_instead(outcome)):
        rows = transition(where, one.change, data=one.told, **key, **one.values)
        if rows:
            return Recorded(one, int(rows[0].version))
    raise LeaseLost(f"the lease on {claimed.id} ended before its outcome was recorded")


def _instead(outcome: Outcome) -> tuple[Outcome, ...]:
    if outcome.state is State.CANCELLED:
        return (released("it was stopped in place of another job"),)
    return () if outcome.state in FINAL else (cancelled(usage=outcome.values.get("new_usage", {})),)


_USAGE = bindparam("new_usage", type_=_JSON)
_ERROR = bindparam("new_error", type_=_JSON)

_GOES_ON = is_held() & Job.cancel_requested_at.is_(None)

_SUCCEED = prepare(
    states.SUCCEED,
    where=is_held(),
    values={
        "result": bindparam("new_result", type_=_JSON),
        "receipt": bindparam("new_receipt", type_=_JSON),
        "usage": _USAGE,
        "error": None,
        "progress": _DONE,
    },
)
_FAIL = prepare(states.FAIL, where=is_held(), values={"error": _ERROR, "usage": _USAGE})
_DEFER = prepare(
    states.DEFER,
    where=_GOES_ON,
    values={
        "error": _ERROR,
        "usage": _USAGE,
        "due_at": func.now() + func.make_interval(0, 0, 0, 0, 0, 0, bindparam("delay_s")),
    },
)
_CANCEL = prepare(states.CANCEL, where=is_held() & Job.cancel_requested_at.is_not(None), values={"usage": _USAGE})
_SUSPEND = prepare(
    states.SUSPEND,
    where=_GOES_ON,
    values={
        "attempt": Job.attempt - 1,
        "stages": Job.stages + 1,
        "progress": bindparam("new_progress", type_=_JSON),
    },
)
_RELEASE = prepare(states.RELEASE, where=_GOES_ON, values={"attempt": Job.attempt - 1})
