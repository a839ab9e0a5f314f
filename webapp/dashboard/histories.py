"""What a job has been through, read from its events: the steps of its life, and each attempt with how it ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row

WORDS: Mapping[str, str] = {
    "job.submitted": "Submitted",
    "job.scheduled": "Scheduled",
    "job.queued": "Queued",
    "job.claimed": "Claimed by a worker",
    "job.progress": "Progress",
    "job.waiting": "Waits for others",
    "job.retryable": "Failed, to be tried again",
    "job.rescued": "Rescued from a lost worker",
    "job.released": "Given back by its worker",
    "job.retried": "Tried anew by request",
    "job.cancel_requested": "Asked to stop",
    "job.succeeded": "Succeeded",
    "job.failed": "Failed",
    "job.cancelled": "Cancelled",
    "job.expired": "Expired",
}
MARKS = {
    "job.succeeded": "good",
    "job.failed": "bad",
    "job.expired": "bad",
    "job.retryable": "bad",
    "job.rescued": "bad",
    "job.claimed": "busy",
}
_ENDS = frozenset({"job.succeeded", "job.failed", "job.cancelled", "job.retryable", "job.rescued", "job.released"})
_UNDER_WAY = "job.progress"
_WAITS = "waiting"


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a job."""

    type: str
    at: datetime
    attempt: int
    after_s: float | None
    """How long after the change before it."""
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """Say it for people."""
        return WORDS.get(self.type, self.type.removeprefix("job.").replace("_", " ").capitalize())

    @property
    def mark(self) -> str:
        """Name how it is marked."""
        return MARKS.get(self.type, "")

    @property
    def remark(self) -> str:
        """Return what the event says besides."""
        told = self.data.get("error") or self.data
        words = told.get("message") or told.get("code") or told.get("reason") or told.get("worker") or ""
        return str(words)


@dataclass(slots=True)
class Attempt:
    """One try at a job; while its shards are computed it waits, and then goes on."""

    number: int
    stretches: list[tuple[datetime, datetime | None]]
    """When it ran: begun, and ended unless it still does."""
    worker: str | None = None
    end: str = "running"
    remark: str = ""

    @property
    def is_running(self) -> bool:
        """Tell whether it runs now."""
        return self.stretches[-1][1] is None

    @property
    def ran_s(self) -> float | None:
        """Return how long it ran, waiting left out; None while it does."""
        ended = [(ended - begun).total_seconds() for begun, ended in self.stretches if ended is not None]
        return None if self.is_running else sum(ended)

    def pause(self, at: datetime, how: str) -> None:
        """End the stretch that runs."""
        self.stretches[-1] = self.stretches[-1][0], at
        self.end = how


def steps_of(events: Sequence[Row[Any]]) -> list[Step]:
    """Return the changes that matter to people; progress is shown elsewhere."""
    steps: list[Step] = []
    for event in events:
        if event.type != _UNDER_WAY:
            after_s = (event.at - steps[-1].at).total_seconds() if steps else None
            steps.append(Step(event.type, event.at, event.attempt, after_s, event.data or {}))
    return steps


def attempts_of(steps: Sequence[Step]) -> list[Attempt]:
    """Return the attempts that the steps tell of."""
    attempts: list[Attempt] = []
    for step in steps:
        last = attempts[-1] if attempts else None
        if step.type == "job.claimed":
            begun: tuple[datetime, datetime | None] = step.at, None
            if last is not None and last.end == _WAITS and last.number == step.attempt:
                last.stretches.append(begun)
                last.end, last.worker = "running", step.data.get("worker")
            else:
                attempts.append(Attempt(step.attempt, [begun], step.data.get("worker")))
        elif last is not None and last.is_running and step.type == "job.waiting":
            last.pause(step.at, _WAITS)
        elif last is not None and (last.is_running or last.end == _WAITS) and step.type in _ENDS:
            if last.is_running:
                last.pause(step.at, "")
            last.end, last.remark = step.type.removeprefix("job."), step.remark
    return attempts
