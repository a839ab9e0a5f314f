"""This file is about operators' orders: who ordered what of which pump, why and until when."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict, FieldError, Invalid, Missing
from core.ids import uuid7
from core.platform.access import Principal
from core.workloads.pumping.operations.gathering import Order
from core.workloads.pumping.operations.models import OverrideRow
from core.workloads.pumping.operations.plants import Station

LONGEST = timedelta(days=7)
_TABLE = OverrideRow.__table__


class OverrideInvalid(Invalid):
    """The order cannot be followed."""

    code = "override_invalid"


class OverrideMissing(Missing):
    """There is no such order."""

    code = "override_missing"


class OverrideTaken(Conflict):
    """Another order for the same pump is in force; end it first."""

    code = "override_taken"


def give(session: Session, principal: Principal, station: Station, asked: Mapping[str, Any], *, now: datetime) -> UUID:
    """Put an order in force from `now` (the station's) until its end; raises `OverrideInvalid` or `OverrideTaken`."""
    pumps = {pump.name for pump in station.plant.pumps}
    until: datetime = asked["until"]
    if asked["pump"] not in pumps:
        raise _refuse("/pump", f"The station has no pump {asked['pump']!r}; it has {', '.join(sorted(pumps))}.")
    if until <= now:
        raise _refuse("/until", f"It would have ended by {now.isoformat()}.")
    if until > now + LONGEST:
        raise _refuse("/until", f"At most {LONGEST.days} days; longer ones belong into the station's document.")
    living = in_force(session, station, now)
    if any(row.pump == asked["pump"] for row in living):
        raise OverrideTaken(f"pump {asked['pump']} is under another order")
    stopped = {row.pump for row in living if row.action != "on"} | (
        {asked["pump"]} if asked["action"] != "on" else set()
    )
    if len(pumps - stopped) < max(1, station.plant.rules.pumps_min):
        raise _refuse("/action", "Too few pumps would be left to run: the rules ask for at least one.")
    order = OverrideRow(
        id=uuid7(),
        tenant_id=principal.tenant_id,
        plant=station.name,
        pump=asked["pump"],
        action=asked["action"],
        why=asked["why"],
        who=asked["who"] or principal.label,
        made_by=principal.id,
        starts_at=now,
        until=until,
    )
    session.add(order)
    session.flush()
    return order.id


def end(session: Session, principal: Principal, override_id: UUID, *, now: datetime) -> str:
    """End an order before its time and return its station's name; raises `OverrideMissing`. Ending twice is fine."""
    row = get(session, principal.tenant_id, override_id)
    mine = (OverrideRow.id == override_id, OverrideRow.tenant_id == principal.tenant_id, OverrideRow.ended_at.is_(None))
    session.execute(update(OverrideRow).where(*mine).values(ended_at=now, ended_by=principal.label))
    return str(row.plant)


def get(session: Session, tenant_id: UUID, override_id: UUID) -> Row[Any]:
    """Return one order; raises `OverrideMissing`."""
    query = select(_TABLE).where(_TABLE.c.id == override_id, _TABLE.c.tenant_id == tenant_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise OverrideMissing(f"there is no override {override_id}")
    return row


def list_overrides(
    session: Session, tenant_id: UUID, plant: str | None, *, limit: int, after: UUID | None = None
) -> list[Row[Any]]:
    """Return orders, newest first, behind the order `after`."""
    query = select(_TABLE).where(_TABLE.c.tenant_id == tenant_id)
    if plant is not None:
        query = query.where(_TABLE.c.plant == plant)
    if after is not None:
        query = query.where(_TABLE.c.id < after)
    return list(session.execute(query.order_by(_TABLE.c.id.desc()).limit(limit)))


def in_force(session: Session, station: Station, now: datetime) -> list[Order]:
    """Return the orders that hold at an instant of the station's clock."""
    query = select(OverrideRow).where(
        OverrideRow.tenant_id == station.tenant_id,
        OverrideRow.plant == station.name,
        OverrideRow.starts_at <= now,
        OverrideRow.until > now,
        OverrideRow.ended_at.is_(None),
    )
    rows = session.scalars(query.order_by(OverrideRow.id))
    return [Order(row.pump, row.action, row.until, row.who, row.why) for row in rows]


def _refuse(pointer: str, detail: str) -> OverrideInvalid:
    return OverrideInvalid(detail, errors=[FieldError(pointer, detail)])
