"""The states of a job and the moves between them, as data."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a job stands."""

    SCHEDULED = "scheduled"
    WAITING = "waiting"
    QUEUED = "queued"
    RUNNING = "running"
    RETRYABLE = "retryable"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


FINAL = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED, State.EXPIRED})
IDLE = frozenset({State.SCHEDULED, State.WAITING, State.QUEUED, State.RETRYABLE})
"""Not final and nobody works on it."""


@dataclass(frozen=True, slots=True)
class Move:
    """One sort of change: the event it writes, the states it may start from, the state it ends in."""

    event: str
    sources: frozenset[State]
    target: State


CLAIM = Move("job.claimed", frozenset({State.QUEUED}), State.RUNNING)
SUCCEED = Move("job.succeeded", frozenset({State.RUNNING}), State.SUCCEEDED)
FAIL = Move("job.failed", IDLE | {State.RUNNING}, State.FAILED)
DEFER = Move("job.retryable", frozenset({State.RUNNING}), State.RETRYABLE)
RESCUE = Move("job.rescued", frozenset({State.RUNNING}), State.QUEUED)
RELEASE = Move("job.released", frozenset({State.RUNNING}), State.QUEUED)
SUSPEND = Move("job.waiting", frozenset({State.RUNNING}), State.WAITING)
PROMOTE = Move("job.queued", frozenset({State.SCHEDULED, State.WAITING, State.RETRYABLE}), State.QUEUED)
DELAY = Move("job.scheduled", frozenset({State.WAITING}), State.SCHEDULED)
"""Nothing is to be waited for any more but the time."""
CANCEL = Move("job.cancelled", IDLE | {State.RUNNING}, State.CANCELLED)
EXPIRE = Move("job.expired", IDLE, State.EXPIRED)
RETRY = Move("job.retried", FINAL, State.QUEUED)
REJOIN = Move("job.retried", FINAL, State.WAITING)
"""A retry of a job that has to wait for others first."""

MOVES = (CLAIM, SUCCEED, FAIL, DEFER, RESCUE, RELEASE, SUSPEND, PROMOTE, DELAY, CANCEL, EXPIRE, RETRY, REJOIN)

TRANSITIONS: dict[State, frozenset[State]] = {
    state: frozenset(move.target for move in MOVES if state in move.sources) for state in State
}
