"""Campaigns over HTTP: drafted once for each key, judged by somebody else, nothing told to others."""

from typing import Any

from core.platform.access import Role
from tests.integration.web.conftest import KeyClient


def test_from_draft_to_a_job_that_publishes(client: KeyClient, client_of: Any) -> None:
    client.post("/api/v1/connections", json={"name": "ads", "connector": "simulated_ads"})
    asked = {"name": "Boots", "connection": "ads", "daily_budget": 50, "fields": {"ad": {"headline": "Dry feet"}}}
    key = {"Idempotency-Key": "boots"}
    answer = client.post("/api/v1/campaigns", json=asked, headers=key)
    assert answer.status_code == 201, answer.text
    draft = answer.get_json()
    assert (draft["state"], draft["fields"]) == ("draft", asked["fields"])
    again = client.post("/api/v1/campaigns", json=asked, headers=key)
    assert (again.status_code, again.get_json()["id"]) == (200, draft["id"])
    links = draft["links"]
    changed = client.patch(links["self"], json={"daily_budget": 40}).get_json()
    assert (changed["daily_budget"], changed["name"]) == (40, "Boots")
    assert client.post(links["submit"], json={}).get_json()["version"] == 1
    own = client.post(links["approve"], json={})
    assert (own.status_code, own.get_json()["code"]) == (403, "four_eyes")
    second = client_of(Role.OPERATOR)
    assert second.post(links["approve"], json={}).get_json()["state"] == "approved"
    (job,) = client.get(links["jobs"]).get_json()["items"]
    assert (job["kind"], job["params"]) == ("customers.publish_campaign", {"campaign": draft["id"]})
    assert client.post(links["activate"], json={}).get_json()["code"] == "campaign_state_wrong"
    assert client.get("/api/v1/campaigns?state=approved").get_json()["items"][0]["id"] == draft["id"]
    neighbour = client_of(Role.ADMIN, "neighbour-of-campaigns")
    assert neighbour.get(links["self"]).status_code == 404
    assert neighbour.post(links["submit"], json={}).status_code == 404


def test_a_campaign_is_for_a_platform_of_ads(client: KeyClient) -> None:
    client.post("/api/v1/connections", json={"name": "contacts", "connector": "simulated_crm"})
    asked = {"name": "Boots", "connection": "contacts", "daily_budget": 50}
    assert client.post("/api/v1/campaigns", json=asked).get_json()["code"] == "connection_unfit"
    told = client.post("/api/v1/campaigns", json={**asked, "daily_budget": 0, "fields": {"x": {}}}).get_json()
    assert {one["pointer"] for one in told["errors"]} == {"/daily_budget", "/fields/x/key"}
