"""Erasing: a person forgotten with all that is only theirs, in every table."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.workloads.customers.operations.crm_models import NOBODY


def erase(session: Session, tenant_id: UUID, profile_id: int) -> dict[str, int]:
    """Forget a person: identifiers, sightings, traits, events, consents, profile; return how much of each went.

    `sources.lock_people` is held. An identifier that others were seen with goes with those sightings.
    """
    given = {"tenant_id": tenant_id, "profile_id": profile_id}
    return {table: len(session.execute(statement, given).all()) for table, statement in _ERASE.items()}


_SEEN = "SELECT id FROM customer_sightings WHERE tenant_id = :tenant_id AND profile_id = :profile_id"
_KNOWN = "SELECT id FROM customer_identifiers WHERE tenant_id = :tenant_id AND profile_id = :profile_id"
_ERASE = {
    "customer_traits": text(f"DELETE FROM customer_traits WHERE sighting_id IN ({_SEEN}) RETURNING 1"),  # noqa: S608 - made of constants
    "customer_events": text(
        f"DELETE FROM customer_events WHERE tenant_id = :tenant_id AND sighting_id IN ({_SEEN}) RETURNING 1"  # noqa: S608 - made of constants
    ),
    "customer_merges": text(
        "DELETE FROM customer_merges WHERE tenant_id = :tenant_id "  # noqa: S608 - constants, as all of these
        f"AND (survivor IN ({_KNOWN}) OR absorbed IN ({_KNOWN}) OR sighting_id IN ({_SEEN})) RETURNING 1"
    ),
    "customer_separations": text(
        "DELETE FROM customer_separations WHERE tenant_id = :tenant_id "  # noqa: S608 - made of constants
        f"AND (one IN ({_KNOWN}) OR other IN ({_KNOWN})) RETURNING 1"
    ),
    "customer_crm_contacts": text(
        # Nothing of the person is kept; that the contact has to go is, until the CRM has forgotten it.
        f"UPDATE customer_crm_contacts SET identifier_id = {NOBODY}, their_hash = '', our_hash = '', error = NULL "  # noqa: S608 - made of constants
        f"WHERE tenant_id = :tenant_id AND identifier_id IN ({_KNOWN}) RETURNING 1"
    ),
    "customer_consents": text(
        f"DELETE FROM customer_consents WHERE tenant_id = :tenant_id AND identifier_id IN ({_KNOWN}) RETURNING 1"  # noqa: S608 - made of constants
    ),
    "customer_memberships": text(
        f"DELETE FROM customer_memberships WHERE tenant_id = :tenant_id AND profile_id IN ({_KNOWN}) RETURNING 1"  # noqa: S608 - made of constants
    ),
    "customer_audience_rows": text(
        "DELETE FROM customer_audience_rows AS planned USING customer_audience_chunks AS chunk "  # noqa: S608 - made of constants
        "WHERE chunk.plan_id = planned.plan_id AND chunk.number = planned.number AND chunk.state = 'waiting' "
        "AND chunk.operation = 'add' AND planned.tenant_id = :tenant_id "
        f"AND planned.identifier_id IN ({_KNOWN}) RETURNING 1"
    ),
    "customer_scores": text(
        f"DELETE FROM customer_scores WHERE tenant_id = :tenant_id AND profile_id IN ({_KNOWN}) RETURNING 1"  # noqa: S608 - made of constants
    ),
    "customer_sighting_links": text(
        f"DELETE FROM customer_sighting_links WHERE tenant_id = :tenant_id AND sighting_id IN ({_SEEN}) RETURNING 1"  # noqa: S608 - made of constants
    ),
    "customer_sightings": text(
        "DELETE FROM customer_sightings WHERE tenant_id = :tenant_id AND profile_id = :profile_id RETURNING 1"
    ),
    "customer_identifiers": text(
        "DELETE FROM customer_identifiers WHERE tenant_id = :tenant_id AND profile_id = :profile_id RETURNING 1"
    ),
    "customer_profiles": text(
        "DELETE FROM customer_profiles WHERE tenant_id = :tenant_id AND id = :profile_id RETURNING 1"
    ),
}
