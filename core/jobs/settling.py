"""Settling: when a job that others wait for is final, they are looked at; any number may do it at once.

The end of a followed job is written down by the statement that makes it. Whoever settles reads the rows of those
concerned instead of counting, so that it can be repeated, and the last of many to end sees all others ended.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

from core.jobs import callbacks, dependencies, shards
from core.jobs.kind import JobKind
from core.jobs.models import Settlement

BATCH = 500


def settle_batch(session: Session, kinds: Mapping[str, JobKind], *, limit: int = BATCH) -> int:
    """Settle up to `limit` ends in the caller's transaction; return how many there were."""
    ends = _take(session, limit)
    if ends:
        callbacks.tell(session, ends)
        ended = [end.job_id for end in ends]
        shards.settle_families(session, ended)
        dependencies.examine_dependents(session, kinds, ended)
    return len(ends)


def _take(session: Session, limit: int) -> Sequence[Row[UUID, int]]:
    chosen = (
        select(Settlement.id)
        .order_by(Settlement.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("chosen")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    taken = delete(Settlement).where(Settlement.id.in_(select(chosen.c.id)))
    return session.execute(taken.returning(Settlement.job_id, Settlement.version)).all()
