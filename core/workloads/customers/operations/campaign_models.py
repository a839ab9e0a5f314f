"""The table of campaigns; each row a tenant's own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Float, ForeignKey, Index, Integer, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.workloads.customers.campaigns.states import STATES
from core.workloads.customers.connection_models import ConnectionRow

_INSTANT = DateTime(timezone=True)


class CampaignRow(Base):
    """A campaign on its way to a platform."""

    __tablename__ = "customer_campaigns"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(one) for one in STATES)})", name="state_known"),
        Index("ix_customer_campaigns_newest", "tenant_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    connection_id: Mapped[UUID] = mapped_column(ForeignKey(ConnectionRow.id, ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="draft")
    version: Mapped[int] = mapped_column(Integer, server_default="0")
    """Which submission this is: what was submitted is not changed any more."""
    daily_budget: Mapped[float] = mapped_column(Float)
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    """What each level is created with."""
    external: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}")
    """The platform's ids by level, each written down before the next is created."""
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    history: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    made_by: Mapped[UUID] = mapped_column()
    decided_by: Mapped[str | None] = mapped_column(Text)
    on_job_id: Mapped[UUID | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    changed_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
