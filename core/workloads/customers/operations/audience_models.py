"""The tables of audiences: what goes where, what each platform has acknowledged, plans with their chunks and rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, ForeignKeyConstraint, Index, Integer, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.workloads.customers import connection_models as _connections  # noqa: F401 - for the table that a key names
from core.workloads.customers.operations import segment_models as _segments  # noqa: F401 - the same

_INSTANT = DateTime(timezone=True)


class AudienceRow(Base):
    """The members of a segment as a platform is to know them."""

    __tablename__ = "customer_audiences"
    __table_args__ = (Index("uq_customer_audiences_tenant_name", "tenant_id", "name", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    name: Mapped[str] = mapped_column(Text)
    segment_id: Mapped[UUID] = mapped_column(ForeignKey("customer_segments.id"))
    connection_id: Mapped[UUID | None] = mapped_column(ForeignKey("customer_connections.id", ondelete="SET NULL"))
    """None: it goes nowhere but into files."""
    vendor: Mapped[str] = mapped_column(Text)
    """By whose rules identifiers are written before they are hashed."""
    field: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    sync_every_s: Mapped[int | None] = mapped_column(Integer)
    """None: only when somebody asks for it."""
    platform_id: Mapped[str | None] = mapped_column(Text)
    planned_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class AcknowledgedRow(Base):
    """A member that a platform has acknowledged, and has until it acknowledges the removal."""

    __tablename__ = "customer_acknowledged"
    __table_args__ = (Index("ix_customer_acknowledged_identifier", "audience_id", "identifier_id"),)

    audience_id: Mapped[UUID] = mapped_column(ForeignKey("customer_audiences.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    """What was uploaded: the digest of what the vendor's rules make of an identifier."""
    tenant_id: Mapped[UUID] = mapped_column()
    identifier_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(_INSTANT)


class PlanRow(Base):
    """How an audience is to become what it should be."""

    __tablename__ = "customer_audience_plans"
    __table_args__ = (Index("ix_customer_audience_plans_newest", "audience_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    audience_id: Mapped[UUID] = mapped_column(ForeignKey("customer_audiences.id", ondelete="CASCADE"))
    tenant_id: Mapped[UUID] = mapped_column()
    state: Mapped[str] = mapped_column(Text, server_default="planned")
    """`planned`, `applying`, `applied`, or `superseded` by a later plan."""
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    needs_confirmation: Mapped[bool] = mapped_column()
    job_id: Mapped[UUID | None] = mapped_column()
    """The job that applies it; while that is not final no other may."""
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    applied_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class ChunkRow(Base):
    """One request to a platform: its rows are settled before it is sent, and it is known by its plan and number."""

    __tablename__ = "customer_audience_chunks"

    plan_id: Mapped[UUID] = mapped_column(
        ForeignKey("customer_audience_plans.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    operation: Mapped[str] = mapped_column(Text)
    """`remove` or `add`; removals go first."""
    state: Mapped[str] = mapped_column(Text, server_default="waiting")
    """`waiting`, `sending` from before the request until its answer is kept, `acknowledged`."""
    rows: Mapped[int] = mapped_column(Integer)
    suppressed: Mapped[int] = mapped_column(Integer, server_default="0")
    refused: Mapped[int] = mapped_column(Integer, server_default="0")
    acknowledged_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class PlannedRow(Base):
    """A row of a chunk; they go when the chunk is acknowledged."""

    __tablename__ = "customer_audience_rows"
    __table_args__ = (
        ForeignKeyConstraint(
            ["plan_id", "number"],
            ["customer_audience_chunks.plan_id", "customer_audience_chunks.number"],
            ondelete="CASCADE",
        ),
        Index("ix_customer_audience_rows_identifier", "tenant_id", "identifier_id"),
    )

    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    identifier_id: Mapped[int] = mapped_column(BigInteger)
