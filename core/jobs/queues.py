"""Queues as an operator sees them: how deep, how old, how busy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from sqlalchemy import ColumnElement, Float, cast, func, select
from sqlalchemy.orm import Session

from core.clock import rfc3339
from core.jobs.admission_models import QueuePause
from core.jobs.kind import Queue
from core.jobs.models import Job
from core.jobs.states import FINAL, State

NAMES: tuple[str, ...] = get_args(Queue)


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """One queue at this moment, over all tenants."""

    name: str
    depth: int = 0
    oldest_age_s: float | None = None
    running: int = 0
    finished_last_minute: int = 0
    paused_at: datetime | None = None


def read_queues(session: Session) -> list[QueueFigures]:
    """Return the figures of every queue, busy or not."""
    paused = {row.queue: row.paused_at for row in session.scalars(select(QueuePause))}
    waiting: Mapping[str, tuple[int, float | None]] = read_backlogs(session)
    running = _counts(session, Job.state == State.RUNNING)
    finished = _counts(session, Job.finished_at > func.now() - func.make_interval(0, 0, 0, 0, 0, 1))
    return [
        QueueFigures(name, *waiting.get(name, (0, None)), running.get(name, 0), finished.get(name, 0), paused.get(name))
        for name in sorted({*NAMES, *waiting, *running})
    ]


def read_backlogs(session: Session) -> dict[str, tuple[int, float]]:
    """Return depth and age of the oldest job, in seconds, of the queues in which jobs wait.

    An age that only grows is all there is to see of a queue that no worker consumes.
    """
    return {name: (depth, age) for name, depth, age in session.execute(_WAITING)}


def queue_document(queue: QueueFigures) -> dict[str, object]:
    """Write one queue."""
    return {
        "name": queue.name,
        "depth": queue.depth,
        "oldest_age_s": queue.oldest_age_s,
        "running": queue.running,
        "finished_last_minute": queue.finished_last_minute,
        "paused": queue.paused_at is not None,
        "paused_at": None if queue.paused_at is None else rfc3339(queue.paused_at),
    }


def count_open(session: Session) -> Sequence[tuple[str, str, int]]:
    """Count the jobs that are not final, by kind and state; all that ever ended are too many to count each time."""
    open_ = Job.state.in_(sorted(set(State) - FINAL)), Job.state != State.SUCCEEDED
    query = select(Job.kind, Job.state, func.count()).where(*open_).group_by(Job.kind, Job.state)
    return [(kind, state, count) for kind, state, count in session.execute(query)]


def _counts(session: Session, condition: ColumnElement[bool]) -> dict[str, int]:
    rows = session.execute(select(Job.queue, func.count()).where(condition).group_by(Job.queue))
    return {row[0]: row[1] for row in rows}


_AGE_S = cast(func.extract("epoch", func.now() - func.min(Job.queued_at)), Float)
_WAITING = select(Job.queue, func.count(), _AGE_S).where(Job.state == State.QUEUED).group_by(Job.queue)
