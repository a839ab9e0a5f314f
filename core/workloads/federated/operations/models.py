"""The tables of federations, each row a tenant's own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base

_INSTANT = DateTime(timezone=True)
STATUSES = ("open", "aggregating", "published", "failed")


class FederationRow(Base):
    """Who learns together, and how their updates become one model."""

    __tablename__ = "federations"
    __table_args__ = (Index("uq_federations_tenant_name", "tenant_id", "name", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default="")
    strategy: Mapped[str] = mapped_column(Text)
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    """Of the strategy, as far as they are not its defaults."""
    form: Mapped[str] = mapped_column(Text, server_default="weights")
    quorum: Mapped[int] = mapped_column(Integer, server_default="1")
    """How many good updates a round takes at least."""
    bounds: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    """`max_bytes`, `max_norm`, `clip_norm` of updates."""
    training: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The model that members train here, as `federated.round` takes it; null where all train elsewhere."""
    root: Mapped[str | None] = mapped_column(Text)
    """The member whose update the server trusts."""
    privacy: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Clip, noise and budget; null where rounds are not private."""
    topology: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """How connections were laid, and how long members mix along them; null where rounds go over the server."""
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class MemberRow(Base):
    """Who may send updates."""

    __tablename__ = "federation_members"

    federation_id: Mapped[UUID] = mapped_column(ForeignKey("federations.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    data: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What it learns from where it trains here."""
    joined_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class ConnectionRow(Base):
    """Two members who mix in rounds without a server, the smaller name first."""

    __tablename__ = "federation_connections"
    __table_args__ = (
        ForeignKeyConstraint(
            ["federation_id", "one"],
            ["federation_members.federation_id", "federation_members.name"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["federation_id", "other"],
            ["federation_members.federation_id", "federation_members.name"],
            ondelete="CASCADE",
        ),
        CheckConstraint('one COLLATE "C" < other COLLATE "C"', name="in_order"),
        Index("ix_federation_connections_other", "federation_id", "other"),
    )

    federation_id: Mapped[UUID] = mapped_column(primary_key=True)
    one: Mapped[str] = mapped_column(Text, primary_key=True)
    other: Mapped[str] = mapped_column(Text, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    connected_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class RoundRow(Base):
    """One round: open for updates, then aggregated by a job, then published or failed."""

    __tablename__ = "federation_rounds"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'aggregating', 'published', 'failed')", name="status_known"),
        Index(
            "uq_federation_rounds_unsettled",
            "federation_id",
            unique=True,
            postgresql_where="status IN ('open', 'aggregating')",
        ),
    )

    federation_id: Mapped[UUID] = mapped_column(ForeignKey("federations.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    status: Mapped[str] = mapped_column(Text, server_default="open")
    began_with: Mapped[int | None] = mapped_column(Integer)
    """The model's version; null where there was none."""
    job_id: Mapped[UUID | None] = mapped_column()
    reason: Mapped[str | None] = mapped_column(Text)
    """Why it failed."""
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What the job told of clients: parts, suspicion, refusals."""
    closes_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    """When it takes no more updates and is aggregated; null where somebody closes it."""
    enough: Mapped[int | None] = mapped_column(Integer)
    """As soon as so many are present it is aggregated."""
    opened_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    settled_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class UpdateRow(Base):
    """What a member sent for a round; sent again it takes the place of the one before."""

    __tablename__ = "federation_updates"

    federation_id: Mapped[UUID] = mapped_column(ForeignKey("federations.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    member: Mapped[str] = mapped_column(Text, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    artifact_id: Mapped[UUID] = mapped_column()
    size: Mapped[int] = mapped_column(BigInteger)
    weight: Mapped[float] = mapped_column(Float)
    loss: Mapped[float | None] = mapped_column(Float)
    began_with: Mapped[int | None] = mapped_column(Integer)
    """The version of the model that it was made from."""
    sent_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class ModelRow(Base):
    """One version of the model; its bytes are an artifact of its own, which no job's end takes away."""

    __tablename__ = "federation_models"

    federation_id: Mapped[UUID] = mapped_column(ForeignKey("federations.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    artifact_id: Mapped[UUID] = mapped_column()
    moments_id: Mapped[UUID | None] = mapped_column()
    """What the strategy remembers for the next round."""
    number: Mapped[int | None] = mapped_column(Integer)
    """The round that it came of; null where it was uploaded."""
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class SpendingRow(Base):
    """One entry of a federation's ledger of privacy: what a round was admitted for."""

    __tablename__ = "federation_spending"

    federation_id: Mapped[UUID] = mapped_column(ForeignKey("federations.id", ondelete="CASCADE"), primary_key=True)
    entry: Mapped[int] = mapped_column(Integer, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    number: Mapped[int] = mapped_column(Integer)
    """The round."""
    clip: Mapped[float] = mapped_column(Float)
    noise_multiplier: Mapped[float] = mapped_column(Float)
    sampling: Mapped[float] = mapped_column(Float)
    epsilon: Mapped[float] = mapped_column(Float)
    """Of all entries up to this one, as it was counted then."""
    delta: Mapped[float] = mapped_column(Float)
    admitted_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
