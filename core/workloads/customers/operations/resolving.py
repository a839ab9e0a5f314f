"""This file is about keeping who is who: what came is resolved with all that it touches, differences are written.

Whatever touches nothing else is cheap; a full rebuild reads everything and has to come to the same.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.ids import uuid7
from core.workloads.customers import identity
from core.workloads.customers.identity import Node, Resolution, Sighting
from core.workloads.customers.operations import figures
from core.workloads.customers.operations.figures import portions
from core.workloads.customers.operations.models import MergeRow, SeparationRow, SightingRow

WRITTEN_AT_ONCE = 20_000
FEW = 20_000
"""More sightings than that are resolved by a rebuild, which reads everything once."""


def resolve_waiting(session: Session, tenant_id: UUID) -> dict[str, int]:
    """Resolve what has come since the last time; `sources.lock_people` is held. Return how much there was."""
    dirty = select(SightingRow.id).where(SightingRow.tenant_id == tenant_id, SightingRow.dirty)
    waiting = session.scalars(dirty.limit(FEW + 1)).all()
    if len(waiting) > FEW:
        return rebuild(session, tenant_id)
    return resolve_touched(session, tenant_id, waiting)


def resolve_touched(session: Session, tenant_id: UUID, sightings: Collection[int]) -> dict[str, int]:
    """Resolve some sightings with everything that hangs together with them."""
    if not sightings:
        return _finish(session, tenant_id, Resolution(), [])
    ids = _closure(session, sightings)
    resolution = identity.resolve(_read(session, tenant_id, ids), _separations(session, tenant_id))
    return _finish(session, tenant_id, resolution, ids)


def rebuild(session: Session, tenant_id: UUID) -> dict[str, int]:
    """Resolve everything anew; the result is the same as of all that was resolved bit by bit."""
    resolution = identity.resolve(_read(session, tenant_id, None), _separations(session, tenant_id))
    return _finish(session, tenant_id, resolution, None)


def compare(session: Session, tenant_id: UUID) -> dict[str, int]:
    """Resolve everything anew and count what differs from what is kept; writes nothing."""
    resolution = identity.resolve(_read(session, tenant_id, None), _separations(session, tenant_id))
    kept = session.execute(_KEPT, {"tenant_id": tenant_id}).all()
    differing = sum(1 for row in kept if resolution.person_of.get(row.id) != row.profile_id)
    return {"identifiers": len(kept), "differing": differing}


def _closure(session: Session, sightings: Collection[int]) -> list[int]:
    """Return all sightings that hang together with some, whatever limits and people say of them."""
    found: set[int] = set()
    frontier = list(sightings)
    while frontier:
        found.update(frontier)
        frontier = [one for one in session.scalars(NEIGHBOURS, {"ids": frontier}) if one not in found]
    return sorted(found)


def _read(session: Session, tenant_id: UUID, ids: Sequence[int] | None) -> Iterator[Sighting]:
    """Yield sightings in the order of their first times, without blocked identifiers."""
    types = {} if ids is not None else _types(session, tenant_id)
    if ids is not None:
        for part in portions(ids, WRITTEN_AT_ONCE):
            types |= {row.id: row.type for row in session.execute(_TYPES_OF, {"ids": part})}
        rows: Iterable[Any] = session.execute(_SOME, {"ids": ids})
    else:
        rows = session.execute(_ALL, {"tenant_id": tenant_id})
    nodes: dict[int, Node] = {}
    for row in rows:
        seen = [one for one in row.identifiers if one in types]
        if seen:
            yield Sighting(row.id, [nodes.setdefault(one, Node(one, types[one])) for one in seen])


def _types(session: Session, tenant_id: UUID) -> dict[int, str]:
    interned: dict[str, str] = {}
    rows = session.execute(_TYPES, {"tenant_id": tenant_id})
    return {row.id: interned.setdefault(row.type, row.type) for row in rows}


def _separations(session: Session, tenant_id: UUID) -> list[tuple[int, int]]:
    query = select(SeparationRow.one, SeparationRow.other).where(SeparationRow.tenant_id == tenant_id)
    return [(row.one, row.other) for row in session.execute(query)]


@dataclass(slots=True)
class _Written:
    """What changed: numbers of people who are not as before, and who was merged into whom."""

    people: set[int] = field(default_factory=set)
    merges: set[tuple[int, int]] = field(default_factory=set)
    """Survivor and absorbed."""


def _write(session: Session, tenant_id: UUID, resolution: Resolution, ids: Sequence[int] | None) -> _Written:
    """Write who is who by now, and note it in the ledger."""
    done = _Written()
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
    whole = {"tenant_id": tenant_id, "ids": list(ids or ())}
    for statement in (_UNSET_SIGHTINGS, _UNSET_IDENTIFIERS):
        done.people.update(one for (one,) in session.execute(statement, whole) if one is not None)
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


def _finish(session: Session, tenant_id: UUID, resolution: Resolution, ids: Sequence[int] | None) -> dict[str, int]:
    done = _write(session, tenant_id, resolution, ids)
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
_SOME = text("SELECT id, identifiers FROM customer_sightings WHERE id = ANY(:ids) ORDER BY first_at, mark")
_ALL = text("SELECT id, identifiers FROM customer_sightings WHERE tenant_id = :tenant_id ORDER BY first_at, mark")
_TYPES = text("SELECT id, type FROM customer_identifiers WHERE tenant_id = :tenant_id AND NOT blocked")
_TYPES_OF = text(
    """
SELECT id, type FROM customer_identifiers WHERE NOT blocked AND id IN (
  SELECT unnest(identifiers) FROM customer_sightings WHERE id = ANY(:ids))
"""
)
_KEPT = text("SELECT id, profile_id FROM customer_identifiers WHERE tenant_id = :tenant_id")
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
