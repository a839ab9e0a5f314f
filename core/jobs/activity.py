"""What the machinery around jobs has been doing: the relay's backlog, the reconciler's last round, workers at work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.jobs import outbox, queues
from core.jobs.models import Chore, Job
from core.jobs.states import State


@dataclass(frozen=True, slots=True)
class BusyWorker:
    """One worker that holds running jobs."""

    name: str
    running: int
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Activity:
    """The platform at this moment."""

    outbox_depth: int
    reconciled_at: datetime | None
    workers: tuple[BusyWorker, ...]
    backlogs: Mapping[str, tuple[int, float]]
    """Depth and age of the oldest job of the queues in which jobs wait."""


def read_activity(session: Session) -> Activity:
    """Read what relay, reconciler and workers left behind."""
    workers = (
        select(Job.worker, func.count(), func.max(Job.started_at))
        .where(Job.state == State.RUNNING, Job.worker.is_not(None))
        .group_by(Job.worker)
        .order_by(Job.worker)
    )
    return Activity(
        outbox_depth=outbox.depth(session),
        reconciled_at=session.scalar(select(Chore.last_run_at).where(Chore.name == "reconcile")),
        workers=tuple(
            BusyWorker(str(name), running, seen_at)
            for name, running, seen_at in session.execute(workers)
            if seen_at is not None
        ),
        backlogs=queues.read_backlogs(session),
    )
