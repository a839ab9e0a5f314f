"""The table of alert rules: which figure is watched, when it is wrong, and what the rule says now."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Float, ForeignKey, Index, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.platform.tenants import Tenant

_INSTANT = DateTime(timezone=True)


class AlertRule(Base):
    """A figure that is watched each minute."""

    __tablename__ = "alert_rules"
    __table_args__ = (
        CheckConstraint("state IN ('ok', 'pending', 'firing')", name="state_known"),
        Index("ix_alert_rules_tenant_newest", "tenant_id", "id"),
        Index("uq_alert_rules_built_in", "built_in", unique=True, postgresql_where=text("built_in IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id))
    name: Mapped[str] = mapped_column(Text)
    built_in: Mapped[str | None] = mapped_column(Text)
    """Name of the platform's own rule that it is; null for one that a tenant made."""
    metric: Mapped[str] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)
    """Of which kind of job; null: of all."""
    above: Mapped[bool] = mapped_column(server_default="true")
    threshold: Mapped[float] = mapped_column(Float)
    clear_threshold: Mapped[float] = mapped_column(Float)
    for_s: Mapped[float] = mapped_column(Float, server_default="0")
    severity: Mapped[str] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(server_default="true")
    state: Mapped[str] = mapped_column(Text, server_default="ok")
    since: Mapped[datetime | None] = mapped_column(_INSTANT)
    """Since when its figure is wrong."""
    value: Mapped[float | None] = mapped_column(Float)
    """The figure when it was last looked at; null when there was none."""
    note: Mapped[str | None] = mapped_column(Text)
    """Why there was none."""
    evaluated_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
