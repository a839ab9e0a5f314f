"""The tables of the bus: every event of every tenant, and how many there were."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Index, Sequence, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base

_INSTANT = DateTime(timezone=True)
_DISPATCHED = text("seq IS NOT NULL")

SEQUENCE = Sequence("bus_event_seq", metadata=Base.metadata)


class BusEvent(Base):
    """One event: written in the transaction that makes it true, numbered when it is dispatched."""

    __tablename__ = "bus_events"
    __table_args__ = (
        Index("ix_bus_events_new", "id", postgresql_where=text("seq IS NULL")),
        Index("uq_bus_events_seq", "seq", unique=True, postgresql_where=_DISPATCHED),
        Index("ix_bus_events_tenant", "tenant_id", "seq", postgresql_where=_DISPATCHED),
        Index("ix_bus_events_topic", "tenant_id", "topic", "seq", postgresql_where=_DISPATCHED),
        Index("ix_bus_events_subject", "tenant_id", "subject", "seq", postgresql_where=_DISPATCHED),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    topic: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.clock_timestamp())
    job_id: Mapped[UUID | None] = mapped_column()
    """The job whose outcome it came with."""
    chain: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    """The triggers that led to it, the first one first: none of them fires again over it."""
    seq: Mapped[int | None] = mapped_column(BigInteger)
    """Its place in the order in which events are told; null until a relay has told it on."""


class BusCount(Base):
    """How many events of a topic a tenant published, and how often they were handed on."""

    __tablename__ = "bus_counts"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(Text, primary_key=True)
    published: Mapped[int] = mapped_column(BigInteger, server_default="0")
    delivered: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """Webhooks' deliveries written and triggers' jobs submitted."""
    last_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
