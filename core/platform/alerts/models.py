"""The tables of alerts: what is or was wrong, and what became of it step by step."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.platform.tenants import Tenant

_INSTANT = DateTime(timezone=True)
_OPEN = text("state <> 'resolved'")


class Severity(StrEnum):
    """How urgent it is, the least first."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class AlertState(StrEnum):
    """Where an alert is: seen but not for long enough, true, over."""

    PENDING = "pending"
    FIRING = "firing"
    RESOLVED = "resolved"


def _one_of(column: str, words: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"


class Alert(Base):
    """One thing that is or was wrong; at most one of a key is open at a time."""

    __tablename__ = "alerts"
    __table_args__ = (
        CheckConstraint(_one_of("severity", Severity), name="severity_known"),
        CheckConstraint(_one_of("state", AlertState), name="state_known"),
        Index("uq_alerts_open", "tenant_id", "source", "key", unique=True, postgresql_where=_OPEN),
        Index("ix_alerts_tenant_newest", "tenant_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id))
    source: Mapped[str] = mapped_column(Text)
    """Which part of the platform raised it: `platform`, `rule`, or a workload's name."""
    key: Mapped[str] = mapped_column(Text)
    """What it is about, as its source names it: raising it again while it is open is the same alert."""
    severity: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    """Number of its latest event."""
    times: Mapped[int] = mapped_column(Integer, server_default="1")
    """How often it was raised."""
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    fired_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    last_raised_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    acknowledged_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    acknowledged_by: Mapped[str | None] = mapped_column(Text)
    resolved_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class AlertEvent(Base):
    """One step of an alert, numbered without gaps."""

    __tablename__ = "alert_events"

    alert_id: Mapped[UUID] = mapped_column(ForeignKey(Alert.id, ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    type: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.clock_timestamp())
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
