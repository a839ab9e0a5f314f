"""The outbox: messages written with the data, taken in batches by any number of relays at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.jobs.models import OutboxMessage

CHANNEL = "penstock_outbox"
"""The NOTIFY channel on which a trigger announces new messages."""


@dataclass(frozen=True, slots=True)
class Message:
    """What crosses the broker: a job's id, and where to."""

    job_id: UUID
    kind: str
    queue: str
    priority: int


def take_batch(session: Session, *, limit: int) -> Sequence[Message]:
    """Take up to `limit` messages, urgent and old ones first; they are gone when the caller's transaction commits.

    Publish before committing: a crash in between sends a message twice, which a claim makes harmless, never not at all.
    """
    # Materialized: a plan that ran the choice twice would lock, and take, more than its limit.
    chosen = (
        select(OutboxMessage.id)
        .order_by(OutboxMessage.priority.desc(), OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("chosen")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    rows = session.execute(
        delete(OutboxMessage)
        .where(OutboxMessage.id.in_(select(chosen.c.id)))
        .returning(
            OutboxMessage.id,
            OutboxMessage.job_id,
            OutboxMessage.kind,
            OutboxMessage.queue,
            OutboxMessage.priority,
            # The commit does not wait for the disk: a deletion that a crash forgets sends a message twice.
            func.set_config("synchronous_commit", "off", True),
        )
    ).all()
    ordered = sorted(rows, key=lambda row: (-row.priority, row.id))
    return [Message(row.job_id, row.kind, row.queue, row.priority) for row in ordered]


def depth(session: Session) -> int:
    """Count the messages that wait to be carried."""
    return session.scalar(select(func.count()).select_from(OutboxMessage)) or 0
