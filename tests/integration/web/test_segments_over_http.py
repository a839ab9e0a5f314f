"""Segments over HTTP: made once, explained clause by clause, refreshed, with members who come and go."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from core.clock import database_now, monotonic
from core.database import Database
from core.platform.access import Role
from core.platform.bus.models import BusEvent
from core.platform.tenants import ensure_tenant
from core.workloads.customers.operations import erasing, refreshing
from tests.integration.web.conftest import KeyClient
from tests.integration.web.test_customers_over_http import event, found, sent

BUYERS = {"event": "Bought", "at_least": 1}


def made(client: KeyClient, name: str, definition: Any, **headers: str) -> Any:
    return client.post("/api/v1/segments", json={"name": name, "definition": definition}, headers=headers)


@pytest.fixture
def tenant_id(web_database: Database, tenant: str, client: KeyClient) -> UUID:
    """The id of this test's tenant, which its client has made."""
    del client
    with web_database.transaction() as session:
        return ensure_tenant(session, tenant)


@pytest.fixture
def refreshed(web_database: Database, tenant_id: UUID) -> Callable[[str], tuple[int, int, int]]:
    """Refresh a segment, and tell its size, who joined and who left."""

    def refresh(name: str) -> tuple[int, int, int]:
        with web_database.within(tenant_id).transaction() as session:
            done = refreshing.refresh(session, tenant_id, name, database_now(session), monotonic=monotonic)
        return done.size, done.joined, done.left

    return refresh


def bought(message: str, user: str) -> dict[str, Any]:
    return {**event(message, userId=user), "event": "Bought"}


def test_members_come_and_go_and_their_times_stay(
    client: KeyClient, refreshed: Callable[[str], tuple[int, int, int]], web_database: Database, tenant_id: UUID
) -> None:
    sent(client, bought("m1", "u-1"), event("m2", userId="u-2"))
    first = made(client, "buyers", BUYERS).get_json()
    assert (first["size"], first["refreshed_at"]) == (None, None)
    assert refreshed("buyers") == (1, 1, 0)
    sent(client, bought("m3", "u-2"))
    assert refreshed("buyers") == (2, 1, 0)
    assert refreshed("buyers") == (2, 0, 0)
    client.patch("/api/v1/segments/buyers", json={"definition": {"event": "Bought", "at_least": 2}})
    assert refreshed("buyers") == (0, 0, 2)
    assert client.get("/api/v1/segments/buyers/members").get_json()["items"] == []
    left = client.get("/api/v1/segments/buyers/members?left=true").get_json()["items"]
    numbers = {found(client, "user_id", user).get_json()["id"] for user in ("u-1", "u-2")}
    assert {one["profile"] for one in left} == numbers
    assert all(one["joined_at"] < one["left_at"] for one in left)
    history = client.get("/api/v1/segments/buyers/history?limit=3").get_json()
    assert [(one["size"], one["joined"], one["left"]) for one in history["items"]] == [(0, 0, 2), (2, 0, 0), (2, 1, 0)]
    rest = client.get("/api/v1/segments/buyers/history", query_string={"cursor": history["next_cursor"]}).get_json()
    assert [one["size"] for one in rest["items"]] == [1]
    with web_database.within(tenant_id).transaction() as session:
        told = session.scalars(select(BusEvent).where(BusEvent.topic == "segment.members_changed")).all()
    assert {one.subject for one in told} == {first["id"]}
    assert sorted((one.data["joined"], one.data["left"]) for one in told) == [(0, 2), (1, 0), (1, 0)]


def test_an_explanation_counts_each_clause(client: KeyClient) -> None:
    sent(client, bought("m1", "u-1"), event("m2", userId="u-2"), event("m3", anonymousId="a-1"))
    definition = {"all": [{"field": "lifecycle", "value": "known"}, {"not": BUYERS}]}
    told = client.post("/api/v1/segments/explain", json={"definition": definition}).get_json()
    assert (told["profiles"], told["chosen"]) == (3, 1)
    assert [(one["place"], one["profiles"]) for one in told["clauses"]] == [
        ("/definition", 1),
        ("/definition/all/0", 2),
        ("/definition/all/1", 2),
        ("/definition/all/1/not", 1),
    ]
    assert told["clauses"][3]["clause"] == BUYERS
    made(client, "looking", definition)
    assert client.get("/api/v1/segments/looking/explain").get_json() == told


@pytest.mark.parametrize(
    ("definition", "pointer"),
    [
        ({}, ""),
        ({"all": [{"field": "age", "value": 1}]}, "/all/0/field"),
        ({"field": "traits.age", "op": "greater_than", "value": "18"}, "/value"),
        ({"field": "revenue", "op": "contains", "value": 1}, "/op"),
        ({"field": "last_seen", "op": "before", "value": "2026-11-01"}, "/value"),
        ({"field": "revenue", "op": "between", "value": [2, 1]}, "/value"),
        ({"event": "Bought", "at_least": 2, "at_most": 1}, "/at_most"),
        ({"event": "Bought", "within_days": 0}, "/within_days"),
        ({"event": "Bought", "where": [{"property": "price"}]}, "/where/0/value"),
        ({"event": "Bought", "often": True}, "/often"),
        ({"sequence": ["Seen"]}, "/sequence"),
        ({"sequence": ["Seen", 3]}, "/sequence/1"),
        ({"consent": "fun"}, "/consent"),
        ({"in_segment": "nobody"}, "/in_segment"),
        ({"any": [{"not": {"all": {}}}]}, "/any/0/not/all"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(client: KeyClient, definition: Any, pointer: str) -> None:
    answer = made(client, "wrong", definition)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "segment_invalid")
    assert [one["pointer"] for one in answer.get_json()["errors"]] == [f"/definition{pointer}"]


def test_segments_of_segments_close_no_ring_and_hold_each_other(client: KeyClient) -> None:
    made(client, "a", BUYERS)
    made(client, "b", {"in_segment": "a"})
    assert made(client, "c", {"not": {"in_segment": "b"}}).status_code == 201
    ring = client.patch("/api/v1/segments/a", json={"definition": {"any": [{"in_segment": "c"}]}}).get_json()
    assert ring["errors"][0]["pointer"] == "/definition/any/0/in_segment"
    itself = made(client, "d", {"in_segment": "d"}).get_json()
    assert "ring" in itself["errors"][0]["detail"]
    assert client.delete("/api/v1/segments/b").get_json()["code"] == "segment_in_use"
    assert [client.delete(f"/api/v1/segments/{name}").status_code for name in "cba"] == [204, 204, 204]


def test_a_key_makes_two_requests_one_and_a_name_is_taken_once(client: KeyClient) -> None:
    key = {"Idempotency-Key": "segment-1"}
    first, again = made(client, "a", BUYERS, **key), made(client, "a", BUYERS, **key)
    assert (first.status_code, again.status_code, again.headers["Idempotency-Replayed"]) == (201, 200, "true")
    assert again.get_json() == first.get_json()
    assert made(client, "b", BUYERS, **key).get_json()["code"] == "idempotency_conflict"
    assert made(client, "a", BUYERS).get_json()["code"] == "segment_name_taken"
    audited = client.get("/api/v1/audit?limit=10").get_json()["items"]
    assert "POST /segments" in {one["action"] for one in audited}


def test_an_erased_person_leaves_every_segment(
    client: KeyClient, refreshed: Callable[[str], tuple[int, int, int]], web_database: Database, tenant_id: UUID
) -> None:
    sent(client, bought("m1", "u-1"))
    made(client, "buyers", BUYERS)
    refreshed("buyers")
    number = found(client, "user_id", "u-1").get_json()["id"]
    with web_database.within(tenant_id).transaction() as session:
        assert erasing.erase(session, tenant_id, number)["customer_memberships"] == 1
    assert client.get("/api/v1/segments/buyers/members").get_json()["items"] == []
    assert refreshed("buyers") == (0, 0, 0)


def test_who_may_and_whose_they_are(client: KeyClient, client_of: Any) -> None:
    made(client, "a", BUYERS)
    viewer = client_of(Role.VIEWER)
    assert viewer.get("/api/v1/segments/a").status_code == 200
    assert viewer.delete("/api/v1/segments/a").status_code == 403
    neighbour = client_of(Role.ADMIN, "neighbour-of-segments")
    assert neighbour.get("/api/v1/segments/a").status_code == 404
    assert neighbour.get("/api/v1/segments").get_json()["items"] == []
