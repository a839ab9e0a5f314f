"""This file is about profiles' figures: what all sightings of a person together tell, computed where it is kept."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import TypeVar
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

AT_ONCE = 50_000
T = TypeVar("T")


def portions(many: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield what there is in lists of at most `size`."""
    rest = iter(many)
    while part := list(islice(rest, size)):
        yield part


def refresh(session: Session, tenant_id: UUID, people: Collection[int]) -> None:
    """Compute profiles anew; those that nothing is about any more go."""
    for part in portions(sorted(people), AT_ONCE):
        given = {"tenant_id": tenant_id, "ids": part}
        session.execute(_GONE, given)
        session.execute(_REFRESH, given)


_GONE = text(
    """
DELETE FROM customer_profiles AS kept WHERE kept.tenant_id = :tenant_id AND kept.id = ANY(:ids) AND NOT EXISTS (
  SELECT FROM customer_sightings AS seen WHERE seen.tenant_id = :tenant_id AND seen.profile_id = kept.id)
"""
)
_REFRESH = text(
    """
WITH seen AS (
  SELECT id, profile_id, mark, first_at FROM customer_sightings
  WHERE tenant_id = :tenant_id AND profile_id = ANY(CAST(:ids AS bigint[]))
), happened AS (
  SELECT seen.profile_id, coalesce(min(event.at), min(seen.first_at)) AS first_seen,
         coalesce(max(event.at), max(seen.first_at)) AS last_seen, count(event.message_id) AS events,
         count(*) FILTER (WHERE event.revenue > 0) AS purchases, coalesce(sum(event.revenue), 0) AS revenue
  FROM seen LEFT JOIN customer_events AS event ON event.tenant_id = :tenant_id AND event.sighting_id = seen.id
  GROUP BY seen.profile_id
), said AS (
  SELECT seen.profile_id, jsonb_object_agg(trait.name, trait.value ORDER BY trait.at, seen.mark) AS traits
  FROM seen JOIN customer_traits AS trait ON trait.sighting_id = seen.id
  WHERE trait.value IS NOT NULL GROUP BY seen.profile_id
), known AS (
  SELECT DISTINCT profile_id FROM customer_identifiers
  WHERE tenant_id = :tenant_id AND profile_id = ANY(CAST(:ids AS bigint[])) AND type IN ('user_id', 'email', 'phone')
)
INSERT INTO customer_profiles AS kept
  (tenant_id, id, traits, lifecycle, first_seen, last_seen, events, purchases, revenue)
SELECT :tenant_id, happened.profile_id, coalesce(said.traits, '{}'),
  CASE WHEN happened.purchases > 0 THEN 'customer' WHEN known.profile_id IS NOT NULL THEN 'known' ELSE 'anonymous' END,
  happened.first_seen, happened.last_seen, happened.events, happened.purchases, happened.revenue
FROM happened LEFT JOIN said USING (profile_id) LEFT JOIN known USING (profile_id)
ON CONFLICT (tenant_id, id) DO UPDATE SET
  traits = excluded.traits, lifecycle = excluded.lifecycle, first_seen = excluded.first_seen,
  last_seen = excluded.last_seen, events = excluded.events, purchases = excluded.purchases, revenue = excluded.revenue
"""
)
