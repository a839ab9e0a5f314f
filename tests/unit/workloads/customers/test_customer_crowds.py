"""Who is who among very many: what is settled at once is what comes of looking sighting by sighting."""

import random
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from core.workloads.customers.contacts import LIMITS
from core.workloads.customers.crowds import Crowd, settle
from core.workloads.customers.identity import Node, Sighting, resolve
from tests.unit.workloads.customers.test_customer_identity import chance_sightings

TYPES = list(LIMITS)


def numbered(rng: random.Random, count: int) -> list[Sighting]:
    """Make sightings whose identifiers have numbers as the database gives them, from 1 on."""
    made = chance_sightings(rng, count)
    return [Sighting(one.id, [Node(node.id + 1, node.type) for node in one.nodes]) for one in made]


def crowd_of(sightings: Sequence[Sighting], known: dict[int, int] | None = None, blocked: int = -1) -> Crowd:
    types = {node.id: node.type for one in sightings for node in one.nodes}
    ids = np.array(sorted(types), np.int64)
    persons = np.array([(known or {}).get(one, 0) for one in ids.tolist()], np.int64)
    places = np.array([TYPES.index(types[one]) for one in ids.tolist()], np.int64)
    seen = np.array(sorted(one.id for one in sightings), np.int64)
    links = np.array([(node.id, one.id) for one in sightings for node in one.nodes], np.int64).reshape(-1, 2)
    nobody = np.zeros(len(seen), np.int64)
    return Crowd(ids, places, persons, ids == blocked, seen, nobody, nobody == 0, links)


@pytest.mark.parametrize("count", [1, 60, 400, 900])
@pytest.mark.parametrize("seed", range(5))
def test_settled_at_once_and_looked_at_one_by_one_are_the_same(seed: int, count: int) -> None:
    rng = random.Random(seed)
    sightings = numbered(rng, count)
    nodes = sorted({node.id for one in sightings for node in one.nodes})
    pairs = [sorted(rng.sample(nodes, 2)) for _ in range(3)] if len(nodes) > 20 else []
    apart = [(one, other) for one, other in pairs]
    whole = resolve(sightings, apart)
    crowd = crowd_of(sightings)
    settled = settle(crowd, LIMITS, apart)
    rest = resolve([one for one in sightings if one.id in set(settled.contested)], apart)
    found = {one: int(person) for one, person in zip(crowd.identifiers.tolist(), settled.persons, strict=True)}
    assert {**found, **rest.person_of} == whole.person_of
    seen = {one: int(person) for one, person in zip(crowd.sightings.tolist(), settled.persons_seen, strict=True)}
    assert {**seen, **rest.person_of_sighting} == whole.person_of_sighting
    assert {one.outcome for one in rest.unions} - {"merged"} == {one.outcome for one in whole.unions} - {"merged"}


def test_only_what_is_contested_is_left_to_be_looked_at() -> None:
    sightings = numbered(random.Random(1), 400)
    settled = settle(crowd_of(sightings), LIMITS)
    assert 0 < len(settled.contested) < len(sightings)


def test_who_would_be_renamed_is_looked_at_so_that_the_ledger_tells() -> None:
    sightings = numbered(random.Random(2), 30)
    known = resolve(sightings).person_of
    assert settle(crowd_of(sightings, known), LIMITS).contested == []
    renamed = {node: 90_000 if person == min(known.values()) else person for node, person in known.items()}
    assert settle(crowd_of(sightings, renamed), LIMITS).contested != []


def test_what_is_blocked_unites_nobody_and_nothing_is_nobody() -> None:
    sightings = numbered(random.Random(3), 40)
    ((most, _times),) = Counter(node.id for one in sightings for node in one.nodes).most_common(1)
    settled = settle(crowd_of(sightings, blocked=most), LIMITS)
    assert settled.persons[np.flatnonzero(crowd_of(sightings).identifiers == most)[0]] == 0
    assert settle(crowd_of([]), LIMITS).contested == []
