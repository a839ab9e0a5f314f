"""The periodic look at segments, audiences and accounts: whose time has come has one job see to all of the tenant's."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from core.database import Database
from core.errors import PenstockError
from core.ids import uuid7
from core.jobs.kind import JobKind
from core.jobs.submission import JobRequest, submit
from core.platform.access import Principal, Role
from core.workloads.customers import kinds
from core.workloads.customers.operations import collecting, refreshing, sweeping
from core.workloads.customers.operations.audience_models import AudienceRow, PlanRow
from core.workloads.customers.operations.models import IdentifierRow, ProfileRow
from core.workloads.customers.operations.segment_models import SegmentRow
from core.workloads.customers.operations.trust_models import AccountRow

TAG = "sweep"
CHECK = {"mode": "check"}
log = structlog.get_logger()


def submit_due(database: Database, now: datetime) -> int:
    """Submit refreshes, plans, their application, and collecting where some are due; return how many jobs.

    While such a job is not final its key is taken, so that slow ones never pile up. One that fails stops no other.
    """
    joined = AudienceRow.id == PlanRow.audience_id
    sweeps = (
        (kinds.REFRESH_SEGMENT, select(SegmentRow.tenant_id).where(refreshing.is_due(now))),
        (kinds.PLAN_AUDIENCE_SYNC, select(AudienceRow.tenant_id).where(sweeping.is_due(now))),
        (kinds.APPLY_AUDIENCE_SYNC, select(PlanRow.tenant_id).join(AudienceRow, joined).where(sweeping.is_ready())),
        (kinds.COLLECT_SIGNALS, select(AccountRow.tenant_id).where(collecting.is_due(now))),
    )
    submitted = 0
    for kind, query in sweeps:
        with database.statements() as session:
            tenants: Sequence[UUID] = session.scalars(query.distinct()).all()
        submitted += sum(_submit(database, tenant_id, kind, now) for tenant_id in tenants)
    return submitted


def submit_checks(database: Database, now: datetime) -> int:
    """Have who is who compared with a rebuild, for each tenant that has anybody; return how many jobs."""
    with database.statements() as session:
        tenants: Sequence[UUID] = session.scalars(select(IdentifierRow.tenant_id).distinct()).all()
    return sum(_submit(database, tenant_id, kinds.RESOLVE_IDENTITIES, now, CHECK) for tenant_id in tenants)


def submit_scores(database: Database, now: datetime) -> int:
    """Have customers scored, for each tenant that has any; return how many jobs."""
    with database.statements() as session:
        tenants: Sequence[UUID] = session.scalars(
            select(ProfileRow.tenant_id).where(ProfileRow.lifecycle == "customer").distinct()
        ).all()
    return sum(_submit(database, tenant_id, kinds.SCORE_RFM, now) for tenant_id in tenants)


def _submit(
    database: Database, tenant_id: UUID, kind: JobKind, now: datetime, params: Mapping[str, Any] = MappingProxyType({})
) -> bool:
    principal = Principal(uuid7(), tenant_id, Role.OPERATOR, TAG)
    request = JobRequest(kind, dict(params), tags=[TAG], unique_key=f"{kind.name}:due")
    try:
        with database.within(tenant_id).transaction() as session:
            return not submit(session, principal, request, clock=lambda: now).unique
    except (PenstockError, DBAPIError) as error:
        log.warning("customers.sweep_not_submitted", tenant_id=str(tenant_id), kind=kind.name, detail=str(error))
        return False
