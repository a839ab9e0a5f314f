"""This file is about reading all of a tenant's identifiers and sightings at once, in columns."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.workloads.customers.contacts import LIMITS
from core.workloads.customers.crowds import Crowd
from core.workloads.customers.operations.columns import read_numbers


def read(session: Session, tenant_id: UUID) -> Crowd:
    """Read who is who until now, and what was seen with what; `sources.lock_people` is held."""
    given = {"tenant_id": str(tenant_id), "types": list(LIMITS), "unlimited": len(LIMITS)}
    identifiers, persons, types, blocked = read_numbers(session, _IDENTIFIERS, given, 4).T
    sightings, persons_seen, dirty = read_numbers(session, _SIGHTINGS, given, 3).T
    links = read_numbers(session, _LINKS, given, 2)
    return Crowd(identifiers, types, persons, blocked > 0, sightings, persons_seen, dirty > 0, links)


_IDENTIFIERS = """
SELECT id, coalesce(profile_id, 0), (coalesce(array_position(%(types)s, type), %(unlimited)s + 1) - 1)::bigint,
  blocked::int::bigint
FROM customer_identifiers WHERE tenant_id = %(tenant_id)s ORDER BY id
"""
_SIGHTINGS = """
SELECT id, coalesce(profile_id, 0), dirty::int::bigint FROM customer_sightings
WHERE tenant_id = %(tenant_id)s ORDER BY id
"""
_LINKS = "SELECT identifier_id, sighting_id FROM customer_sighting_links WHERE tenant_id = %(tenant_id)s"
