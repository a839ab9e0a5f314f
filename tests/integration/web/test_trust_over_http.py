"""Trust over HTTP: no data holds, good windows raise trust, silence and outages take it back at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from core.database import Database
from core.platform.access import Role
from tests.integration.web.conftest import KeyClient

GOOD = {
    "events": 10_000,
    "matched": 8_500,
    "duplicates": 50,
    "rejected": 20,
    "age_h": 0.5,
    "currency": "EUR",
    "conversions": 410,
    "conversions_seen": 400,
    "revenue": 20_500,
    "revenue_seen": 20_000,
    "spend": 1_000,
    "calls": 500,
    "failures": 2,
}
START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=20)


def tell(client: KeyClient, account: str, hour: int, **changes: Any) -> None:
    at = (START + timedelta(hours=hour)).isoformat()
    body = {"account": account, "window_end": at, "evidence": {**GOOD, **changes}}
    answer = client.post("/api/v1/signals", json=body)
    assert answer.status_code == 200, answer.text


def ask(client: KeyClient, action: str) -> Any:
    answer = client.post("/api/v1/gate-decisions", json={"action": action})
    assert answer.status_code == 201, answer.text
    return answer.get_json()


def trust(client: KeyClient) -> Any:
    return client.get("/api/v1/trust").get_json()


def test_from_no_data_over_good_windows_to_an_outage(client: KeyClient, web_database: Database, tenant: str) -> None:
    assert ask(client, "increase_budget")["verdict"] == "hold"
    assert trust(client)["score"] == 0.0
    for name in ("meta", "google"):
        made = client.post("/api/v1/ad-accounts", json={"name": name, "vendor": name, "currency": "EUR"})
        assert made.status_code == 201, made.text
    assert "meta: match unknown" in ask(client, "reduce_budget")["reasons"]
    for hour in range(11):
        for name in ("meta", "google"):
            tell(client, name, hour)
        seen = trust(client)
    assert (seen["mode"], seen["level"]) == ("normal", 4)
    passed = ask(client, "increase_budget")
    assert passed["verdict"] == "pass"
    for name, told in (("meta", {}), ("google", {"currency": "SEK"})):
        tell(client, name, 11, **told)
    blocked = ask(client, "reduce_budget")
    assert (blocked["verdict"], blocked["reasons"][0]) == ("block", "google: currency 0")
    assert ask(client, "pause_all")["verdict"] == "pass"
    for name in ("meta", "google"):
        tell(client, name, 12)
    assert ask(client, "update_budget")["verdict"] == "block"  # up only after several good windows
    alerts = client.get("/api/v1/alerts").get_json()["items"]
    assert [(one["key"], one["severity"]) for one in alerts] == [("trust", "critical")]
    with web_database.statements() as session:
        query = text("SELECT data ->> 'mode' FROM bus_events JOIN tenants ON tenants.id = tenant_id WHERE slug = :slug")
        assert list(session.scalars(query, {"slug": tenant})) == ["limited", "normal", "frozen"]
    for decision in (passed, blocked):
        assert client.get(decision["links"]["replay"]).get_json()["same"] is True
    assert len(client.get("/api/v1/gate-decisions?verdict=pass").get_json()["items"]) == 2
    assert len(client.get("/api/v1/signals?account=meta&limit=5").get_json()["items"]) == 5


def test_an_account_that_falls_silent_takes_trust_away(client: KeyClient) -> None:
    for name in ("meta", "google"):
        client.post("/api/v1/ad-accounts", json={"name": name, "vendor": name, "currency": "EUR"})
    for hour in range(11):
        for name in ("meta", "google"):
            tell(client, name, hour)
        trust(client)
    tell(client, "meta", 11)
    assert trust(client)["mode"] == "cuts_only"
    assert ask(client, "update_budget")["verdict"] == "hold"


def test_an_account_is_linked_to_what_fits_and_to_nothing_else(client: KeyClient) -> None:
    ads = client.post("/api/v1/connections", json={"name": "ads", "connector": "simulated_ads"}).get_json()
    client.post("/api/v1/connections", json={"name": "crm", "connector": "simulated_crm"})
    shop = client.post("/api/v1/sources", json={"name": "shop"}).get_json()
    asked = {"name": "meta", "vendor": "meta", "currency": "EUR"}
    assert client.post("/api/v1/ad-accounts", json={**asked, "connection": "none"}).status_code == 404
    unfit = client.post("/api/v1/ad-accounts", json={**asked, "connection": "crm"})
    assert (unfit.status_code, unfit.get_json()["code"]) == (409, "connection_unfit")
    made = client.post("/api/v1/ad-accounts", json={**asked, "connection": "ads", "source": "shop"}).get_json()
    assert (made["connection_id"], made["source_id"], made["asked_at"]) == (ads["id"], shop["id"], None)
    changed = client.patch(made["links"]["self"], json={"connection": None}).get_json()
    assert (changed["connection_id"], changed["source_id"]) == (None, shop["id"])
    assert client.patch(made["links"]["self"], json={"source": "none"}).status_code == 404


def test_the_kill_switch_and_who_may_turn_it(client: KeyClient, client_of: Callable[..., KeyClient]) -> None:
    word = {"killed": True, "reason": "an audit"}
    assert client_of(Role.VIEWER).put("/api/v1/trust/kill-switch", json=word).status_code == 403
    assert client.put("/api/v1/trust/kill-switch", json=word).get_json()["mode"] == "frozen"
    assert ask(client, "reduce_budget")["reasons"] == ["the kill switch is on"]
    assert client.put("/api/v1/trust/kill-switch", json={**word, "killed": False}).get_json()["killed"] is False
    assert ask(client, "reduce_budget")["verdict"] == "hold"


def test_problems_name_the_place(client: KeyClient) -> None:
    wrong = client.post("/api/v1/ad-accounts", json={"name": "a", "vendor": "myspace", "currency": "eur"}).get_json()
    assert {one["pointer"] for one in wrong["errors"]} == {"/vendor", "/currency"}
    assert client.post("/api/v1/gate-decisions", json={"action": "sell"}).status_code == 422
    body = {"account": "none", "window_end": "2026-11-01T00:00:00Z", "evidence": {"events": -1}}
    assert client.post("/api/v1/signals", json=body).get_json()["errors"][0]["pointer"] == "/evidence/events"
    missing = client.post("/api/v1/signals", json={**body, "evidence": {}})
    assert missing.get_json()["code"] == "ad_account_missing"
