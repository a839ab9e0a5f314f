"""Consents: every word is kept with its proof, the latest one on a person's identifiers holds."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.ids import uuid7
from core.workloads.customers.contacts import Contact
from core.workloads.customers.operations import resolving, sources
from core.workloads.customers.operations.ingesting import link, mark_of
from core.workloads.customers.operations.models import ConsentRow, IdentifierRow, SightingRow
from core.workloads.customers.operations.people import find_identifier, keep_identifier


def record(session: Session, tenant_id: UUID, contact: Contact, said: Mapping[str, Any], at: datetime) -> ConsentRow:
    """Keep a word on consent; somebody who is not known yet is known from now on, so that no withdrawal is lost."""
    sources.lock_people(session, tenant_id)
    identifier = find_identifier(session, tenant_id, contact) or _introduce(session, tenant_id, contact, at)
    row = ConsentRow(id=uuid7(), tenant_id=tenant_id, identifier_id=identifier.id, at=at, **said)
    session.add(row)
    session.flush()
    session.refresh(row)
    return row


def list_consents(
    session: Session, tenant_id: UUID, *, limit: int, after: UUID | None = None, profile_id: int | None = None
) -> Sequence[tuple[ConsentRow, str, int | None]]:
    """Return words on consent with the profiles they are of, newest first."""
    query = (
        select(ConsentRow, IdentifierRow.type, IdentifierRow.profile_id)
        .join(IdentifierRow, IdentifierRow.id == ConsentRow.identifier_id)
        .where(ConsentRow.tenant_id == tenant_id)
        .order_by(ConsentRow.id.desc())
    )
    if after is not None:
        query = query.where(ConsentRow.id < after)
    if profile_id is not None:
        query = query.where(IdentifierRow.profile_id == profile_id)
    return [(row[0], row[1], row[2]) for row in session.execute(query.limit(limit))]


def standing(session: Session, tenant_id: UUID, profile_id: int) -> dict[str, dict[str, bool]]:
    """Return what holds for a person now: purpose, channel, granted or not; what nobody spoke of is not granted."""
    told: dict[str, dict[str, bool]] = {}
    for row in session.execute(_STANDING, {"tenant_id": tenant_id, "profile_id": profile_id}):
        told.setdefault(row.purpose, {})[row.channel] = row.granted
    return told


def _introduce(session: Session, tenant_id: UUID, contact: Contact, at: datetime) -> IdentifierRow:
    row = keep_identifier(session, tenant_id, contact)
    mark = mark_of([f"{contact.type}:{row.value_index}"])
    seen = SightingRow(tenant_id=tenant_id, mark=mark, identifiers=[row.id], first_at=at)
    session.add(seen)
    session.flush()
    link(session, tenant_id, {seen.id: [row.id]})
    resolving.resolve_touched(session, tenant_id, [seen.id])
    session.refresh(row)
    return row


_STANDING = text(
    """
SELECT DISTINCT ON (said.purpose, said.channel) said.purpose, said.channel, said.granted
FROM customer_consents AS said JOIN customer_identifiers AS known ON known.id = said.identifier_id
WHERE said.tenant_id = :tenant_id AND known.profile_id = :profile_id
ORDER BY said.purpose, said.channel, said.at DESC, said.granted, said.id DESC
"""
)
