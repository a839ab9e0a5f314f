"""This file is about which stations a tenant has: those shipped with the product and its own documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import Conflict, FieldError, Invalid, Missing, field_errors
from core.platform.access import Principal
from core.workloads.pumping import plant as plants
from core.workloads.pumping.operations.models import OverrideRow, PlanRow, PlantRow, PriceRow, StateRow
from core.workloads.pumping.plant import Plant


class PlantMissing(Missing):
    """There is no such station."""

    code = "plant_missing"


class PlantInvalid(Invalid):
    """The station's document contradicts itself or is incomplete."""

    code = "plant_invalid"


class PlantShipped(Conflict):
    """A station of that name is shipped with the product and stays as it is."""

    code = "plant_shipped"


@dataclass(frozen=True, slots=True)
class Station:
    """A station as one tenant operates it."""

    tenant_id: UUID
    name: str
    document: Mapping[str, Any] | None
    settings: Mapping[str, Any]
    active: bool
    clock_wall_at: datetime | None = None
    clock_plant_at: datetime | None = None
    clock_rate: float = 1.0
    version: int = 0

    @property
    def shipped(self) -> bool:
        """Tell whether its document is the product's own."""
        return self.document is None

    @property
    def as_param(self) -> str | Mapping[str, Any]:
        """Return what jobs take for `plant`."""
        return self.name if self.document is None else self.document

    @property
    def plant(self) -> Plant:
        """Return its document, read."""
        return plants.resolve(self.as_param)

    @property
    def zone(self) -> str:
        """Name the time zone by whose midnights its days are told."""
        return str(self.settings.get("timezone", "UTC"))

    def now(self, wall: datetime) -> datetime:
        """Return what the station's own clock shows; a simulated one may run faster than everybody's."""
        if self.clock_wall_at is None or self.clock_plant_at is None:
            return wall
        return self.clock_plant_at + (wall - self.clock_wall_at) * self.clock_rate


def list_stations(session: Session, tenant_id: UUID) -> list[Station]:
    """Return all stations by name: the tenant's own, and those shipped."""
    rows = session.scalars(select(PlantRow).where(PlantRow.tenant_id == tenant_id)).all()
    own = {row.plant: _station(row) for row in rows}
    shipped = {name: Station(tenant_id, name, None, {}, active=False) for name in plants.names()}
    return [station for _, station in sorted((shipped | own).items())]


def find(session: Session, tenant_id: UUID, name: str) -> Station:
    """Return a station; raises `PlantMissing`."""
    row = session.get(PlantRow, (tenant_id, name), populate_existing=True)
    if row is not None:
        return _station(row)
    if name in plants.names():
        return Station(tenant_id, name, None, {}, active=False)
    raise PlantMissing(f"there is no station {name!r}")


def list_active(session: Session) -> list[Station]:
    """Return every tenant's stations that the loop plans for; for the platform's own chores."""
    rows = session.scalars(
        select(PlantRow).where(PlantRow.active.is_(True)).order_by(PlantRow.tenant_id, PlantRow.plant)
    ).all()
    return [_station(row) for row in rows]


def put(session: Session, principal: Principal, document: Mapping[str, Any]) -> Station:
    """Keep a document under its name, in place of the one before; raises `PlantInvalid` or `PlantShipped`."""
    try:
        name = plants.from_document(document).name
    except ValidationError as error:
        told = list(field_errors(error.messages, "/document"))
        raise PlantInvalid(f"{len(told)} problem(s) in the station's document", errors=told) from error
    if name in plants.names():
        raise PlantShipped(f"{name!r} is shipped with the product", errors=[FieldError("/document/name", "Taken.")])
    values = {"document": dict(document), "created_by": principal.id}
    _write(session, principal.tenant_id, name, values)
    return find(session, principal.tenant_id, name)


def change(session: Session, tenant_id: UUID, name: str, changes: Mapping[str, Any]) -> Station:
    """Change how a station is operated: `active`, the clock's fields, and settings, which are merged."""
    station = find(session, tenant_id, name)
    columns = {
        key: changes[key] for key in ("active", "clock_wall_at", "clock_plant_at", "clock_rate") if key in changes
    }
    settings = {**station.settings, **changes.get("settings", {})}
    _write(session, tenant_id, name, {**columns, "settings": {k: v for k, v in settings.items() if v is not None}})
    return find(session, tenant_id, name)


def activate(session: Session, tenant_id: UUID, name: str) -> None:
    """Have the loop plan for a station that is heard of for the first time; one that was switched off stays so."""
    statement = insert(PlantRow).values(tenant_id=tenant_id, plant=name, active=True)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[PlantRow.tenant_id, PlantRow.plant],
            set_={"active": True},
            where=PlantRow.active.is_(None),
        )
    )


def remove(session: Session, tenant_id: UUID, name: str) -> None:
    """Forget a station and all that is kept of it; a shipped one goes back to how it was shipped."""
    find(session, tenant_id, name)
    for table in (PlanRow, OverrideRow, PriceRow, StateRow, PlantRow):
        session.execute(delete(table).where(table.tenant_id == tenant_id, table.plant == name))


def _write(session: Session, tenant_id: UUID, name: str, values: Mapping[str, Any]) -> None:
    statement = insert(PlantRow).values(tenant_id=tenant_id, plant=name, **values)
    changed = {**values, "version": PlantRow.version + 1}
    session.execute(statement.on_conflict_do_update(index_elements=[PlantRow.tenant_id, PlantRow.plant], set_=changed))


def _station(row: PlantRow) -> Station:
    return Station(
        row.tenant_id,
        row.plant,
        row.document,
        row.settings,
        bool(row.active),
        row.clock_wall_at,
        row.clock_plant_at,
        row.clock_rate,
        row.version,
    )
