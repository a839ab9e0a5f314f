"""The tables of notifications: channels, rules that choose among events, and each message with its attempts."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, Integer, Text, Time, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.platform.sealing.columns import SealedText
from core.platform.sealing.values import Sealed
from core.platform.tenants import Tenant

_INSTANT = DateTime(timezone=True)


class NotificationChannel(Base):
    """Where messages may go: an address as apprise writes them, which holds passwords and tokens."""

    __tablename__ = "notification_channels"
    __table_args__ = (Index("ix_notification_channels_tenant_newest", "tenant_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id))
    name: Mapped[str] = mapped_column(Text)
    service: Mapped[str] = mapped_column(Text)
    """Scheme of the address: `mailto`, `slack` …"""
    url: Mapped[Sealed] = mapped_column(SealedText)
    active: Mapped[bool] = mapped_column(server_default="true")
    disabled_reason: Mapped[str | None] = mapped_column(Text)
    failures: Mapped[int] = mapped_column(Integer, server_default="0")
    """Attempts that failed since the last that did not."""
    failing_since: Mapped[datetime | None] = mapped_column(_INSTANT)
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class NotificationRule(Base):
    """Which events are told through a channel, and when not."""

    __tablename__ = "notification_rules"
    __table_args__ = (Index("ix_notification_rules_tenant_newest", "tenant_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id))
    channel_id: Mapped[UUID] = mapped_column(ForeignKey(NotificationChannel.id, ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Text)
    events: Mapped[list[str]] = mapped_column(ARRAY(Text))
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """Of which kinds of job, where it is about jobs; empty: of all."""
    sources: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """Alerts of which sources; empty: of all."""
    least_severity: Mapped[int] = mapped_column(Integer, server_default="0")
    """0 info, 1 warning, 2 critical."""
    repeat_after_s: Mapped[int] = mapped_column(Integer, server_default="900")
    """For so long the same is not told again, only counted."""
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_to: Mapped[time | None] = mapped_column(Time)
    timezone: Mapped[str] = mapped_column(Text, server_default="UTC")
    active: Mapped[bool] = mapped_column(server_default="true")
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class Notification(Base):
    """One message for one channel, and what came of the attempts to send it."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_due", "next_attempt_at", postgresql_where=text("next_attempt_at IS NOT NULL")),
        Index("ix_notifications_same", "rule_id", "key", "created_at", postgresql_where=text("rule_id IS NOT NULL")),
        Index("ix_notifications_tenant_newest", "tenant_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    channel_id: Mapped[UUID] = mapped_column(ForeignKey(NotificationChannel.id, ondelete="CASCADE"))
    rule_id: Mapped[UUID | None] = mapped_column()
    """Which rule chose it; null where somebody tried the channel out."""
    event: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    """What it is about: the same within a rule's `repeat_after_s` is one message."""
    severity: Mapped[int] = mapped_column(Integer, server_default="0")
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    repeats: Mapped[int] = mapped_column(Integer, server_default="0")
    """How often the same happened since."""
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    due_since: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    """When it was made, or the quiet hours ended that kept it."""
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    next_attempt_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    delivered_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    log: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    """What came of the latest attempts: at, error."""
