"""The autopilot over HTTP: proposing once for each key, a second person, a ceiling; nothing is told to others."""

from typing import Any

import pytest

from core.platform.access import Role
from tests.integration.web.conftest import KeyClient


@pytest.fixture
def connected(client: KeyClient) -> KeyClient:
    client.post("/api/v1/connections", json={"name": "ads", "connector": "simulated_ads"})
    return client


def test_an_action_is_proposed_once_for_each_key(connected: KeyClient) -> None:
    asked = {"action": "reduce_budget", "connection": "ads", "target": "campaign-1", "daily_budget": 9}
    key = {"Idempotency-Key": "monday"}
    first = connected.post("/api/v1/actions", json=asked, headers=key)
    assert first.status_code == 201, first.text
    told = first.get_json()
    assert (told["state"], told["risk"], told["reasons"]) == ("proposed", "conservative", ["no account is known"])
    again = connected.post("/api/v1/actions", json=asked, headers=key)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert again.get_json() == told
    other = connected.post("/api/v1/actions", json={**asked, "daily_budget": 8}, headers=key)
    assert other.get_json()["code"] == "idempotency_conflict"
    assert len(connected.get("/api/v1/actions?state=proposed").get_json()["items"]) == 1
    (decision,) = told["decisions"]
    assert connected.get(f"{decision}/replay").get_json()["same"]
    refused = connected.post(f"{told['links']['self']}/approve", json={})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "action_state_wrong")
    rejected = connected.post(told["links"]["reject"], json={"why": "not now"}).get_json()
    assert (rejected["state"], rejected["reasons"]) == ("rejected", ["not now"])


def test_another_key_that_one_made_is_no_second_person(connected: KeyClient, client_of: Any) -> None:
    draft = connected.post("/api/v1/campaigns", json={"name": "Boots", "connection": "ads", "daily_budget": 5})
    links = draft.get_json()["links"]
    connected.post(links["submit"], json={})
    own = connected
    for name in ("mine", "mine again"):  # a key that a key made, and one that this one made
        made = own.post("/api/v1/keys", json={"name": name, "role": "admin"}).get_json()
        own = client_of(Role.ADMIN)
        own.key = made["key"]
        refused = own.post(links["approve"], json={})
        assert (refused.status_code, refused.get_json()["code"]) == (403, "four_eyes")
    assert client_of(Role.OPERATOR).post(links["approve"], json={}).get_json()["state"] == "approved"


def test_stopping_needs_nobody_and_is_a_job_at_once(connected: KeyClient) -> None:
    told = connected.post("/api/v1/actions", json={"action": "pause_all"}).get_json()
    assert told["state"] == "approved"
    jobs = connected.get("/api/v1/jobs?kind=customers.apply_actions").get_json()["items"]
    assert [one["params"] for one in jobs] == [{"action": told["id"]}]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"action": "reduce_budget", "connection": "ads", "target": "c"}, "action_unfit"),
        ({"action": "pause_all", "connection": "ads", "target": "c"}, "action_unfit"),
        ({"action": "pause_underperforming", "target": "c"}, "connection_missing"),
        ({"action": "pause_underperforming", "connection": "none", "target": "c"}, "connection_missing"),
        ({"action": "sync_audience"}, "fields_invalid"),
    ],
)
def test_an_action_has_what_it_takes(connected: KeyClient, asked: Any, code: str) -> None:
    assert connected.post("/api/v1/actions", json=asked).get_json()["code"] == code


def test_a_ceiling_holds_whatever_trust_allows(connected: KeyClient) -> None:
    assert connected.get("/api/v1/autopilot").get_json()["mode"] == "cuts_only"
    changed = connected.put("/api/v1/autopilot", json={"ceiling": "frozen", "max_step": 0.1}).get_json()
    assert (changed["mode"], changed["ceiling"], changed["max_step"], changed["min_hours"]) == (
        "frozen",
        "frozen",
        0.1,
        24,
    )
    asked = {"action": "pause_underperforming", "connection": "ads", "target": "campaign-1"}
    told = connected.post("/api/v1/actions", json=asked).get_json()
    assert (told["state"], told["reasons"]) == ("blocked", ["people have set it to frozen"])


def test_nobody_sees_anothers_actions(connected: KeyClient, client_of: Any) -> None:
    told = connected.post("/api/v1/actions", json={"action": "pause_all"}).get_json()
    neighbour = client_of(Role.ADMIN, "neighbour-of-actions")
    assert neighbour.get(told["links"]["self"]).status_code == 404
    assert neighbour.post(told["links"]["rollback"], json={}).status_code == 404
    assert client_of(Role.VIEWER).post("/api/v1/actions", json={"action": "pause_all"}).status_code == 403
