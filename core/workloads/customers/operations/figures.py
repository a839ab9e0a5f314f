"""This file is about profiles' figures: what all sightings of a person together tell, computed where it is kept."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from core.workloads.customers.operations.room import give_room

AT_ONCE = 50_000
MANY = 200_000
"""More people than that are computed by one pass over everybody."""
T = TypeVar("T")


def portions(many: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield what there is in lists of at most `size`."""
    rest = iter(many)
    while part := list(islice(rest, size)):
        yield part


def refresh(session: Session, tenant_id: UUID, people: Collection[int]) -> None:
    """Compute profiles anew; those that nothing is about any more go."""
    if len(people) > MANY:
        give_room(session)
        _compute(session, _OF_ALL, {"tenant_id": tenant_id})
        return
    for part in portions(sorted(people), AT_ONCE):
        _compute(session, _OF_SOME, {"tenant_id": tenant_id, "ids": part})


def _compute(session: Session, statements: Sequence[TextClause], given: Mapping[str, Any]) -> None:
    for statement in statements:
        session.execute(statement, given)


# Grouped and not joined: a planner with the statistics of before a large import would compare everybody with everybody.
_GONE = """
DELETE FROM customer_profiles AS kept WHERE kept.tenant_id = :tenant_id {kept} AND NOT EXISTS (
  SELECT FROM customer_sightings AS seen WHERE seen.tenant_id = :tenant_id AND seen.profile_id = kept.id)
"""
_REFRESH = """
WITH seen AS (
  SELECT id, profile_id, mark, first_at FROM customer_sightings WHERE tenant_id = :tenant_id {known}
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
  WHERE tenant_id = :tenant_id {known} AND type IN ('user_id', 'email', 'phone')
)
INSERT INTO customer_profiles AS kept
  (tenant_id, id, lifecycle, traits, first_seen, last_seen, events, purchases, revenue)
SELECT :tenant_id, profile_id,
  CASE WHEN max(purchases) > 0 THEN 'customer' WHEN bool_or(is_known) THEN 'known' ELSE 'anonymous' END,
  coalesce((array_agg(traits) FILTER (WHERE traits IS NOT NULL))[1], '{{}}'),
  max(first_seen), max(last_seen), max(events), max(purchases), max(revenue)
FROM (
  SELECT profile_id, false AS is_known, NULL::jsonb AS traits, first_seen, last_seen, events, purchases, revenue
  FROM happened
  UNION ALL SELECT profile_id, false, traits, NULL, NULL, NULL, NULL, NULL FROM said
  UNION ALL SELECT profile_id, true, NULL, NULL, NULL, NULL, NULL, NULL FROM known
) AS told GROUP BY profile_id HAVING max(events) IS NOT NULL
ON CONFLICT (tenant_id, id) DO UPDATE SET
  traits = excluded.traits, lifecycle = excluded.lifecycle, first_seen = excluded.first_seen,
  last_seen = excluded.last_seen, events = excluded.events, purchases = excluded.purchases, revenue = excluded.revenue
"""
_SOME = "= ANY(CAST(:ids AS bigint[]))"
_OF_SOME = [text(one.format(kept=f"AND kept.id {_SOME}", known=f"AND profile_id {_SOME}")) for one in (_GONE, _REFRESH)]
_OF_ALL = [text(one.format(kept="", known="AND profile_id IS NOT NULL")) for one in (_GONE, _REFRESH)]
