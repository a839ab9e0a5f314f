"""Pausing a queue: nothing of it is started until it is resumed; what runs goes on, what is submitted waits."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import Missing
from core.jobs.admission_models import QueuePause
from core.jobs.models import OutboxMessage
from core.jobs.outbox import CHANNEL
from core.jobs.queues import NAMES


class QueueMissing(Missing):
    """There is no such queue."""

    code = "queue_missing"


def pause(session: Session, queue: str, *, by: UUID | None = None) -> None:
    """Pause a queue; pausing it again changes nothing."""
    _check(queue)
    session.execute(insert(QueuePause).values(queue=queue, paused_by=by).on_conflict_do_nothing())
    session.execute(_GIVE_UP_PLACES, {"queue": queue})


def resume(session: Session, queue: str) -> int:
    """Resume a queue and return how many messages were written again; resuming one that goes changes nothing.

    Meanwhile workers have thrown messages of its jobs away, so each job without one gets a new one: most of these
    are too many, and claims make that harmless.
    """
    _check(queue)
    was = session.scalar(delete(QueuePause).where(QueuePause.queue == queue).returning(QueuePause.queue))
    if was is None:
        return 0
    written: Any = session.execute(_WRITE_AGAIN, {"queue": queue})
    session.execute(select(func.pg_notify(CHANNEL, OutboxMessage.__tablename__)))
    return int(written.rowcount)


def _check(queue: str) -> None:
    if queue not in NAMES:
        raise QueueMissing(f"there is no queue {queue!r}; there are {', '.join(NAMES)}")


# A tenant's other queues must not wait for jobs that cannot start.
_GIVE_UP_PLACES = text(
    "DELETE FROM job_admissions USING jobs WHERE jobs.id = job_id AND jobs.queue = :queue AND jobs.state = 'queued'"
)
_WRITE_AGAIN = text(
    """
INSERT INTO job_outbox (job_id, kind, queue, priority, tenant_id, gates)
SELECT id, kind, queue, priority, tenant_id, gates FROM jobs
WHERE state = 'queued' AND queue = :queue
  AND NOT EXISTS (SELECT FROM job_outbox AS message WHERE message.job_id = jobs.id)
ORDER BY priority DESC, queued_at, id
"""
)
