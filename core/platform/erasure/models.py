"""The tables of retention and erasure: how long what is kept, and what was erased on request."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Integer, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base

_INSTANT = DateTime(timezone=True)


class RetentionRule(Base):
    """A tenant's own rule of how long something is kept."""

    __tablename__ = "retention_rules"
    __table_args__ = (CheckConstraint("days >= 1", name="days_positive"),)

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    days: Mapped[int] = mapped_column(Integer)


class Erasure(Base):
    """What was erased on request, and the evidence of it; it outlives what it tells of."""

    __tablename__ = "erasures"
    __table_args__ = (Index("ix_erasures_tenant_newest", "tenant_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    subject: Mapped[UUID | None] = mapped_column()
    """The person whose data it was; null for all of the tenant's."""
    requested_by: Mapped[UUID | None] = mapped_column()
    requested_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    keys_destroyed: Mapped[int] = mapped_column(Integer)
    """How many keys: from then on what they sealed is unreadable, in backups, too."""
    finished_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    """How many rows of which table were deleted or had their fields emptied."""
