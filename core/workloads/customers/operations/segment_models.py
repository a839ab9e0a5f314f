"""The tables of segments: definitions, who belongs and belonged, what each refresh found, scores; a tenant's own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Float, ForeignKey, Index, Integer, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base

_INSTANT = DateTime(timezone=True)


class SegmentRow(Base):
    """A definition of people by what is known of them."""

    __tablename__ = "customer_segments"
    __table_args__ = (Index("uq_customer_segments_tenant_name", "tenant_id", "name", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default="")
    definition: Mapped[dict[str, Any]] = mapped_column(JSONB)
    refresh_every_s: Mapped[int | None] = mapped_column(Integer)
    """None: only when somebody asks for it."""
    size: Mapped[int | None] = mapped_column(BigInteger)
    """None until the first refresh."""
    refreshed_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class MembershipRow(Base):
    """That somebody belongs to a segment, or belonged until a time; numbers are profiles'."""

    __tablename__ = "customer_memberships"
    __table_args__ = (
        Index(
            "uq_customer_memberships_present",
            "segment_id",
            "profile_id",
            unique=True,
            postgresql_where="left_at IS NULL",
        ),
        Index("ix_customer_memberships_left", "segment_id", "left_at", postgresql_where="left_at IS NOT NULL"),
        Index("ix_customer_memberships_profile", "tenant_id", "profile_id"),
    )

    segment_id: Mapped[UUID] = mapped_column(ForeignKey("customer_segments.id", ondelete="CASCADE"), primary_key=True)
    profile_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    joined_at: Mapped[datetime] = mapped_column(_INSTANT, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    left_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class RefreshRow(Base):
    """What a refresh found: how many belong, came and went, of which definition."""

    __tablename__ = "customer_refreshes"

    segment_id: Mapped[UUID] = mapped_column(ForeignKey("customer_segments.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(_INSTANT, primary_key=True)
    """Also up to when events count."""
    tenant_id: Mapped[UUID] = mapped_column()
    size: Mapped[int] = mapped_column(BigInteger)
    came: Mapped[int] = mapped_column(BigInteger)
    went: Mapped[int] = mapped_column(BigInteger)
    duration_s: Mapped[float] = mapped_column(Float)
    fingerprint: Mapped[str] = mapped_column(Text)
    """Of the definition."""


class ScoreRow(Base):
    """How lately, how often and for how much somebody bought: quintiles, and what they are called together."""

    __tablename__ = "customer_scores"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    profile_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    recency: Mapped[int] = mapped_column(Integer)
    frequency: Mapped[int] = mapped_column(Integer)
    monetary: Mapped[int] = mapped_column(Integer)
    label: Mapped[str] = mapped_column(Text)
    scored_at: Mapped[datetime] = mapped_column(_INSTANT)
