"""Reading schedules and what became of their fire times; always within one tenant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select, true
from sqlalchemy.orm import Session

from core.errors import Missing
from core.jobs.schedule_models import Schedule, ScheduleRun

_TABLE, _RUNS = Schedule.__table__, ScheduleRun.__table__


class ScheduleMissing(Missing):
    """There is no such schedule."""

    code = "schedule_missing"


def get_schedule(session: Session, tenant_id: UUID, schedule_id: UUID) -> Row[Any]:
    """Return one schedule's row with its latest run; raises `ScheduleMissing`, for another tenant's, too."""
    row = session.execute(_with_latest_run(tenant_id).where(_TABLE.c.id == schedule_id)).one_or_none()
    if row is None:
        raise ScheduleMissing(f"there is no schedule {schedule_id}")
    return row


def list_schedules(
    session: Session,
    tenant_id: UUID,
    *,
    limit: int,
    after: UUID | None = None,
    kind: str | None = None,
    paused: bool | None = None,
) -> Sequence[Row[Any]]:
    """Return up to `limit` schedules with their latest runs, newest first, beginning behind the schedule `after`."""
    query = _with_latest_run(tenant_id).order_by(_TABLE.c.id.desc()).limit(limit)
    if after is not None:
        query = query.where(_TABLE.c.id < after)
    if kind is not None:
        query = query.where(_TABLE.c.kind == kind)
    if paused is not None:
        query = query.where(_TABLE.c.paused == paused)
    return session.execute(query).all()


def list_runs(session: Session, schedule_id: UUID, *, limit: int, before: datetime | None = None) -> Sequence[Row[Any]]:
    """Return what became of a schedule's fire times, newest first, beginning behind the fire time `before`."""
    query = select(_RUNS).where(_RUNS.c.schedule_id == schedule_id)
    if before is not None:
        query = query.where(_RUNS.c.fire_at < before)
    return session.execute(query.order_by(_RUNS.c.fire_at.desc()).limit(limit)).all()


def _with_latest_run(tenant_id: UUID) -> Select[Any]:
    latest = (
        select(_RUNS)
        .where(_RUNS.c.schedule_id == _TABLE.c.id)
        .order_by(_RUNS.c.fire_at.desc())
        .limit(1)
        .lateral("latest")
    )
    run = [latest.c[name].label(f"run_{name}") for name in ("fire_at", "outcome", "job_id", "detail", "recorded_at")]
    return select(_TABLE, *run).outerjoin_from(_TABLE, latest, true()).where(_TABLE.c.tenant_id == tenant_id)
