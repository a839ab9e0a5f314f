"""The tables of webhooks: who wants to hear of what, and each delivery with its attempts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, Integer, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.platform.tenants import Tenant

_INSTANT = DateTime(timezone=True)


class Webhook(Base):
    """A tenant's wish to hear of the ends of its jobs at an address."""

    __tablename__ = "webhooks"
    __table_args__ = (Index("ix_webhooks_tenant_newest", "tenant_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id))
    url: Mapped[str] = mapped_column(Text)
    events: Mapped[list[str]] = mapped_column(ARRAY(Text))
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """Of which kinds of job; empty: of all."""
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """One of which a job has to bear; empty: none."""
    active: Mapped[bool] = mapped_column(server_default="true")
    disabled_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    disabled_reason: Mapped[str | None] = mapped_column(Text)
    """Why the platform disabled it; null when somebody did."""
    failures: Mapped[int] = mapped_column(Integer, server_default="0")
    """Attempts that failed since the last that did not."""
    failing_since: Mapped[datetime | None] = mapped_column(_INSTANT)
    secret_version: Mapped[int] = mapped_column(Integer, server_default="1")
    rotated_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class Delivery(Base):
    """One message for one address: what it says, and what came of the attempts to deliver it."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index(
            "ix_webhook_deliveries_due",
            "receiver",
            "next_attempt_at",
            postgresql_where=text("next_attempt_at IS NOT NULL"),
        ),
        Index("ix_webhook_deliveries_webhook", "webhook_id", "id", postgresql_where=text("webhook_id IS NOT NULL")),
        Index("ix_webhook_deliveries_job", "job_id", "id", postgresql_where=text("job_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """What receivers know it by, however often it is tried."""
    tenant_id: Mapped[UUID] = mapped_column()
    webhook_id: Mapped[UUID | None] = mapped_column()
    """The webhook it is for; null for a job's own `callback_url`."""
    job_id: Mapped[UUID | None] = mapped_column()
    event: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    receiver: Mapped[str] = mapped_column(Text)
    """Host and port of the address: how much is under way to one receiver at a time is bounded."""
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    due_since: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    """When it was made or last replayed: attempts go on for a day from then."""
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    next_attempt_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    """When it is to be tried next, or to be given to another courier; null when that is over."""
    delivered_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    log: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    """What came of the latest attempts: at, status, duration_s, error."""
