"""This file is about the sweep of audiences: which are to be planned, and which plans may be applied by themselves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.workloads.customers.operations.audience_models import AudienceRow, PlanRow


def due(session: Session, tenant_id: UUID, now: datetime) -> Sequence[str]:
    """Return the names of audiences whose time has come and no plan of which is half applied."""
    mine = (AudienceRow.tenant_id == tenant_id, is_due(now))
    return session.scalars(select(AudienceRow.name).where(*mine).order_by(AudienceRow.name)).all()


def is_due(now: datetime) -> Any:
    """Return the condition that an audience is to be planned."""
    period = func.make_interval(0, 0, 0, 0, 0, 0, AudienceRow.sync_every_s)
    passed = or_(AudienceRow.planned_at.is_(None), AudienceRow.planned_at + period <= now)
    halfway = select(PlanRow.id).where(PlanRow.audience_id == AudienceRow.id, PlanRow.state == "applying").exists()
    return AudienceRow.sync_every_s.is_not(None) & AudienceRow.connection_id.is_not(None) & passed & ~halfway


def ready(session: Session, tenant_id: UUID) -> Sequence[UUID]:
    """Return the plans that may be applied by themselves: of audiences that are synced so, and not removing many."""
    mine = (PlanRow.tenant_id == tenant_id, is_ready())
    query = select(PlanRow.id).join(AudienceRow, AudienceRow.id == PlanRow.audience_id).where(*mine)
    return session.scalars(query.order_by(PlanRow.id)).all()


def is_ready() -> Any:
    """Return the condition that a plan, joined with its audience, may be applied by itself."""
    by_itself = AudienceRow.sync_every_s.is_not(None) & AudienceRow.connection_id.is_not(None)
    waiting = (PlanRow.state == "planned") & PlanRow.needs_confirmation.is_(False)
    return by_itself & or_(waiting, PlanRow.state == "applying")
