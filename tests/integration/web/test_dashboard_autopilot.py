"""The autopilot in the dashboard: why things are held, steps for whoever may take them, campaigns judged by another."""

import pytest
from flask import Flask

from tests.integration.web.account_world import joined
from tests.integration.web.conftest import KeyClient
from tests.integration.web.dashboard_world import Browser


@pytest.fixture
def operator(app: Flask, client: KeyClient, stranger: KeyClient) -> Browser:
    browser = Browser(app.test_client())
    browser.log_in(joined(client, stranger, role="operator"))
    return browser


@pytest.fixture
def viewer(app: Flask, client: KeyClient, stranger: KeyClient) -> Browser:
    browser = Browser(app.test_client())
    browser.log_in(joined(client, stranger, role="viewer"))
    return browser


def test_the_queue_tells_why_and_offers_what_one_may_do(client: KeyClient, operator: Browser, viewer: Browser) -> None:
    client.post("/api/v1/connections", json={"name": "ads", "connector": "simulated_ads"})
    asked = {"action": "pause_underperforming", "connection": "ads", "target": "campaign-1"}
    held = client.post("/api/v1/actions", json=asked).get_json()
    seen = operator.see("/autopilot").text
    assert "no account is known" in seen
    address = f"/autopilot/actions/{held['id']}/reject"
    assert address in seen
    assert address not in viewer.see("/autopilot").text
    assert viewer.send(address, {}).status_code == 403
    assert operator.send(address, {}).status_code == 303
    assert client.get(held["links"]["self"]).get_json()["state"] == "rejected"
    again = operator.send(address, {})
    assert again.status_code == 409
    assert "does not become rejected" in again.text
    assert operator.send("/autopilot/stop", {}).status_code == 303
    assert "The kill switch is on" in operator.see("/autopilot").text


def test_accounts_say_through_what_their_platforms_are_asked(client: KeyClient, operator: Browser) -> None:
    client.post("/api/v1/connections", json={"name": "shop-ads", "connector": "simulated_ads"})
    for name, links in (("meta", {"connection": "shop-ads"}), ("google", {})):
        client.post("/api/v1/ad-accounts", json={"name": name, "vendor": name, "currency": "EUR", **links})
    seen = operator.see("/autopilot").text
    assert ("through shop-ads" in seen, "told by hand" in seen) == (True, True)


def test_a_campaign_is_judged_by_somebody_else(client: KeyClient, operator: Browser) -> None:
    client.post("/api/v1/connections", json={"name": "ads", "connector": "simulated_ads"})
    asked = {"name": "Boots", "connection": "ads", "daily_budget": 50}
    draft = client.post("/api/v1/campaigns", json=asked).get_json()
    client.post(draft["links"]["submit"], json={})
    assert "Boots" in operator.see("/autopilot/campaigns").text
    assert operator.send(f"/autopilot/campaigns/{draft['id']}/approve", {}).status_code == 303
    assert client.get(draft["links"]["self"]).get_json()["state"] == "approved"
    for step in ("reject", "activate"):
        assert operator.send(f"/autopilot/campaigns/{draft['id']}/{step}", {}).status_code == 409
