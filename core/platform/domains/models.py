"""The tables of domains: what they are, their windows, what is true of them, how they stand."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Float, ForeignKey, Index, Integer, LargeBinary, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.platform.tenants import Tenant

_INSTANT = DateTime(timezone=True)
STATUSES = ("active", "paused", "stopped")
SOURCES = ("synthetic", "manual")


class Domain(Base):
    """A source of windows: generated at times, uploaded, or both."""

    __tablename__ = "domains"
    __table_args__ = (
        Index("uq_domains_tenant_name", "tenant_id", "name", unique=True),
        Index("ix_domains_tenant_newest", "tenant_id", "id"),
        CheckConstraint("status IN ('active', 'paused', 'stopped')", name="status_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id))
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default="")
    variables: Mapped[list[str]] = mapped_column(ARRAY(Text))
    generator: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """How windows are generated; null where they are only uploaded."""
    window_size: Mapped[int] = mapped_column(Integer)
    interval_s: Mapped[float | None] = mapped_column(Float)
    offset_s: Mapped[float] = mapped_column(Float, server_default="0")
    status: Mapped[str] = mapped_column(Text, server_default="active")
    seed: Mapped[int] = mapped_column(BigInteger)
    retention_windows: Mapped[int] = mapped_column(Integer, server_default="1000")
    schedule_id: Mapped[UUID | None] = mapped_column()
    """The schedule that generates its windows."""
    next_index: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """Of the next window; whoever is to make windows reserves their indices here first."""
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class Window(Base):
    """One window: rows of a domain's variables, as an Arrow stream here or as a part of stored bytes."""

    __tablename__ = "windows"
    __table_args__ = (
        Index("ix_windows_started", "domain_id", "started_at"),
        Index("ix_windows_bytes", "sha256", postgresql_where="sha256 IS NOT NULL"),
    )

    domain_id: Mapped[UUID] = mapped_column(ForeignKey("domains.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    """Its index in the domain; `index` is what rows call something else."""
    tenant_id: Mapped[UUID] = mapped_column()
    source: Mapped[str] = mapped_column(Text)
    rows: Mapped[int] = mapped_column(Integer)
    continues: Mapped[bool] = mapped_column(server_default="false")
    """Whether its first row follows in time directly on the last one of the window before."""
    started_at: Mapped[datetime] = mapped_column(_INSTANT)
    stored_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.clock_timestamp())
    size: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    sha256: Mapped[str | None] = mapped_column(Text)
    """The stored bytes that it is a part of, where it is too large for a row."""
    begins_at: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """At which of those bytes it begins."""
    receipt: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    """What made it: the generator's hash and seed, or the upload; and the job."""
    summary: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    """By variable: how many values, missing ones, mean, spread, quantiles."""


class WindowTruth(Base):
    """What is true of a generated window: kept apart, so that discovery may be scored by it but does not see it."""

    __tablename__ = "window_truths"

    domain_id: Mapped[UUID] = mapped_column(ForeignKey("domains.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    truth: Mapped[dict[str, Any]] = mapped_column(JSONB)


class WindowReservation(Base):
    """Indices that a job's windows will have: settled once, whatever becomes of its attempts."""

    __tablename__ = "window_reservations"

    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    domain_id: Mapped[UUID] = mapped_column(ForeignKey("domains.id", ondelete="CASCADE"), primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    first: Mapped[int] = mapped_column(BigInteger)
    reserved: Mapped[int] = mapped_column(BigInteger)


class DomainStanding(Base):
    """How a domain stands: what was ever stored, and the state of its watch for drift."""

    __tablename__ = "domain_standings"

    domain_id: Mapped[UUID] = mapped_column(ForeignKey("domains.id", ondelete="CASCADE"), primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    """Windows ever stored, by source."""
    drift: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")


class DomainMemory(Base):
    """What a workload has learned of a domain from one window after the other, under a name of its own."""

    __tablename__ = "domain_memories"

    domain_id: Mapped[UUID] = mapped_column(ForeignKey("domains.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    version: Mapped[int] = mapped_column(BigInteger)
    """Counts what was learned; whoever learns names the version from which."""
    content: Mapped[bytes] = mapped_column(LargeBinary)
    told: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    """What it comes to, for people."""
    updated_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.clock_timestamp())
