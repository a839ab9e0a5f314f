"""The tables of simulated platforms: what they have been asked, what they hold; each row a tenant's own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, Integer, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.workloads.customers.connection_models import ConnectionRow

_INSTANT = DateTime(timezone=True)


class SimulationRow(Base):
    """A simulated platform's counts."""

    __tablename__ = "customer_simulations"

    connection_id: Mapped[UUID] = mapped_column(ForeignKey(ConnectionRow.id, ondelete="CASCADE"), primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    calls: Mapped[int] = mapped_column(BigInteger, server_default="0")
    operations: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}")
    """How often each operation was called."""
    made: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """How many things it has given an id."""
    minute_began_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    minute_calls: Mapped[int] = mapped_column(Integer, server_default="0")


class SimulatedObjectRow(Base):
    """An audience, a batch, a campaign or a part of it, or a contact."""

    __tablename__ = "customer_simulated_objects"
    __table_args__ = (
        Index("ix_customer_simulated_objects_reference", "connection_id", "sort", "reference"),
        Index("ix_customer_simulated_objects_changed", "connection_id", "sort", "changed_at", "id"),
    )

    connection_id: Mapped[UUID] = mapped_column(ForeignKey(ConnectionRow.id, ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    sort: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text)
    parent: Mapped[str | None] = mapped_column(Text)
    body: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    number: Mapped[int] = mapped_column(BigInteger)
    """The order in which things were made."""
    changed_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.clock_timestamp())


class SimulatedMemberRow(Base):
    """A row that came for an audience."""

    __tablename__ = "customer_simulated_members"

    connection_id: Mapped[UUID] = mapped_column(ForeignKey(ConnectionRow.id, ondelete="CASCADE"), primary_key=True)
    audience: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    present: Mapped[bool] = mapped_column()
    repeats: Mapped[int] = mapped_column(Integer, server_default="0")
    """How often it came and changed nothing."""
