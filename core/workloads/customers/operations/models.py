"""The tables of people: sources, identifiers, sightings, events, profiles, merges, consents; each row a tenant's own.

Identifiers, sightings and profiles have numbers: a profile is named by the oldest identifier of its person, so that it
keeps its name when others are merged into it.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Float, ForeignKey, Identity, Index, Integer, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.platform.sealing.columns import SealedText
from core.platform.sealing.values import Sealed

_INSTANT = DateTime(timezone=True)


class SourceRow(Base):
    """Where events come from."""

    __tablename__ = "customer_sources"
    __table_args__ = (Index("uq_customer_sources_tenant_name", "tenant_id", "name", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    name: Mapped[str] = mapped_column(Text)
    sort: Mapped[str] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(Text)
    """Where phone numbers without a country's code are taken to be from."""
    accepted: Mapped[int] = mapped_column(BigInteger, server_default="0")
    duplicates: Mapped[int] = mapped_column(BigInteger, server_default="0")
    rejected: Mapped[int] = mapped_column(BigInteger, server_default="0")
    last_event_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class SourceHourRow(Base):
    """What came from a source in an hour and was not kept."""

    __tablename__ = "customer_source_hours"

    source_id: Mapped[UUID] = mapped_column(ForeignKey("customer_sources.id", ondelete="CASCADE"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(_INSTANT, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    duplicates: Mapped[int] = mapped_column(Integer, server_default="0")
    rejected: Mapped[int] = mapped_column(Integer, server_default="0")


class IdentifierRow(Base):
    """One identifier: found by its blind index, shown by opening what is sealed."""

    __tablename__ = "customer_identifiers"
    __table_args__ = (
        Index("uq_customer_identifiers_value", "tenant_id", "type", "value_index", unique=True),
        Index("ix_customer_identifiers_profile", "tenant_id", "profile_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=False), primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    type: Mapped[str] = mapped_column(Text)
    value_index: Mapped[str] = mapped_column(Text)
    sealed: Mapped[Sealed | None] = mapped_column(SealedText)
    profile_id: Mapped[int | None] = mapped_column(BigInteger)
    blocked: Mapped[bool] = mapped_column(server_default="false")
    """It says nothing of anybody, by a tenant's word: it unites nobody."""
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class SightingRow(Base):
    """Identifiers that were seen together, once however often that was."""

    __tablename__ = "customer_sightings"
    __table_args__ = (
        Index("uq_customer_sightings_mark", "tenant_id", "mark", unique=True),
        Index("ix_customer_sightings_profile", "tenant_id", "profile_id"),
        Index("ix_customer_sightings_dirty", "tenant_id", "id", postgresql_where="dirty"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=False), primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    mark: Mapped[str] = mapped_column(Text)
    """A digest of the identifiers' indexes, in their order: what makes it the same sighting."""
    identifiers: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    first_at: Mapped[datetime] = mapped_column(_INSTANT)
    profile_id: Mapped[int | None] = mapped_column(BigInteger)
    dirty: Mapped[bool] = mapped_column(server_default="true")
    """It has not been resolved since it came, or came earlier than was known."""


class SightingLinkRow(Base):
    """That an identifier is part of a sighting, kept with it: the way from one to the other.

    An index on the array would be of no use to a tenant: behind row-level security only operators that leak nothing may
    choose rows, and overlapping is not among them.
    """

    __tablename__ = "customer_sighting_links"
    __table_args__ = (Index("ix_customer_sighting_links_sighting", "sighting_id"),)

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    identifier_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    sighting_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)


class TraitRow(Base):
    """What was said of a person last, by one sighting's events; about persons it is sealed."""

    __tablename__ = "customer_traits"

    sighting_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    value: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    sealed: Mapped[Sealed | None] = mapped_column(SealedText)
    at: Mapped[datetime] = mapped_column(_INSTANT)


class EventRow(Base):
    """Something that happened; the same message of the same source is one event."""

    __tablename__ = "customer_events"
    __table_args__ = (
        Index("ix_customer_events_sighting", "tenant_id", "sighting_id", "at"),
        Index("ix_customer_events_name", "tenant_id", "name", "at"),
        Index("ix_customer_events_source", "source_id", "at"),
    )

    source_id: Mapped[UUID] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(Text, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    type: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(_INSTANT)
    sighting_id: Mapped[int] = mapped_column(BigInteger)
    revenue: Mapped[float | None] = mapped_column(Float)
    properties: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    received_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class ProfileRow(Base):
    """A person as all sightings together tell."""

    __tablename__ = "customer_profiles"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    traits: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    lifecycle: Mapped[str] = mapped_column(Text, server_default="anonymous")
    """`anonymous`, `known` by an address or a user's id, or `customer` who paid."""
    first_seen: Mapped[datetime] = mapped_column(_INSTANT)
    last_seen: Mapped[datetime] = mapped_column(_INSTANT)
    events: Mapped[int] = mapped_column(Integer, server_default="0")
    purchases: Mapped[int] = mapped_column(Integer, server_default="0")
    revenue: Mapped[float] = mapped_column(Float, server_default="0")


class MergeRow(Base):
    """The ledger of identity: who was merged by which sighting, who was refused to be, what was undone."""

    __tablename__ = "customer_merges"
    __table_args__ = (
        Index("uq_customer_merges_once", "tenant_id", "sighting_id", "survivor", "absorbed", unique=True),
        Index("ix_customer_merges_newest", "tenant_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    sighting_id: Mapped[int] = mapped_column(BigInteger)
    survivor: Mapped[int] = mapped_column(BigInteger)
    absorbed: Mapped[int] = mapped_column(BigInteger)
    outcome: Mapped[str] = mapped_column(Text)
    """`merged`, `limit`, `separated`, or `undone` by a person."""
    decided_by: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class SeparationRow(Base):
    """Two identifiers of different people, by somebody's word."""

    __tablename__ = "customer_separations"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    one: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    other: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    merge_id: Mapped[UUID] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class ConsentRow(Base):
    """What somebody agreed to or withdrew: each word is kept, the latest one holds."""

    __tablename__ = "customer_consents"
    __table_args__ = (
        Index("ix_customer_consents_identifier", "tenant_id", "identifier_id", "purpose", "channel", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    identifier_id: Mapped[int] = mapped_column(BigInteger)
    purpose: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    jurisdiction: Mapped[str] = mapped_column(Text)
    granted: Mapped[bool] = mapped_column()
    at: Mapped[datetime] = mapped_column(_INSTANT)
    proof: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
