"""Settling: when a job that others wait for is final, they are looked at; any number may do it at once.

The end of a followed job is written down by the statement that makes it. Whoever settles reads the rows of those
concerned instead of counting, so that it can be repeated, and the last of many to end sees all others ended. Where more
wait than one transaction should change, what is left is written down as one more to be settled.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.orm import Session

from core.jobs import callbacks, dependencies, shards
from core.jobs.kind import JobKind
from core.jobs.models import Settlement

BATCH = 500


def settle_batch(session: Session, kinds: Mapping[str, JobKind], *, limit: int = BATCH) -> int:
    """Settle up to `limit` ends in the caller's transaction; return how many there were."""
    ends = _take(session, limit)
    if new := [end for end in ends if end.after is None]:
        callbacks.tell(session, new)
        shards.settle_families(session, [end.job_id for end in new])
    left = dependencies.examine_dependents(session, kinds, [(end.job_id, end.after) for end in ends])
    if left:
        session.execute(insert(Settlement), [{"job_id": job_id, "after": after} for job_id, after in left])
    return len(ends)


def _take(session: Session, limit: int) -> Sequence[Row[UUID, int, UUID | None]]:
    chosen = (
        select(Settlement.id)
        .order_by(Settlement.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("chosen")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    taken = delete(Settlement).where(Settlement.id.in_(select(chosen.c.id)))
    return session.execute(taken.returning(Settlement.job_id, Settlement.version, Settlement.after)).all()
