"""The tables of stations in operation: documents, telemetry, prices, orders and plans, each row a tenant's own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Float, ForeignKey, Index, Integer, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base

_INSTANT = DateTime(timezone=True)


class PlantRow(Base):
    """A station that the tenant looks after: its document, and how it is operated."""

    __tablename__ = "pumping_plants"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    plant: Mapped[str] = mapped_column(Text, primary_key=True)
    """Its name, which is the document's."""
    document: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """Null for a shipped station."""
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    """What `schema.Operation` says, as far as it differs from the defaults."""
    active: Mapped[bool | None] = mapped_column()
    """Whether the loop plans for it; null where nobody said so: from its first measurement on."""
    clock_wall_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    """When the station's clock showed `clock_plant_at`; null: it shows what everybody's does."""
    clock_plant_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    clock_rate: Mapped[float] = mapped_column(Float, server_default="1")
    created_by: Mapped[UUID | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    version: Mapped[int] = mapped_column(Integer, server_default="1")


class StateRow(Base):
    """What was measured at the end of a quarter of an hour."""

    __tablename__ = "pumping_states"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    plant: Mapped[str] = mapped_column(Text, primary_key=True)
    at: Mapped[datetime] = mapped_column(_INSTANT, primary_key=True)
    level_m: Mapped[float] = mapped_column(Float)
    inflow_m3_per_h: Mapped[float | None] = mapped_column(Float)
    outflow_m3_per_h: Mapped[float | None] = mapped_column(Float)
    power_kw: Mapped[float | None] = mapped_column(Float)
    pumps: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    received_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class PriceRow(Base):
    """What electricity costs from an instant on, until the next row's."""

    __tablename__ = "pumping_prices"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    plant: Mapped[str] = mapped_column(Text, primary_key=True)
    at: Mapped[datetime] = mapped_column(_INSTANT, primary_key=True)
    eur_per_mwh: Mapped[float] = mapped_column(Float)


class OverrideRow(Base):
    """An operator's order for one pump."""

    __tablename__ = "pumping_overrides"
    __table_args__ = (Index("ix_pumping_overrides_of_plant", "tenant_id", "plant", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    plant: Mapped[str] = mapped_column(Text)
    pump: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    """`on`, `off` or `out`."""
    why: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(Text)
    made_by: Mapped[UUID] = mapped_column()
    starts_at: Mapped[datetime] = mapped_column(_INSTANT)
    until: Mapped[datetime] = mapped_column(_INSTANT)
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    ended_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    """When somebody ended it before its time."""
    ended_by: Mapped[str | None] = mapped_column(Text)


class PlanRow(Base):
    """One plan of the loop, from its job on to what became of it."""

    __tablename__ = "pumping_plans"
    __table_args__ = (
        Index("ix_pumping_plans_newest", "tenant_id", "plant", "id"),
        Index("ix_pumping_plans_open", "id", postgresql_where=text("status = 'planning'")),
        Index("uq_pumping_plans_slot", "tenant_id", "plant", "slot", "revision", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    plant: Mapped[str] = mapped_column(Text)
    slot: Mapped[datetime] = mapped_column(_INSTANT)
    """First step of the plan."""
    revision: Mapped[int] = mapped_column(Integer)
    """How often the slot was planned before: an override, or a late measurement, has it planned anew."""
    trigger: Mapped[str] = mapped_column(Text)
    """`schedule`, `state`, `override` or `asked`."""
    status: Mapped[str] = mapped_column(Text)
    """`planning`, then `recommended`, `applied`, `rejected`, `superseded` or `failed`."""
    job_id: Mapped[UUID | None] = mapped_column()
    origin: Mapped[str | None] = mapped_column(Text)
    """Who made it: `plan`, `repair` or `rule`."""
    reason: Mapped[str | None] = mapped_column(Text)
    """Why it is the rule controller's, or why there is none."""
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    settled_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    decided_by: Mapped[str | None] = mapped_column(Text)
    """Who accepted or rejected it; null when the loop applied it by itself."""
    decided_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    note: Mapped[str | None] = mapped_column(Text)
