"""The tables of triggers: rules that submit a job when an event happens, and what became of each event."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, Integer, SmallInteger, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.platform.tenants import Tenant

_INSTANT = DateTime(timezone=True)


class Trigger(Base):
    """A tenant's rule: on a topic, for events that pass a filter, submit a job with params taken from the event."""

    __tablename__ = "triggers"
    __table_args__ = (
        Index("ix_triggers_tenant_newest", "tenant_id", "id"),
        Index("ix_triggers_topic", "tenant_id", "topic", postgresql_where=text("active")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id))
    name: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[UUID | None] = mapped_column()
    role: Mapped[str] = mapped_column(Text)
    """Role of whoever made it: its jobs may do what they might."""
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())

    topic: Mapped[str] = mapped_column(Text)
    filter: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    kind: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    params_from: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    """Where in the params goes what of the event, both as JSON pointers."""
    priority: Mapped[int] = mapped_column(SmallInteger, server_default="5")
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    max_depth: Mapped[int] = mapped_column(Integer, server_default="5")
    """How many triggers may have led to an event that it still fires for."""
    max_per_minute: Mapped[int] = mapped_column(Integer, server_default="120")

    active: Mapped[bool] = mapped_column(server_default="true")
    paused_reason: Mapped[str | None] = mapped_column(Text)
    """Why the platform paused it; null when somebody did."""
    fired: Mapped[int] = mapped_column(BigInteger, server_default="0")
    suppressed: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """Events that passed the filter but submitted nothing: loops, too many a minute, refused jobs."""
    last_fired_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    minute_began_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    in_minute: Mapped[int] = mapped_column(Integer, server_default="0")


class TriggerRun(Base):
    """What became of one event at one trigger; the key is why none fires twice."""

    __tablename__ = "trigger_runs"
    __table_args__ = (
        Index("ix_trigger_runs_job", "job_id", postgresql_where=text("job_id IS NOT NULL")),
        Index("ix_trigger_runs_newest", "trigger_id", "seq"),
    )

    trigger_id: Mapped[UUID] = mapped_column(ForeignKey("triggers.id", ondelete="CASCADE"), primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    """The event's number."""
    outcome: Mapped[str] = mapped_column(Text)
    """`submitted`, `looped`, `too_deep`, `too_many` or `refused`."""
    job_id: Mapped[UUID | None] = mapped_column()
    chain: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    """The triggers that led to the job, this one the last."""
    detail: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
