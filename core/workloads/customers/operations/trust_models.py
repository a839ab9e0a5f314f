"""The tables of trust: accounts, evidence, the standing, decisions; each row a tenant's own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Float, ForeignKey, Index, Integer, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.workloads.customers.connection_models import ConnectionRow
from core.workloads.customers.operations.models import SourceRow

_INSTANT = DateTime(timezone=True)


class AccountRow(Base):
    """An advertising account whose signals are watched."""

    __tablename__ = "customer_accounts"
    __table_args__ = (Index("uq_customer_accounts_tenant_name", "tenant_id", "name", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    name: Mapped[str] = mapped_column(Text)
    vendor: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)
    connection_id: Mapped[UUID | None] = mapped_column(ForeignKey(ConnectionRow.id, ondelete="SET NULL"))
    """Through which its platform is asked for reports."""
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey(SourceRow.id, ondelete="SET NULL"))
    """Whose events are our own measurement of the same."""
    asked_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    """When the platform was last asked."""
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class SignalRow(Base):
    """What was measured of an account in one window; told again it takes the place of what was told before."""

    __tablename__ = "customer_signals"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("customer_accounts.id", ondelete="CASCADE"), primary_key=True)
    window_end: Mapped[datetime] = mapped_column(_INSTANT, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    evidence: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    received_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class AccountHourRow(Base):
    """What became of the calls to an account's platform in an hour."""

    __tablename__ = "customer_account_hours"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("customer_accounts.id", ondelete="CASCADE"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(_INSTANT, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    calls: Mapped[int] = mapped_column(Integer, server_default="0")
    failures: Mapped[int] = mapped_column(Integer, server_default="0")


class StandingRow(Base):
    """Where a tenant's trust stands."""

    __tablename__ = "customer_standings"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    level: Mapped[int] = mapped_column(Integer, server_default="1")
    recent: Mapped[list[float]] = mapped_column(ARRAY(Float), server_default="{}")
    window_end: Mapped[datetime | None] = mapped_column(_INSTANT)
    """The latest window that was judged."""
    killed: Mapped[bool] = mapped_column(server_default="false")
    reason: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(Text)


class DecisionRow(Base):
    """What the gate said, and all that it hung on."""

    __tablename__ = "customer_decisions"
    __table_args__ = (Index("ix_customer_decisions_newest", "tenant_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    action: Mapped[str] = mapped_column(Text)
    risk: Mapped[str] = mapped_column(Text)
    verdict: Mapped[str] = mapped_column(Text)
    score: Mapped[float] = mapped_column(Float)
    level: Mapped[int] = mapped_column(Integer)
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    rule_version: Mapped[int] = mapped_column(Integer)
    inputs: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(_INSTANT)
