"""The cron-like pump plan: one for each station and quarter of an hour, whoever fires how often."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.clock import rfc3339
from core.database import Database
from core.errors import PenstockError
from core.ids import uuid7
from core.jobs.idempotency import IdempotentRequest
from core.jobs.models import Job
from core.jobs.submission import JobRequest, submit
from core.platform.access import Principal, Role
from core.platform.tenants import LOCAL_TENANT, ensure_tenant
from core.workloads.pumping import kinds
from core.workloads.pumping.operations import loop
from core.workloads.pumping.operations.plants import list_active
from core.workloads.pumping.replanning import params_at

log = structlog.get_logger()

EVERY = timedelta(minutes=15)
TAG = "replan"


def turn_loops(database: Database, now: datetime) -> int:
    """Turn the loop of every station in operation and return how many there are; one that fails stops no other."""
    with database.transaction() as session:
        stations = list_active(session)
    for station in stations:
        try:
            with database.transaction() as session:
                loop.turn(session, station, "schedule", clock=lambda: now)
        except (PenstockError, DBAPIError) as error:
            log.warning("pumping.turn_failed", plant=station.name, tenant_id=str(station.tenant_id), detail=str(error))
    return len(stations)


def submit_replan(database: Database, now: datetime) -> UUID:
    """Submit the plan of the slot that `now` lies in, for the generated station that stands in where there is none.

    The slot's key makes a second submission the first one.
    """
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
