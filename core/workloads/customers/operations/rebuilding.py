"""This file is about keeping who is who for very many: settled in columns, written only where it is not so yet.

No request reaches it: the libraries that it takes are those of computations.
"""

from uuid import UUID

import numpy as np
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.platform.alerts.raising import raise_alert, resolve_alert
from core.workloads.customers import identity
from core.workloads.customers.contacts import LIMITS
from core.workloads.customers.crowds import Crowd, Settled, settle
from core.workloads.customers.identity import Resolution
from core.workloads.customers.operations import crowded, resolving
from core.workloads.customers.operations.columns import array_of
from core.workloads.customers.operations.models import SightingRow
from core.workloads.customers.operations.room import give_room
from core.workloads.customers.operations.trusting import SOURCE

DIFFERING = "identities"
"""What an alert is about that tells of a difference."""
FILLED_AT_ONCE = 200_000
FEW = 20_000
"""More sightings than that are resolved by a rebuild, which reads everything once."""


def resolve_waiting(session: Session, tenant_id: UUID) -> dict[str, int]:
    """Resolve what has come since the last time; `sources.lock_people` is held. Return how much there was."""
    dirty = select(SightingRow.id).where(SightingRow.tenant_id == tenant_id, SightingRow.dirty)
    waiting = session.scalars(dirty.limit(FEW + 1)).all()
    if len(waiting) > FEW:
        return rebuild(session, tenant_id)
    return resolving.resolve_touched(session, tenant_id, waiting)


def rebuild(session: Session, tenant_id: UUID) -> dict[str, int]:
    """Resolve everything anew; the result is the same as of all that was resolved bit by bit."""
    give_room(session)
    crowd, settled, resolution = _anew(session, tenant_id)
    forgotten = crowd.sightings[(settled.persons_seen == 0) & (crowd.dirty | (crowd.persons_seen > 0))]
    done = resolving.write(session, tenant_id, resolution, [*settled.contested, *forgotten.tolist()])
    done.people.update(_write_settled(session, tenant_id, crowd, settled))
    return {
        **resolving.finish(session, tenant_id, resolution, done),
        "sightings": int((settled.persons_seen != 0).sum()),
    }


def compare(session: Session, tenant_id: UUID) -> dict[str, int]:
    """Resolve everything anew and count what differs from what is kept; writes nothing."""
    crowd, settled, resolution = _anew(session, tenant_id)
    persons = settled.persons.copy()
    for place in np.flatnonzero(persons < 0):
        persons[place] = resolution.person_of.get(int(crowd.identifiers[place]), 0)
    return {"identifiers": len(persons), "differing": int((persons != crowd.persons).sum())}


def tell_differing(session: Session, tenant_id: UUID, differing: int) -> None:
    """Raise an alert while what is kept is not what a rebuild would give."""
    if not differing:
        resolve_alert(session, tenant_id, SOURCE, DIFFERING, text="What is kept is what a rebuild gives.")
        return
    text = f"A rebuild would give {differing} identifiers to other people than they are kept with"
    raise_alert(session, tenant_id, SOURCE, DIFFERING, "warning", text, {"differing": differing})


def _anew(session: Session, tenant_id: UUID) -> tuple[Crowd, Settled, Resolution]:
    """Settle what nothing contests, and look at the rest sighting by sighting."""
    apart = resolving.separations(session, tenant_id)
    crowd = crowded.read(session, tenant_id)
    settled = settle(crowd, LIMITS, apart)
    return crowd, settled, identity.resolve(resolving.read(session, tenant_id, settled.contested), apart)


def _write_settled(session: Session, tenant_id: UUID, crowd: Crowd, settled: Settled) -> set[int]:
    """Write what was settled and is not so yet; return the people whom it is about."""
    people: set[int] = set()
    for statement, numbers, after, due in (
        (_FILL_IDENTIFIERS, crowd.identifiers, settled.persons, crowd.persons != settled.persons),
        (_FILL_SIGHTINGS, crowd.sightings, settled.persons_seen, crowd.dirty | (crowd.persons_seen == 0)),
    ):
        places = np.flatnonzero(due & (after > 0))
        people.update(after[places].tolist())
        for start in range(0, len(places), FILLED_AT_ONCE):
            part = places[start : start + FILLED_AT_ONCE]
            told = {"ids": array_of(numbers[part]), "people": array_of(after[part])}
            between = {"first": int(numbers[part[0]]), "last": int(numbers[part[-1]])}
            session.execute(statement, {"tenant_id": tenant_id, **told, **between})
    return people


# The tenant and the range are said for the planner: so it asks once whose rows are seen, and reads a portion's alone.
_FILL = """
FROM unnest(CAST(:ids AS bigint[]), CAST(:people AS bigint[])) AS told (id, person)
WHERE kept.tenant_id = :tenant_id AND kept.id BETWEEN :first AND :last AND kept.id = told.id
"""
_IDENTIFIERS = "UPDATE customer_identifiers AS kept SET profile_id = told.person"
_SIGHTINGS = "UPDATE customer_sightings AS kept SET profile_id = told.person, dirty = false"
_FILL_IDENTIFIERS, _FILL_SIGHTINGS = (text(one + _FILL) for one in (_IDENTIFIERS, _SIGHTINGS))
