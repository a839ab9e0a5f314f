"""Segments as SQL choose the same people as the same definitions evaluated in plain Python."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.clock import monotonic
from core.crypto import Keyring, MasterKey
from core.database import Database, connect
from core.platform.tenants import ensure_tenant
from core.workloads.customers.operations import refreshing, segments
from core.workloads.customers.operations.choosing import choose
from core.workloads.customers.segments.reading import read_definition
from tests.integration.customers.evaluating import chosen
from tests.integration.customers.people import NAMES, Person, chance_people, keep

NOW = datetime(2026, 11, 27, tzinfo=UTC)
OTHER = "others"
DAYS = st.sampled_from([0.5, 1, 1.5, 2, 7, 30])
SCALARS = st.sampled_from(["plus", "1", "a", "%", 1, 1.0, 18, 18.5, 0.1, 1e300, True, False])
NUMBERS = st.sampled_from([-3, 0, 0.1, 1, 9.5, 9.99, 10, 17, 18, 18.5, 1e299, 1e300])
ORDERS = ("less_than", "at_most", "greater_than", "at_least")


def comparisons(key: str, names: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Make tests of JSON values."""
    between = st.lists(NUMBERS, min_size=2, max_size=2).map(sorted)
    return st.one_of(
        st.fixed_dictionaries(
            {key: names, "op": st.sampled_from(["equals", "not_equals", "contains"]), "value": SCALARS}
        ),
        st.fixed_dictionaries({key: names, "op": st.just("in"), "value": st.lists(SCALARS, min_size=1, max_size=3)}),
        st.fixed_dictionaries({key: names, "op": st.sampled_from(ORDERS), "value": NUMBERS}),
        st.fixed_dictionaries({key: names, "op": st.just("between"), "value": between}),
        st.fixed_dictionaries({key: names, "op": st.just("exists")}),
    )


TRAITS = comparisons("field", st.sampled_from(["traits.plan", "traits.age", "traits.odd.name", "traits.none"]))
WHERE = st.lists(comparisons("property", st.sampled_from(["price", "none"])), max_size=2)
EVENTS = st.sampled_from([*NAMES, "Never"])
LEAVES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    TRAITS,
    st.fixed_dictionaries({"field": st.just("lifecycle"), "value": st.sampled_from(["known", "customer"])}),
    st.fixed_dictionaries(
        {"field": st.sampled_from(["revenue", "events"]), "op": st.sampled_from(ORDERS), "value": NUMBERS}
    ),
    st.fixed_dictionaries({"field": st.just("last_seen"), "op": st.just("within_last"), "value": DAYS}),
    st.fixed_dictionaries(
        {
            "field": st.sampled_from(["first_seen", "last_seen"]),
            "op": st.sampled_from(["before", "after"]),
            "value": st.sampled_from([NOW, NOW - timedelta(days=1), NOW - timedelta(days=2)]).map(datetime.isoformat),
        }
    ),
    st.fixed_dictionaries(
        {"event": EVENTS}, optional={"within_days": DAYS, "at_least": st.integers(0, 2), "where": WHERE}
    ),
    st.fixed_dictionaries({"event": EVENTS, "at_most": st.integers(0, 2)}, optional={"within_days": DAYS}),
    st.fixed_dictionaries({"did_not": EVENTS}, optional={"within_days": DAYS, "where": WHERE}),
    st.fixed_dictionaries({"sequence": st.lists(EVENTS, min_size=2, max_size=4)}, optional={"within_days": DAYS}),
    st.just({"in_segment": OTHER}),
    st.fixed_dictionaries(
        {"consent": st.sampled_from(["ads", "email"])},
        optional={"channel": st.sampled_from(["any", "web", "email", "sms"]), "granted": st.booleans()},
    ),
)
DEFINITIONS = st.recursive(
    LEAVES,
    lambda below: st.one_of(
        st.lists(below, max_size=3).map(lambda of: {"all": of}),
        st.lists(below, max_size=3).map(lambda of: {"any": of}),
        below.map(lambda of: {"not": of}),
    ),
    max_leaves=6,
)


@dataclass(repr=False)
class Town:
    """People in the tables, and as Python knows them."""

    database: Database
    tenant_id: UUID
    people: list[Person]


@pytest.fixture(scope="module")
def town(copied_database: Callable[[], AbstractContextManager[str]]) -> Iterator[Town]:
    """People of chance, a third of whom belong to another segment; and a neighbour's, whom nobody may find."""
    people = chance_people(random.Random(7), 300, NOW)
    with copied_database() as url:
        database = connect(url, pool_size=1, keyring=Keyring([MasterKey("test", bytes(32))]))
        with database.transaction() as session:
            tenant_id, neighbour = ensure_tenant(session, "town"), ensure_tenant(session, "neighbour")
            keep(session, neighbour, chance_people(random.Random(8), 30, NOW))
            keep(session, tenant_id, people)
        with database.within(tenant_id).transaction() as session:
            definition = {"field": "purchases", "value": 1}
            segments.create(session, tenant_id, {"name": OTHER, "definition": definition})
            refreshing.refresh(session, tenant_id, OTHER, NOW, monotonic=monotonic)
        for person in people:
            person.segments = {OTHER} if person.purchases == 1 else set()
        yield Town(database, tenant_id, people)
        database.engine.dispose()


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(definition=DEFINITIONS)
def test_sql_chooses_whom_python_chooses(town: Town, definition: dict[str, Any]) -> None:
    tenant_id, people = town.tenant_id, town.people
    tree = read_definition(definition)
    with town.database.within(tenant_id).transaction() as session:
        ids = segments.ids_of(session, tenant_id, [OTHER])
        found = set(session.scalars(choose(tree, tenant_id, ids, NOW).people()))
        counted = refreshing.explain(session, tenant_id, tree, NOW)
    assert found == {person.number for person in people if chosen(definition, person, NOW)}
    assert (counted["profiles"], counted["clauses"]["/definition"]) == (len(people), len(found))
