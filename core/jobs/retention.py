"""Retention as a tenant's admin sees it: how long jobs are kept, and what became of those that are gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.jobs.models import Job, PrunedCount
from core.platform.tenants import Tenant


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many jobs of one kind and end were pruned."""

    kind: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class Retention:
    """One tenant's retention."""

    days: int
    of_its_own: bool
    """Whether it is the tenant's own rule, not the installation's."""
    oldest_end_at: datetime | None
    """When the job ended that is to be pruned next."""
    pruned: Sequence[Pruned]


def read_retention(session: Session, tenant_id: UUID, *, default_days: int) -> Retention:
    """Return the rule that holds for a tenant and what it has done so far."""
    own_days = session.scalar(select(Tenant.retention_days).where(Tenant.id == tenant_id))
    ended = select(func.min(Job.finished_at)).where(Job.tenant_id == tenant_id, Job.finished_at.is_not(None))
    pruned = (
        select(PrunedCount.kind, PrunedCount.state, func.sum(PrunedCount.count))
        .where(PrunedCount.tenant_id == tenant_id)
        .group_by(PrunedCount.kind, PrunedCount.state)
        .order_by(PrunedCount.kind, PrunedCount.state)
    )
    return Retention(
        days=default_days if own_days is None else own_days,
        of_its_own=own_days is not None,
        oldest_end_at=session.scalar(ended),
        pruned=[Pruned(kind, state, int(count)) for kind, state, count in session.execute(pruned)],
    )
