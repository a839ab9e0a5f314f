"""The cron-like pump plan: one `pumping.optimize` job for each quarter of an hour, whoever fires how often."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import rfc3339
from core.database import Database
from core.ids import uuid7
from core.jobs.idempotency import IdempotentRequest
from core.jobs.models import Job
from core.jobs.submission import JobRequest, submit
from core.platform.access import Principal, Role
from core.platform.tenants import LOCAL_TENANT, ensure_tenant
from core.workloads.pumping import kinds
from core.workloads.pumping.replanning import params_at

EVERY = timedelta(minutes=15)
TAG = "replan"


def submit_replan(database: Database, now: datetime) -> UUID:
    """Submit the plan of the slot that `now` lies in; the slot's key makes a second submission the first one."""
    slot = datetime.fromtimestamp(now.timestamp() // EVERY.total_seconds() * EVERY.total_seconds(), UTC)
    with database.transaction() as session:
        tenant_id = ensure_tenant(session, LOCAL_TENANT)
        principal = Principal(uuid7(), tenant_id, Role.OPERATOR, "beat")
        request = JobRequest(kinds.OPTIMIZE, params_at(slot, _previous(session, tenant_id)), tags=[TAG])
        key = IdempotentRequest(f"beat:pumping.replan:{rfc3339(slot)}", rfc3339(slot))
        return submit(session, principal, request, clock=lambda: now, idempotency=key).job_id


def _previous(session: Session, tenant_id: UUID) -> dict[str, Any] | None:
    return session.scalar(
        select(Job.result)
        .where(Job.tenant_id == tenant_id, Job.tags.contains([TAG]), Job.tags != [], Job.state == "succeeded")
        .order_by(Job.id.desc())
        .limit(1)
    )
