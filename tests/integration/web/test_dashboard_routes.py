"""Every page and form there is, asked by those who may not: strangers, roles that are too small, other tenants."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from core.platform.access import PERMISSIONS, Role
from tests.integration.web.account_world import joined
from tests.integration.web.conftest import KeyClient
from tests.integration.web.dashboard_world import Browser


@dataclass(frozen=True)
class Route:
    """One page, or the target of a form."""

    method: str
    rule: str
    permission: str | None

    def ask(self, browser: Browser, word: str, values: dict[str, str]) -> int:
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values.get(found[1], str(uuid.uuid4())), self.rule)
        answer = browser.client.open(path, method=self.method, data={"csrf": word} if self.method == "POST" else None)
        return int(answer.status_code)


@pytest.fixture(scope="module")
def routes(app: Flask) -> list[Route]:
    """Every route of the dashboard that asks who comes."""
    found = [
        Route(method, rule.rule, vars(app.view_functions[rule.endpoint])["permission"])
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/dashboard")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]
    asking = [route for route in found if route.permission is not None]
    assert len(asking) > 40
    return asking


@pytest.fixture
def browser_of(app: Flask, client: KeyClient, stranger: KeyClient) -> Callable[[str], tuple[Browser, str]]:
    """A browser in which somebody of a role is logged in, and the word of its forms."""

    def begin(role: str) -> tuple[Browser, str]:
        browser = Browser(app.test_client())
        browser.log_in(joined(client, stranger, role=role))
        return browser, browser.see("/account").text.split('name="csrf" content="')[1].split('"')[0]

    return begin


def test_strangers_are_led_to_the_login_from_everywhere(routes: list[Route], app: Flask) -> None:
    stranger = Browser(app.test_client())
    assert {route: route.ask(stranger, "", {}) for route in routes} == dict.fromkeys(routes, 303)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_that_is_too_small_is_refused_everywhere(
    routes: list[Route], browser_of: Callable[[str], tuple[Browser, str]], role: Role
) -> None:
    browser, word = browser_of(role)
    refused = [route for route in routes if route.permission not in PERMISSIONS[role]]
    assert {route: route.ask(browser, word, {}) for route in refused} == dict.fromkeys(refused, 403)


def test_without_the_word_of_the_session_no_form_does_anything(
    routes: list[Route], browser_of: Callable[[str], tuple[Browser, str]]
) -> None:
    browser, _ = browser_of("admin")
    forms = [route for route in routes if route.method == "POST"]
    assert {route: route.ask(browser, "0" * 64, {}) for route in forms} == dict.fromkeys(forms, 403)


def test_what_is_another_tenants_is_not_there(
    routes: list[Route],
    browser_of: Callable[[str], tuple[Browser, str]],
    client_of: Callable[..., KeyClient],
    tenant: str,
) -> None:
    neighbour = client_of(Role.ADMIN, f"{tenant}-next")
    things = {
        "job_id": neighbour.post("/api/v1/jobs", json={"kind": "platform.echo"}),
        "schedule_id": neighbour.post("/api/v1/schedules", json={"kind": "platform.echo", "every_s": 3600}),
        "member_id": neighbour.post("/api/v1/members", json={"email": f"{tenant}@example.org", "role": "viewer"}),
        "key_id": neighbour.post("/api/v1/keys", json={"name": "theirs", "role": "viewer"}),
        "domain_id": neighbour.post("/api/v1/domains", json={"name": "theirs", "example": "healthcare"}),
        "channel_id": neighbour.post("/api/v1/notification-channels", json={"name": "a", "url": "json://example.org"}),
        "webhook_id": neighbour.post("/api/v1/webhooks", json={"url": "https://example.org/hook"}),
        "trigger_id": neighbour.post(
            "/api/v1/triggers", json={"topic": "domain.window_ready", "kind": "platform.echo"}
        ),
        "alert_rule_id": neighbour.post(
            "/api/v1/alert-rules", json={"name": "theirs", "metric": "job_failure_rate", "threshold": 1}
        ),
        "federation_id": neighbour.post("/api/v1/federations", json={"name": "theirs"}),
    }
    values = {name: made.get_json()["id"] for name, made in things.items()}
    browser, word = browser_of("admin")
    about = [route for route in routes if any(f"{name}>" in route.rule for name in values)]
    assert len(about) > 12
    assert {route: route.ask(browser, word, values) for route in about} == dict.fromkeys(about, 404)
