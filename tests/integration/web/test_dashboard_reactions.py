import re
from collections.abc import Callable

import pytest
from flask import Flask

from core.database import Database
from core.platform.alerts.raising import raise_alert
from core.platform.tenants import ensure_tenant
from tests.integration.web.account_world import joined
from tests.integration.web.conftest import KeyClient
from tests.integration.web.dashboard_world import Browser


@pytest.fixture
def browser_of(app: Flask, client: KeyClient, stranger: KeyClient) -> Callable[[str], Browser]:
    """A browser in which a new member of some role is logged in."""

    def begin(role: str) -> Browser:
        browser = Browser(app.test_client())
        browser.log_in(joined(client, stranger, role=role))
        return browser

    return begin


def only(client: KeyClient, what: str) -> dict[str, object]:
    """Return the one thing of a list that the platform did not bring itself."""
    (found,) = [each for each in client.get(f"/api/v1/{what}").get_json()["items"] if not each.get("built_in")]
    return dict(found)


def test_a_webhook_is_made_tried_changed_and_deleted(browser_of: Callable[[str], Browser], client: KeyClient) -> None:
    browser = browser_of("operator")
    assert 'class="field-error"' in browser.send("/webhooks", {"/url": "nowhere"}).text
    made = browser.send("/webhooks", {"/url": "https://example.org/hook", "/events": ["job.failed", "job.expired"]})
    secret = re.search(r"whsec_[\w+/=-]+", made.text)
    assert secret
    hook = only(client, "webhooks")
    assert hook["events"] == ["job.failed", "job.expired"]
    home = f"/webhooks/{hook['id']}"
    assert secret[0] not in browser.see(home).text
    assert browser.send(f"{home}/test", {}).status_code == 303
    assert "webhook.test" in browser.see(home).text
    (delivery,) = client.get(f"/api/v1{home}/deliveries").get_json()["items"]
    assert browser.send(f"{home}/deliveries/{delivery['id']}/replay", {}).status_code == 303
    asked = {"/url": "https://example.org/other", "/events": ["job.failed"], "/tags": '["a"]', "/active": "false"}
    assert browser.send(home, asked).status_code == 303
    changed = only(client, "webhooks")
    assert (changed["url"], changed["tags"], changed["active"]) == ("https://example.org/other", ["a"], False)
    assert browser.send(home, {**asked, "/tags": ""}).status_code == 303
    assert only(client, "webhooks")["tags"] == []
    assert browser.send(home, {**asked, "/events": []}).status_code == 422
    assert "whsec_" in browser.send(f"{home}/rotate", {}).text
    assert browser.send(f"{home}/delete", {}).status_code == 303
    assert client.get("/api/v1/webhooks").get_json()["items"] == []


def test_a_trigger_is_made_changed_and_deleted(browser_of: Callable[[str], Browser], client: KeyClient) -> None:
    browser = browser_of("operator")
    asked = {"/topic": "domain.window_ready", "/kind": "platform.echo", "/params": "{}", "/name": "mine"}
    assert browser.send("/triggers", {**asked, "/kind": "no.kind"}).status_code == 422
    assert browser.send("/triggers", asked).status_code == 303
    home = f"/triggers/{only(client, 'triggers')['id']}"
    assert browser.send(home, {**asked, "/active": "false", "/filter": '{"/data/index": 1}'}).status_code == 303
    changed = only(client, "triggers")
    assert (changed["name"], changed["active"], changed["filter"]) == ("mine", False, {"/data/index": 1})
    assert browser.send(home, {**asked, "/filter": '{"x": {"odd": 1}}'}).status_code == 422
    assert "paused" in browser.see("/triggers").text
    assert browser.send(f"{home}/delete", {}).status_code == 303
    assert client.get("/api/v1/triggers").get_json()["items"] == []


def test_people_are_told_through_a_channel_by_a_rule(browser_of: Callable[[str], Browser], client: KeyClient) -> None:
    browser = browser_of("operator")
    assert browser.send("/notifications/channels", {"/name": "desk", "/url": "nonsense"}).status_code == 422
    assert browser.send("/notifications/channels", {"/name": "desk", "/url": "jsons://desk.test/x"}).status_code == 303
    channel = only(client, "notification-channels")
    home = f"/notifications/channels/{channel['id']}"
    assert "desk.test" not in browser.see(home).text
    assert browser.send(home, {"/name": "night desk", "/active": "true"}).status_code == 303
    assert only(client, "notification-channels")["name"] == "night desk"
    asked = {"/name": "what fails", "/channel_id": str(channel["id"]), "/events": ["job.failed"]}
    assert browser.send("/notifications/rules", {**asked, "/quiet_from": "22:00"}).status_code == 422
    quiet = {"/quiet_from": "22:00", "/quiet_to": "07:00"}
    assert browser.send("/notifications/rules", {**asked, **quiet}).status_code == 303
    rule = f"/notifications/rules/{only(client, 'notification-rules')['id']}"
    assert "night desk</option>" in browser.see(rule).text
    assert browser.send(rule, {**asked, "/least_severity": "critical"}).status_code == 303
    changed = only(client, "notification-rules")
    assert (changed["least_severity"], changed["quiet_from"], changed["quiet_to"]) == ("critical", None, None)
    assert browser.send(f"{home}/test", {}).status_code == 303
    assert "pending" in browser.see("/notifications").text
    assert browser.send(f"{rule}/delete", {}).status_code == 303
    assert browser.send(f"{home}/delete", {}).status_code == 303
    assert client.get("/api/v1/notification-channels").get_json()["items"] == []


def test_a_figure_is_watched_as_somebody_says(browser_of: Callable[[str], Browser], client: KeyClient) -> None:
    browser = browser_of("operator")
    asked = {"/name": "Many fail", "/metric": "job_failure_rate", "/threshold": "0.5", "/severity": "warning"}
    assert browser.send("/alerts/rules/new", {**asked, "/threshold": ""}).status_code == 422
    assert browser.send("/alerts/rules/new", asked).status_code == 303
    home = f"/alerts/rules/{only(client, 'alert-rules')['id']}"
    crossed = browser.send(home, {**asked, "/above": "true", "/clear_threshold": "0.9"})
    assert (crossed.status_code, "thresholds_crossed" in crossed.text or "good side" in crossed.text) == (422, True)
    assert browser.send(home, {**asked, "/severity": "critical"}).status_code == 303
    assert only(client, "alert-rules")["severity"] == "critical"
    assert "Many fail" in browser.see("/alerts").text
    assert browser.send(f"{home}/delete", {}).status_code == 303


def test_an_alert_is_acknowledged_by_an_operator_and_only_read_by_a_viewer(
    browser_of: Callable[[str], Browser], client: KeyClient, web_database: Database, tenant: str
) -> None:
    with web_database.transaction() as session:
        raise_alert(session, ensure_tenant(session, tenant), "test", "a/b", "warning", "Something is wrong.")
    alert = only(client, "alerts")
    home = f"/alerts/{alert['id']}"
    viewer, operator = browser_of("viewer"), browser_of("operator")
    for path in ("/alerts", home):
        assert "Something is wrong." in viewer.see(path).text
        assert f"{home}/acknowledge" not in viewer.see(path).text
        assert f"{home}/acknowledge" in operator.see(path).text
    assert viewer.send(f"{home}/acknowledge", {}).status_code == 403
    assert operator.send(f"{home}/acknowledge", {}).status_code == 303
    assert only(client, "alerts")["acknowledged_at"] is not None
    assert operator.send(f"{home}/resolve", {}).status_code == 303
    assert operator.send(f"{home}/resolve", {}).status_code == 409
    assert "Something is wrong." not in viewer.see("/alerts?state=open").text
