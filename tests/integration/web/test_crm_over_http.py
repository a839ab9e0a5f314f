"""Links to CRMs over HTTP: whose each field is, once for each key, nothing told to others."""

from typing import Any

from core.platform.access import Role
from tests.integration.web.conftest import KeyClient


def test_a_link_is_made_changed_synced_and_forgotten(client: KeyClient, client_of: Any) -> None:
    client.post("/api/v1/connections", json={"name": "contacts", "connector": "simulated_crm"})
    asked = {"name": "crm", "connection": "contacts", "ownership": {"plan": "theirs", "revenue": "ours"}}
    answer = client.post("/api/v1/crm-links", json=asked, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 201, answer.text
    told = answer.get_json()
    assert client.post("/api/v1/crm-links", json=asked, headers={"Idempotency-Key": "k"}).get_json() == told
    assert client.post("/api/v1/crm-links", json=asked).get_json()["code"] == "crm_link_name_taken"
    wrong = client.patch("/api/v1/crm-links/crm", json={"ownership": {"revenue": "newest"}}).get_json()
    assert (wrong["code"], wrong["errors"][0]["pointer"]) == ("crm_ownership_invalid", "/ownership/revenue")
    changed = client.patch("/api/v1/crm-links/crm", json={"every_s": 600}).get_json()
    assert (changed["every_s"], changed["ownership"]) == (600, asked["ownership"])
    synced = client.post(told["links"]["sync"], json={"dry_run": True})
    assert synced.status_code == 202
    job = client.get(synced.headers["Location"]).get_json()
    assert (job["kind"], job["params"]) == ("customers.sync_crm", {"link": told["id"], "dry_run": True})
    assert client.get(told["links"]["errors"]).get_json()["items"] == []
    neighbour = client_of(Role.ADMIN, "neighbour-of-crm")
    assert neighbour.get("/api/v1/crm-links/crm").status_code == 404
    assert neighbour.get("/api/v1/crm-links").get_json()["items"] == []
    assert client.delete("/api/v1/crm-links/crm").status_code == 204
    assert client.get("/api/v1/crm-links").get_json()["items"] == []
