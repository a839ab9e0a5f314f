"""Profiles: found by number or by an identifier, shown with what they are known by, listed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from core.crypto import CiphertextRefused
from core.errors import FieldError, Invalid, Missing
from core.platform.sealing.values import Place, open_sealed, seal
from core.workloads.customers.contacts import Contact, Flaw, read_contact
from core.workloads.customers.operations import sources
from core.workloads.customers.operations.ingesting import index_of
from core.workloads.customers.operations.models import EventRow, IdentifierRow, ProfileRow, SightingRow, TraitRow

LARGEST_NUMBER = (1 << 63) - 1
"""Of a profile."""


class ProfileMissing(Missing):
    """There is no such profile."""

    code = "profile_missing"


class IdentifierInvalid(Invalid):
    """What was given is no identifier."""

    code = "identifier_invalid"


def check_contact(kind: str, value: object, region: str | None = None, pointer: str = "/value") -> Contact:
    """Write an identifier one way; raises `IdentifierInvalid`."""
    read = read_contact(kind, value, region)
    if isinstance(read, Flaw):
        raise IdentifierInvalid(f"{read.type} {read.why}", errors=[FieldError(pointer, read.why)])
    return read


def find_identifier(session: Session, tenant_id: UUID, contact: Contact) -> IdentifierRow | None:
    """Return an identifier that is known."""
    return session.scalar(
        select(IdentifierRow).where(
            IdentifierRow.tenant_id == tenant_id,
            IdentifierRow.type == contact.type,
            IdentifierRow.value_index == index_of(session, tenant_id, contact),
        )
    )


def keep_identifier(session: Session, tenant_id: UUID, contact: Contact) -> IdentifierRow:
    """Return an identifier, kept now if it is not known; `sources.lock_people` is held."""
    known = find_identifier(session, tenant_id, contact)
    if known is not None:
        return known
    (number,) = sources.numbers(session, "customer_identifiers_id_seq", 1)
    sealed = seal(session, Place(tenant_id, "customer_identifiers", "sealed", str(number)), contact.value)
    index = index_of(session, tenant_id, contact)
    row = IdentifierRow(id=number, tenant_id=tenant_id, type=contact.type, value_index=index, sealed=sealed)
    session.add(row)
    session.flush()
    return row


def find_by_contact(session: Session, tenant_id: UUID, contact: Contact) -> ProfileRow:
    """Return the profile that an identifier belongs to; raises `ProfileMissing`."""
    found = find_identifier(session, tenant_id, contact)
    if found is None or found.profile_id is None:
        raise ProfileMissing(f"nobody is known by this {contact.type}")
    return find(session, tenant_id, found.profile_id)


def find(session: Session, tenant_id: UUID, profile_id: int) -> ProfileRow:
    """Return a profile; raises `ProfileMissing`."""
    row = session.get(ProfileRow, (tenant_id, profile_id)) if profile_id <= LARGEST_NUMBER else None
    if row is None:
        raise ProfileMissing(f"there is no profile {profile_id}")
    return row


def list_profiles(
    session: Session, tenant_id: UUID, *, limit: int, after: int = 0, lifecycle: str | None = None
) -> Sequence[ProfileRow]:
    """Return profiles by number, beginning behind one."""
    query = select(ProfileRow).where(ProfileRow.tenant_id == tenant_id, ProfileRow.id > after)
    if lifecycle is not None:
        query = query.where(ProfileRow.lifecycle == lifecycle)
    return session.scalars(query.order_by(ProfileRow.id).limit(limit)).all()


def count_by_lifecycle(session: Session, tenant_id: UUID) -> dict[str, int]:
    """Count the tenant's profiles."""
    query = select(ProfileRow.lifecycle, func.count()).where(ProfileRow.tenant_id == tenant_id)
    return {row[0]: row[1] for row in session.execute(query.group_by(ProfileRow.lifecycle))}


def identifiers_of(session: Session, tenant_id: UUID, profile_id: int) -> Sequence[IdentifierRow]:
    """Return what a profile is known by, the oldest first."""
    query = select(IdentifierRow).where(IdentifierRow.tenant_id == tenant_id, IdentifierRow.profile_id == profile_id)
    return session.scalars(query.order_by(IdentifierRow.id)).all()


def refused_to(session: Session, tenant_id: UUID, profile_id: int) -> Sequence[IdentifierRow]:
    """Return what a person was seen with that is nobody's: a limit, or somebody's word, refused it to this one.

    What others were seen with, too, is not among it, nor what the tenant has blocked.
    """
    given = {"tenant_id": tenant_id, "profile_id": profile_id}
    query = select(IdentifierRow).where(IdentifierRow.id.in_(session.scalars(_REFUSED, given).all()))
    return session.scalars(query.order_by(IdentifierRow.id)).all()


def opened(session: Session, tenant_id: UUID, row: IdentifierRow) -> str | None:
    """Return an identifier's value; None where its key is gone."""
    if row.sealed is None:
        return None
    try:
        return open_sealed(session, Place(tenant_id, "customer_identifiers", "sealed", str(row.id)), row.sealed)
    except CiphertextRefused:
        return None


def masked(kind: str, value: str | None) -> str | None:
    """Show as much of a value as tells two apart and nobody where to write to."""
    if value is None:
        return None
    if kind == "email":
        local, _, domain = value.partition("@")
        return f"{local[:1]}…@{domain}"
    return f"…{value[-2:]}" if kind == "phone" else value


def personal_of(session: Session, tenant_id: UUID, profile_id: int) -> dict[str, str]:
    """Open what was said about the person."""
    query = (
        select(TraitRow)
        .join(SightingRow, SightingRow.id == TraitRow.sighting_id)
        .where(TraitRow.tenant_id == tenant_id, SightingRow.profile_id == profile_id, TraitRow.sealed.is_not(None))
        .order_by(TraitRow.at, SightingRow.mark)
    )
    told = {}
    for row in session.scalars(query):
        assert row.sealed is not None
        place = Place(tenant_id, "customer_traits", "sealed", f"{row.sighting_id}:{row.name}")
        told[row.name] = open_sealed(session, place, row.sealed)
    return told


def events_of(session: Session, tenant_id: UUID, profile_id: int, *, limit: int) -> Sequence[Row[Any]]:
    """Return a person's events, newest first."""
    query = (
        select(EventRow.message_id, EventRow.type, EventRow.name, EventRow.at, EventRow.revenue, EventRow.properties)
        .join(SightingRow, SightingRow.id == EventRow.sighting_id)
        .where(EventRow.tenant_id == tenant_id, SightingRow.profile_id == profile_id)
    )
    return session.execute(query.order_by(EventRow.at.desc(), EventRow.message_id).limit(limit)).all()


_REFUSED = text(
    """
SELECT DISTINCT link.identifier_id FROM customer_sightings AS seen
JOIN customer_sighting_links AS link ON link.tenant_id = seen.tenant_id AND link.sighting_id = seen.id
JOIN customer_identifiers AS kept ON kept.id = link.identifier_id
WHERE seen.tenant_id = :tenant_id AND seen.profile_id = :profile_id
  AND NOT kept.blocked AND kept.profile_id IS DISTINCT FROM seen.profile_id AND NOT EXISTS (
    SELECT FROM customer_sighting_links AS other
    JOIN customer_sightings AS elsewhere ON elsewhere.id = other.sighting_id
    WHERE other.tenant_id = seen.tenant_id AND other.identifier_id = link.identifier_id
      AND elsewhere.profile_id IS DISTINCT FROM seen.profile_id)
"""
)
