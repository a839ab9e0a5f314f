"""Who is who: limits, strangers, undone merges, and the same answer in whatever order things come."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workloads.customers.contacts import LIMITS, Contact, Flaw, read_contact
from core.workloads.customers.identity import Node, Resolution, Sighting, resolve

USER, EMAIL, PHONE, ANONYMOUS = "user_id", "email", "phone", "anonymous_id"


def seen(number: int, *nodes: tuple[int, str]) -> Sighting:
    return Sighting(number, [Node(*node) for node in nodes])


def people(found: Resolution) -> set[frozenset[int]]:
    groups: dict[int, set[int]] = {}
    for node, person in found.person_of.items():
        groups.setdefault(person, set()).add(node)
    return {frozenset(group) for group in groups.values()}


def test_identifiers_seen_together_are_one_person_named_by_the_oldest() -> None:
    found = resolve([seen(1, (5, ANONYMOUS)), seen(2, (7, USER), (5, ANONYMOUS)), seen(3, (7, USER), (9, EMAIL))])
    assert found.person_of == {5: 5, 7: 5, 9: 5}
    assert found.person_of_sighting == {1: 5, 2: 5, 3: 5}
    assert found.unions == []  # only persons who had been seen apart are merged


def test_a_merge_of_two_known_persons_is_written_down() -> None:
    found = resolve([seen(1, (1, EMAIL)), seen(2, (2, PHONE)), seen(3, (1, EMAIL), (2, PHONE))])
    assert [(one.survivor, one.absorbed, one.outcome) for one in found.unions] == [(1, 2, "merged")]


def test_a_shared_phone_never_glues_two_users() -> None:
    """One user id is allowed, so the second user keeps an identity of her own, and the phone stays where it was."""
    found = resolve([seen(1, (1, USER), (3, PHONE)), seen(2, (2, USER), (3, PHONE))])
    assert people(found) == {frozenset({1, 3}), frozenset({2})}
    assert found.person_of_sighting[2] == 2
    assert [one.outcome for one in found.unions] == ["limit"]


@pytest.mark.parametrize(("emails", "persons"), [(LIMITS[EMAIL], 1), (LIMITS[EMAIL] + 1, 2)])
def test_a_limit_holds_for_the_merged_person(emails: int, persons: int) -> None:
    device = (100, "device_id")
    found = resolve([seen(number, (number, EMAIL), device) for number in range(1, emails + 1)])
    assert len(people(found)) == persons


def test_an_undone_merge_restores_both_and_stays_undone() -> None:
    before = [seen(1, (1, USER), (2, EMAIL)), seen(2, (3, PHONE), (4, ANONYMOUS))]
    apart = people(resolve(before))
    merging = [*before, seen(3, (2, EMAIL), (3, PHONE))]
    (merge,) = resolve(merging).unions
    assert people(resolve(merging)) == {frozenset({1, 2, 3, 4})}
    again = [*merging, seen(4, (1, USER), (4, ANONYMOUS)), seen(5, (3, PHONE), (2, EMAIL), (1, USER))]
    assert people(resolve(again, [(merge.survivor, merge.absorbed)])) == apart


def chance_sightings(rng: random.Random, count: int) -> list[Sighting]:
    types = {}
    made = []
    for number in range(count):
        nodes = []
        for kind, pool in ((USER, 300), (EMAIL, 400), (PHONE, 350), (ANONYMOUS, 900)):
            if rng.random() < 0.45:
                node = rng.randrange(pool) + {USER: 0, EMAIL: 1_000, PHONE: 2_000, ANONYMOUS: 3_000}[kind]
                types[node] = kind
                nodes.append(Node(node, kind))
        if nodes:
            made.append(Sighting(number, nodes))
    return made


def incrementally(sightings: Sequence[Sighting], order: Sequence[Sighting], step: int) -> set[frozenset[int]]:
    """Resolve in portions, each with all that hangs together with it, as the platform does."""
    known: list[Sighting] = []
    person_of: dict[int, int] = {}
    for start in range(0, len(order), step):
        portion = list(order[start : start + step])
        known += portion
        touched, ids = {node.id for one in portion for node in one.nodes}, {one.id for one in portion}
        while True:
            more = {one.id for one in known if any(node.id in touched for node in one.nodes)} - ids
            if not more:
                break
            ids |= more
            touched |= {node.id for one in known if one.id in more for node in one.nodes}
        person_of |= resolve([one for one in sightings if one.id in ids]).person_of
    groups: dict[int, set[int]] = {}
    for node, person in person_of.items():
        groups.setdefault(person, set()).add(node)
    return {frozenset(group) for group in groups.values()}


@given(st.integers(0, 1 << 30), st.integers(1, 40))
def test_bit_by_bit_in_any_order_equals_everything_anew(seed: int, step: int) -> None:
    rng = random.Random(seed)
    sightings = chance_sightings(rng, 60)
    order = sightings[:]
    rng.shuffle(order)
    assert incrementally(sightings, order, step) == people(resolve(sightings))


@pytest.mark.parametrize("seed", range(10))
def test_no_person_is_ever_beyond_a_limit(seed: int) -> None:
    sightings = chance_sightings(random.Random(seed), 400)
    types = {node.id: node.type for one in sightings for node in one.nodes}
    for group in people(resolve(sightings)):
        for kind, limit in LIMITS.items():
            assert sum(types[node] == kind for node in group) <= limit


@pytest.mark.parametrize("value", ["", "  ", "0", "0000-0000", "-1", "null", "NULL", "anonymous", "undefined", [1]])
def test_values_that_say_nothing_are_no_identifiers(value: object) -> None:
    assert isinstance(read_contact(USER, value), Flaw)


@pytest.mark.parametrize(
    ("kind", "value", "region", "written"),
    [
        (EMAIL, "  Person@Example.COM ", None, "person@example.com"),
        (PHONE, "+1 800 555 0100", None, "+18005550100"),
        (PHONE, "(800) 555-0100", "US", "+18005550100"),
        (PHONE, "0044 844 412 4653", "GB", "+448444124653"),
        (PHONE, "0844 412 4653", "GB", "+448444124653"),
        (USER, " u-1 ", None, "u-1"),
    ],
)
def test_identifiers_are_written_one_way(kind: str, value: str, region: str | None, written: str) -> None:
    assert read_contact(kind, value, region) == Contact(kind, written)


@pytest.mark.parametrize(("kind", "value"), [(EMAIL, "nobody"), (EMAIL, "a@b"), (PHONE, "08444124653"), (PHONE, "12")])
def test_what_is_none_is_refused(kind: str, value: str) -> None:
    assert isinstance(read_contact(kind, value), Flaw)
