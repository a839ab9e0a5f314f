"""Erasing: a person forgotten with all that is only theirs, in every table."""

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.workloads.customers.operations import people, resolving
from core.workloads.customers.operations.crm_models import NOBODY
from core.workloads.customers.operations.models import SightingRow


def erase(session: Session, tenant_id: UUID, profile_id: int) -> dict[str, int]:
    """Forget a person: identifiers, sightings, traits, events, consents, profile; return how much of each went.

    `sources.lock_people` is held. An identifier that was refused to the person goes unless others were seen with it. Of
    those that were the person's the numbers stay in sightings of others. What hung together with all this is resolved
    anew, as somebody who is gone refuses nothing any more.
    """
    mine = (SightingRow.tenant_id == tenant_id, SightingRow.profile_id == profile_id)
    seen = session.scalars(select(SightingRow.id).where(*mine)).all()
    known = people.identifiers_of(session, tenant_id, profile_id)
    refused = people.refused_to(session, tenant_id, profile_id)
    around = set(session.scalars(resolving.NEIGHBOURS, {"ids": seen})) - set(seen)
    given = {"tenant_id": tenant_id, "profile_id": profile_id, "seen": seen}
    given["known"] = [one.id for one in (*known, *refused)]
    session.expire_all()
    counts = {table: len(session.execute(statement, given).all()) for table, statement in _ERASE.items()}
    resolving.resolve_touched(session, tenant_id, around)
    return counts


_SEEN = "tenant_id = :tenant_id AND sighting_id = ANY(CAST(:seen AS bigint[]))"
_KNOWN = "ANY(CAST(:known AS bigint[]))"
_ERASE = {
    table: text(statement.format(seen=_SEEN, known=_KNOWN, nobody=NOBODY) + " RETURNING 1")
    for table, statement in {
        "customer_traits": "DELETE FROM customer_traits WHERE {seen}",
        "customer_events": "DELETE FROM customer_events WHERE {seen}",
        "customer_merges": "DELETE FROM customer_merges WHERE {seen} "
        "OR tenant_id = :tenant_id AND (survivor = {known} OR absorbed = {known})",
        "customer_separations": "DELETE FROM customer_separations "
        "WHERE tenant_id = :tenant_id AND (one = {known} OR other = {known})",
        # Nothing of the person is kept; that the contact has to go is, until the CRM has forgotten it.
        "customer_crm_contacts": "UPDATE customer_crm_contacts "
        "SET identifier_id = {nobody}, their_hash = '', our_hash = '', error = NULL "
        "WHERE tenant_id = :tenant_id AND identifier_id = {known}",
        "customer_consents": "DELETE FROM customer_consents WHERE tenant_id = :tenant_id AND identifier_id = {known}",
        "customer_memberships": "DELETE FROM customer_memberships "
        "WHERE tenant_id = :tenant_id AND profile_id = {known}",
        "customer_audience_rows": "DELETE FROM customer_audience_rows AS planned "
        "USING customer_audience_chunks AS chunk WHERE chunk.plan_id = planned.plan_id "
        "AND chunk.number = planned.number AND chunk.state = 'waiting' AND chunk.operation = 'add' "
        "AND planned.tenant_id = :tenant_id AND planned.identifier_id = {known}",
        "customer_scores": "DELETE FROM customer_scores WHERE tenant_id = :tenant_id AND profile_id = {known}",
        "customer_sighting_links": "DELETE FROM customer_sighting_links WHERE {seen}",
        "customer_sightings": "DELETE FROM customer_sightings "
        "WHERE tenant_id = :tenant_id AND profile_id = :profile_id",
        "customer_identifiers": "DELETE FROM customer_identifiers WHERE tenant_id = :tenant_id AND id = {known}",
        "customer_profiles": "DELETE FROM customer_profiles WHERE tenant_id = :tenant_id AND id = :profile_id",
    }.items()
}
