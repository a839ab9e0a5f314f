"""The tables of the autopilot: what it is held to, and the queue of actions; each row a tenant's own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Float, ForeignKey, Index, Integer, Text, Uuid, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.workloads.customers.autopilot.states import STATES
from core.workloads.customers.connection_models import ConnectionRow

_INSTANT = DateTime(timezone=True)


class AutopilotRow(Base):
    """What a tenant's autopilot is held to, whatever the gate says."""

    __tablename__ = "customer_autopilots"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    ceiling: Mapped[str] = mapped_column(Text, server_default="normal")
    """The mode above which it does not go."""
    max_step: Mapped[float] = mapped_column(Float, server_default="0.2")
    min_hours: Mapped[float] = mapped_column(Float, server_default="24")
    max_per_day: Mapped[int] = mapped_column(Integer, server_default="50")
    decided_by: Mapped[str | None] = mapped_column(Text)


class ActionRow(Base):
    """Something to be done on a platform, and how far it has come."""

    __tablename__ = "customer_actions"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(one) for one in STATES)})", name="state_known"),
        Index("ix_customer_actions_newest", "tenant_id", "id"),
        Index("ix_customer_actions_target", "connection_id", "target", "applied_at"),
        Index(
            "ix_customer_actions_open",
            "tenant_id",
            "state",
            postgresql_where="state IN ('proposed', 'gated', 'approved', 'applying', 'rolling_back')",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    action: Mapped[str] = mapped_column(Text)
    risk: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="proposed")
    connection_id: Mapped[UUID | None] = mapped_column(ForeignKey(ConnectionRow.id, ondelete="CASCADE"))
    """Null where all platforms are meant."""
    target: Mapped[str | None] = mapped_column(Text)
    """The platform's id of a campaign."""
    wanted: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What there was on the platform, to be put back."""
    why: Mapped[str | None] = mapped_column(Text)
    """What whoever proposed it says."""
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """Why it is where it is."""
    decision_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    """What the gate said, each time; each replays."""
    history: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    made_by: Mapped[UUID] = mapped_column()
    decided_by: Mapped[str | None] = mapped_column(Text)
    on_job_id: Mapped[UUID | None] = mapped_column()
    """The job that works on it."""
    tries: Mapped[int] = mapped_column(Integer, server_default="0")
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    changed_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    applied_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    expires_at: Mapped[datetime] = mapped_column(_INSTANT)
