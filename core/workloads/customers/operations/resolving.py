"""This file is about keeping who is who: what came is resolved with all that it touches, differences are written.

Whatever touches nothing else is cheap; a full rebuild reads everything and has to come to the same.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.ids import uuid7
from core.workloads.customers import identity
from core.workloads.customers.identity import Node, Resolution, Sighting
from core.workloads.customers.operations import figures
from core.workloads.customers.operations.figures import portions
from core.workloads.customers.operations.models import MergeRow, SeparationRow

WRITTEN_AT_ONCE = 20_000


def resolve_touched(session: Session, tenant_id: UUID, sightings: Collection[int]) -> dict[str, int]:
    """Resolve some sightings with everything that hangs together with them."""
    if not sightings:
        return finish(session, tenant_id, Resolution(), Written())
    ids = _closure(session, sightings)
    resolution = identity.resolve(read(session, tenant_id, ids), separations(session, tenant_id))
    return finish(session, tenant_id, resolution, write(session, tenant_id, resolution, ids))


def _closure(session: Session, sightings: Collection[int]) -> list[int]:
    """Return all sightings that hang together with some, whatever limits and people say of them."""
    found: set[int] = set()
    frontier = list(sightings)
    while frontier:
        found.update(frontier)
        frontier = [one for one in session.scalars(NEIGHBOURS, {"ids": frontier}) if one not in found]
    return sorted(found)


def read(session: Session, tenant_id: UUID, ids: Sequence[int]) -> Iterator[Sighting]:
    """Yield sightings in the order of their first times, without blocked identifiers."""
    types: dict[int, str] = {}
    for part in portions(ids, WRITTEN_AT_ONCE):
        types |= {row.id: row.type for row in session.execute(_TYPES_OF, {"ids": part})}
    nodes: dict[int, Node] = {}
    for row in session.execute(_SOME, {"tenant_id": tenant_id, "ids": ids}):
        seen = [one for one in row.identifiers if one in types]
        if seen:
            yield Sighting(row.id, [nodes.setdefault(one, Node(one, types[one])) for one in seen])


def separations(session: Session, tenant_id: UUID) -> list[tuple[int, int]]:
    """Return the pairs of identifiers that are different people's by somebody's word."""
    query = select(SeparationRow.one, SeparationRow.other).where(SeparationRow.tenant_id == tenant_id)
    return [(row.one, row.other) for row in session.execute(query)]


@dataclass(slots=True)
class Written:
    """What changed: numbers of people who are not as before, and who was merged into whom."""

    people: set[int] = field(default_factory=set)
    merges: set[tuple[int, int]] = field(default_factory=set)
    """Survivor and absorbed."""


def write(session: Session, tenant_id: UUID, resolution: Resolution, ids: Sequence[int]) -> Written:
    """Write who is who by now, and note it in the ledger."""
    done = Written()
    for statement, pairs in (
        (_SET_IDENTIFIERS, resolution.person_of),
        (_SET_SIGHTINGS, resolution.person_of_sighting),
    ):
        for part in portions(pairs.items(), WRITTEN_AT_ONCE):
            given = {"ids": [one for one, _ in part], "people": [person for _, person in part]}
            for before, after in session.execute(statement, given):
                done.people.update({after} if before is None else {before, after})
                # A person is named by the oldest identifier: who is parted gets a later name, who is merged an earlier.
                if before is not None and after < before:
                    done.merges.add((after, before))
    whole = {"tenant_id": tenant_id, "ids": list(ids)}
    for unset in (_UNSET_SIGHTINGS, _UNSET_IDENTIFIERS):
        done.people.update(one for (one,) in session.execute(unset, whole) if one is not None)
    _note(session, tenant_id, resolution, done.merges)
    return done


def _note(session: Session, tenant_id: UUID, resolution: Resolution, merges: Collection[tuple[int, int]]) -> None:
    by = {(one.survivor, one.absorbed): one.sighting for one in resolution.unions if one.outcome == "merged"}
    entries = [(by.get(pair, 0), *pair, "merged") for pair in sorted(merges)]
    entries += [
        (one.sighting, one.survivor, one.absorbed, one.outcome) for one in resolution.unions if one.outcome != "merged"
    ]
    names = ("sighting_id", "survivor", "absorbed", "outcome")
    for part in portions(entries, WRITTEN_AT_ONCE):
        rows = [{"id": uuid7(), "tenant_id": tenant_id, **dict(zip(names, one, strict=True))} for one in part]
        session.execute(insert(MergeRow).on_conflict_do_nothing(), rows)


def finish(session: Session, tenant_id: UUID, resolution: Resolution, done: Written) -> dict[str, int]:
    """Compute anew the profiles of those who changed, and count what was done."""
    figures.refresh(session, tenant_id, done.people)
    return {
        "sightings": len(resolution.person_of_sighting),
        "changed_profiles": len(done.people),
        "merges": len(done.merges),
        "refused": sum(1 for one in resolution.unions if one.outcome != "merged"),
    }


NEIGHBOURS = text(
    """
SELECT DISTINCT other.sighting_id FROM customer_sighting_links AS one
JOIN customer_sighting_links AS other ON other.tenant_id = one.tenant_id AND other.identifier_id = one.identifier_id
WHERE one.sighting_id = ANY(:ids)
"""
)
"""Sightings that share an identifier with some."""
_SOME = text(
    """
SELECT id, identifiers FROM customer_sightings
WHERE tenant_id = :tenant_id AND id = ANY(:ids) ORDER BY first_at, mark
"""
)
_TYPES_OF = text(
    """
SELECT id, type FROM customer_identifiers WHERE NOT blocked AND id IN (
  SELECT unnest(identifiers) FROM customer_sightings WHERE id = ANY(:ids))
"""
)
_SET_IDENTIFIERS = text(
    """
UPDATE customer_identifiers AS kept SET profile_id = said.person
FROM (SELECT before.id, before.profile_id, told.person FROM customer_identifiers AS before
      JOIN unnest(CAST(:ids AS bigint[]), CAST(:people AS bigint[])) AS told (id, person) ON told.id = before.id
      WHERE before.profile_id IS DISTINCT FROM told.person) AS said
WHERE kept.id = said.id RETURNING said.profile_id, said.person
"""
)
_SET_SIGHTINGS = text(
    """
UPDATE customer_sightings AS kept SET profile_id = said.person, dirty = false
FROM (SELECT before.id, before.profile_id, told.person FROM customer_sightings AS before
      JOIN unnest(CAST(:ids AS bigint[]), CAST(:people AS bigint[])) AS told (id, person) ON told.id = before.id
      WHERE before.profile_id IS DISTINCT FROM told.person OR before.dirty) AS said
WHERE kept.id = said.id RETURNING said.profile_id, said.person
"""
)
_UNSET_SIGHTINGS = text(
    """
UPDATE customer_sightings AS kept SET profile_id = NULL, dirty = false
FROM (SELECT before.id, before.profile_id FROM customer_sightings AS before WHERE before.id = ANY(:ids)) AS said
WHERE kept.id = said.id AND kept.tenant_id = :tenant_id AND kept.dirty RETURNING said.profile_id
"""
)
_UNSET_IDENTIFIERS = text(
    """
UPDATE customer_identifiers AS kept SET profile_id = NULL
FROM (SELECT before.id, before.profile_id FROM customer_identifiers AS before
      WHERE before.tenant_id = :tenant_id AND before.blocked AND before.profile_id IS NOT NULL) AS said
WHERE kept.id = said.id RETURNING said.profile_id
"""
)
