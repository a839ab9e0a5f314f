"""Connections over HTTP: settings are checked, secrets never shown, nothing is told to others."""

from typing import Any

import pytest
from sqlalchemy import text

from core.database import Database
from core.platform.access import Role
from tests.integration.web.conftest import KeyClient


def test_a_connection_is_made_changed_and_forgotten(client: KeyClient, web_database: Database) -> None:
    asked = {"name": "shop-ads", "connector": "simulated_ads", "settings": {"seed": 1}, "secret": "hush-hush"}
    answer = client.post("/api/v1/connections", json=asked)
    assert answer.status_code == 201, answer.text
    told = answer.get_json()
    assert (told["sort"], told["has_secret"]) == ("ads", True)
    assert "hush" not in answer.text
    kept = text("SELECT secret FROM customer_connections WHERE id = :id")
    with web_database.statements() as session:
        assert "hush" not in str(session.execute(kept, {"id": told["id"]}).scalar_one())
    assert client.post("/api/v1/connections", json=asked).get_json()["code"] == "connection_name_taken"
    changed = client.put(f"{told['links']['self']}/settings", json={"settings": {"latency_ms": 5}}).get_json()
    assert changed["settings"] == {"latency_ms": 5}
    assert client.get("/api/v1/connections/shop-ads").get_json() == changed
    assert client.get("/api/v1/connections").get_json()["items"] == [changed]
    assert client.delete("/api/v1/connections/shop-ads").status_code == 204
    assert client.get("/api/v1/connections/shop-ads").get_json()["code"] == "connection_missing"


def test_what_hangs_on_a_connection_keeps_it_unless_it_is_forced_to_go(client: KeyClient) -> None:
    client.post("/api/v1/connections", json={"name": "busy", "connector": "simulated_crm"})
    client.post("/api/v1/crm-links", json={"name": "crm", "connection": "busy", "ownership": {"plan": "theirs"}})
    for query in ("", "?force=false"):
        refused = client.delete(f"/api/v1/connections/busy{query}")
        assert (refused.status_code, refused.get_json()["code"]) == (409, "connection_in_use")
        assert "CRM links crm" in refused.get_json()["detail"]
    assert client.delete("/api/v1/connections/busy?force=perhaps").status_code == 422
    assert client.delete("/api/v1/connections/busy?force=true").status_code == 204
    assert client.get("/api/v1/crm-links/crm").status_code == 404
    (alert,) = client.get("/api/v1/alerts?source=customers").get_json()["items"]
    assert alert["text"].endswith("with it ended CRM links crm")


@pytest.mark.parametrize(
    ("settings", "pointer"),
    [
        ({"seed": "x"}, "/settings/seed"),
        ({"unheard": 1}, "/settings/unheard"),
        ({"shares": {"away": 2}}, "/settings/shares/away/value"),
        ({"outages": [[1]]}, "/settings/outages/0"),
    ],
)
def test_settings_fit_the_connector(client: KeyClient, settings: Any, pointer: str) -> None:
    asked = {"name": "one", "connector": "simulated_ads", "settings": settings}
    told = client.post("/api/v1/connections", json=asked).get_json()
    assert told["code"] == "connection_settings_invalid"
    assert [one["pointer"] for one in told["errors"]] == [pointer]


def test_nobody_sees_anothers_connections(client: KeyClient, client_of: Any) -> None:
    client.post("/api/v1/connections", json={"name": "mine", "connector": "simulated_crm"})
    neighbour = client_of(Role.ADMIN, "neighbour-of-connections")
    assert neighbour.get("/api/v1/connections").get_json()["items"] == []
    assert neighbour.get("/api/v1/connections/mine").status_code == 404
    assert client_of(Role.SUBMITTER).post("/api/v1/connections", json={}).status_code == 403


def test_a_request_that_is_sent_twice_makes_one_connection(client: KeyClient, web_database: Database) -> None:
    asked = {"name": "kept-once", "connector": "simulated_ads", "secret": "hush-hush"}
    key = {"Idempotency-Key": "kept-once"}
    first, again = (client.post("/api/v1/connections", json=asked, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json() == first.get_json()
    assert again.headers["Idempotency-Replayed"] == "true"
    other = client.post("/api/v1/connections", json={**asked, "secret": "another"}, headers=key)
    assert other.get_json()["code"] == "idempotency_conflict"
