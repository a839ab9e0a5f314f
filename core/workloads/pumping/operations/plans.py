"""This file is about plans of the loop: the one in force, what people decide about it, and all that there were."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select, true, update
from sqlalchemy.orm import Session

from core.errors import Conflict, Missing
from core.platform.access import Principal
from core.workloads.pumping.operations.models import PlanRow
from core.workloads.pumping.operations.plants import Station

IN_FORCE = ("applied", "accepted")
OPEN = ("recommended", *IN_FORCE)
"""A plan that may be accepted or rejected still."""
CARRIED_OUT = (*IN_FORCE, "superseded")
_TABLE = PlanRow.__table__


class PlanMissing(Missing):
    """There is no such plan, or none yet."""

    code = "plan_missing"


class PlanDecided(Conflict):
    """The plan is not open to decisions any more."""

    code = "plan_decided"


class PlanImpossible(Conflict):
    """The station cannot be planned for: it is not active, or nothing was measured yet."""

    code = "plan_impossible"


def current(session: Session, station: Station) -> Row[Any]:
    """Return the newest recommendation, decided or not; raises `PlanMissing`."""
    row = _newest(session, station, _TABLE.c.status.in_(OPEN))
    if row is None:
        raise PlanMissing(_why_none(session, station))
    return row


def newest_made(session: Session, station: Station) -> Row[Any]:
    """Return the newest plan that was made, whatever became of it; raises `PlanMissing`."""
    row = _newest(session, station, _TABLE.c.result.is_not(None))
    if row is None:
        raise PlanMissing(_why_none(session, station))
    return row


def in_force(session: Session, station: Station) -> Row[Any] | None:
    """Return the plan that the station is to follow; None: it is on its own local control."""
    return _newest(session, station, _TABLE.c.status.in_(IN_FORCE))


def get(session: Session, tenant_id: UUID, plan_id: UUID) -> Row[Any]:
    """Return one plan; raises `PlanMissing`."""
    row = session.execute(select(_TABLE).where(_TABLE.c.id == plan_id, _TABLE.c.tenant_id == tenant_id)).one_or_none()
    if row is None:
        raise PlanMissing(f"there is no plan {plan_id}")
    return row


def list_plans(session: Session, station: Station, *, limit: int, after: UUID | None = None) -> list[Row[Any]]:
    """Return plans without their results, newest first, behind the plan `after`."""
    columns = [column for column in _TABLE.c if column.name != "result"]
    query = select(*columns).where(_TABLE.c.tenant_id == station.tenant_id, _TABLE.c.plant == station.name)
    if after is not None:
        query = query.where(_TABLE.c.id < after)
    return list(session.execute(query.order_by(_TABLE.c.id.desc()).limit(limit)))


def decide(
    session: Session, principal: Principal, plan_id: UUID, status: str, *, note: str | None, now: datetime
) -> Row[Any]:
    """Accept or reject a plan (`accepted`, `rejected`); raises `PlanMissing` or `PlanDecided`.

    A plan that was accepted takes the place of the one in force; one that was rejected leaves the station to its own
    control until the next.
    """
    row = session.scalars(
        select(PlanRow).where(PlanRow.id == plan_id, PlanRow.tenant_id == principal.tenant_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise PlanMissing(f"there is no plan {plan_id}")
    if row.status == status:
        return get(session, principal.tenant_id, plan_id)
    if row.status not in OPEN:
        raise PlanDecided(f"the plan is {row.status}")
    if status == "accepted":
        supersede(session, row)
    row.status, row.decided_by, row.decided_at, row.note = status, principal.label, now, note
    session.flush()
    return get(session, principal.tenant_id, plan_id)


def supersede(session: Session, row: PlanRow) -> None:
    """Let a plan take the place of those before it."""
    mine = (PlanRow.tenant_id == row.tenant_id, PlanRow.plant == row.plant, PlanRow.id < row.id)
    session.execute(update(PlanRow).where(*mine, PlanRow.status.in_(OPEN)).values(status="superseded"))


def _why_none(session: Session, station: Station) -> str:
    newest = _newest(session, station, true())
    if newest is None:
        return f"there is no plan for {station.name!r} yet: it takes a measurement, see /plants/{{id}}/state"
    became = "is still being made" if newest.status == "planning" else f"is {newest.status}"
    return (
        f"the newest plan for {station.name!r}, of {newest.slot.isoformat()}, {became}: until the next one the station "
        "is on its own control"
    )


def _newest(session: Session, station: Station, chosen: ColumnElement[bool]) -> Row[Any] | None:
    query = select(_TABLE).where(_TABLE.c.tenant_id == station.tenant_id, _TABLE.c.plant == station.name, chosen)
    return session.execute(query.order_by(_TABLE.c.id.desc()).limit(1)).one_or_none()
