"""Snapshots: what a long computation keeps now and then, so that another attempt goes on where this one was ended.

One for each job, replaced by the next, and gone with a success; what failed keeps its own, for a retry, until it is
pruned. It belongs to one kind's version and one set of params: to others it is not there.
"""

from typing import Any

from sqlalchemy import LargeBinary, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.database import Database
from core.errors import Invalid
from core.jobs.leases import Claimed, LeaseLost, is_held
from core.jobs.models import Job, JobSnapshot

EVERY_S = 5.0
LARGEST_BYTES = 64 << 20
_TABLE = JobSnapshot.__table__


class SnapshotTooLarge(Invalid):
    """A snapshot is larger than can be kept."""

    code = "snapshot_too_large"


def keep(database: Database, claimed: Claimed, content: bytes) -> None:
    """Put a snapshot in the place of the one before; raises `SnapshotTooLarge`, or `LeaseLost`, and keeps nothing."""
    if len(content) > LARGEST_BYTES:
        raise SnapshotTooLarge(f"a snapshot has {len(content)} bytes, {LARGEST_BYTES} are allowed")
    with database.transaction() as session:
        if session.execute(_keeping(claimed, content)).one_or_none() is None:
            raise LeaseLost(f"the lease on {claimed.id} ended")


def find(database: Database, claimed: Claimed) -> bytes | None:
    """Return the job's last snapshot, if it is of these params and this version of the kind."""
    same = (_TABLE.c.kind_version == claimed.kind_version) & (_TABLE.c.params_hash == claimed.params_hash)
    with database.statements() as session:
        content = session.scalar(select(_TABLE.c.content).where(_TABLE.c.job_id == claimed.id, same))
    return None if content is None else bytes(content)


def drop(session: Session, claimed: Claimed) -> None:
    """Forget the job's snapshot: the outcome of the same transaction takes its place."""
    session.execute(delete(JobSnapshot).where(_TABLE.c.job_id == claimed.id))


def _keeping(claimed: Claimed, content: bytes) -> Any:
    held = select(
        Job.id,
        Job.tenant_id,
        Job.kind_version,
        Job.params_hash,
        literal(content, LargeBinary),
        func.clock_timestamp(),
    )
    held = held.where(is_held()).params(job_id=claimed.id, held_fence=claimed.fence)
    columns = ["job_id", "tenant_id", "kind_version", "params_hash", "content", "kept_at"]
    new = insert(JobSnapshot).from_select(columns, held)
    fresh = {name: new.excluded[name] for name in columns[2:]}
    return new.on_conflict_do_update(index_elements=[_TABLE.c.job_id], set_=fresh).returning(_TABLE.c.job_id)
