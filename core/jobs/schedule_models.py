"""The tables of schedules: the rules by which tenants submit jobs at times, and what became of each fire time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Float, ForeignKey, Index, Integer, SmallInteger, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base

_INSTANT = DateTime(timezone=True)


class Schedule(Base):
    """A tenant's rule that submits a job of one kind at times."""

    __tablename__ = "schedules"
    __table_args__ = (
        Index("ix_schedules_tenant_newest", "tenant_id", "id"),
        Index("ix_schedules_due", "next_fire_at", postgresql_where=text("NOT paused AND next_fire_at IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    name: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[UUID | None] = mapped_column()
    role: Mapped[str] = mapped_column(Text)
    """Role of whoever made it: its jobs may do what they might."""
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    version: Mapped[int] = mapped_column(Integer, server_default="1")

    kind: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    priority: Mapped[int] = mapped_column(SmallInteger, server_default="5")
    timeout_s: Mapped[float | None] = mapped_column(Float)
    max_attempts: Mapped[int | None] = mapped_column(Integer)
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    callback_url: Mapped[str | None] = mapped_column(Text)

    cron: Mapped[str | None] = mapped_column(Text)
    every_s: Mapped[float | None] = mapped_column(Float)
    timezone: Mapped[str] = mapped_column(Text, server_default="UTC")
    jitter_s: Mapped[float] = mapped_column(Float, server_default="0")
    missed: Mapped[str] = mapped_column(Text, server_default="once")
    overlap: Mapped[str] = mapped_column(Text, server_default="allow")
    paused: Mapped[bool] = mapped_column(server_default="false")
    paused_reason: Mapped[str | None] = mapped_column(Text)
    """Why the platform paused it; null when somebody did."""
    starts_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    ends_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    next_fire_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    """When it is to fire next; null when it never will again."""


class ScheduleRun(Base):
    """What became of one fire time of one schedule; the key is why none fires twice."""

    __tablename__ = "schedule_runs"

    schedule_id: Mapped[UUID] = mapped_column(ForeignKey("schedules.id", ondelete="CASCADE"), primary_key=True)
    fire_at: Mapped[datetime] = mapped_column(_INSTANT, primary_key=True)
    outcome: Mapped[str] = mapped_column(Text)
    """`submitted`, `manual`, `missed`, `overlapped` or `refused`."""
    job_id: Mapped[UUID | None] = mapped_column()
    detail: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
