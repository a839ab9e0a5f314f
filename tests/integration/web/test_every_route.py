"""Every route there is, asked with credentials of every sort that will not do: only the documented answers."""

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text

from core.clock import utc_now
from core.database import Database
from core.platform.access import OF_THE_HOME, PERMISSIONS, Role
from core.platform.keys import make_key, remember_key
from core.platform.tenants import ensure_tenant
from tests.integration.web.account_world import joined
from tests.integration.web.conftest import KeyClient
from webapp.openapi import described

BODIES: dict[str, dict[str, Any]] = {
    "change_member": {"role": "viewer"},
    "change_schedule": {"priority": 3},
    "change_webhook": {"active": False},
}
"""Bodies of the routes that look at one thing and take more than an empty one."""


@dataclass(frozen=True)
class Route:
    """One operation."""

    id: str
    method: str
    rule: str
    permission: str | None
    parameters: tuple[str, ...] = field(default=())

    def path(self, values: dict[str, str]) -> str:
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values.get(found[1], _nowhere(found[0])), self.rule)


def _nowhere(parameter: str) -> str:
    if parameter.startswith("<int:"):
        return "4096"
    return str(uuid.uuid4()) if parameter.startswith("<uuid:") else "nothing"


@pytest.fixture(scope="module")
def routes(app: Flask) -> list[Route]:
    """Every operation of the API."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            view: Any = app.view_functions[rule.endpoint]
            (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            found.append(Route(view.__name__, method, rule.rule, view.permission, tuple(sorted(rule.arguments))))
    assert len(found) > 70
    return found


@pytest.fixture(scope="module")
def documented(app: Flask) -> dict[str, set[int]]:
    """The answers that each operation documents."""
    return {
        told["operationId"]: {int(status) for status in told["responses"]}
        for methods in described(app).document["paths"].values()
        for told in methods.values()
        if isinstance(told, dict) and "operationId" in told
    }


@pytest.fixture
def ask(stranger: FlaskClient) -> Callable[..., Any]:
    """Send a request with some credentials, and see that the answer is a documented problem."""

    def send(route: Route, sent: str | None, values: dict[str, str] | None = None) -> Any:
        headers = {} if sent is None else {"Authorization": f"Bearer {sent}"}
        body: dict[str, Any] = {"json": BODIES.get(route.id, {})} if route.method in {"POST", "PUT", "PATCH"} else {}
        return stranger.open(route.path(values or {}), method=route.method, headers=headers, **body)

    return send


@pytest.fixture
def key_of(web_database: Database) -> Callable[..., str]:
    """Make a key of a new tenant."""

    def make(role: Role = Role.ADMIN, *, change: str | None = None, suspended: bool = False, **options: Any) -> str:
        key = make_key()
        with web_database.transaction() as session:
            home = options.pop("home", True)
            tenant_id = ensure_tenant(session, f"walk-{uuid.uuid4().hex}", home=home)
            key_id = remember_key(session, key, tenant_id=tenant_id, name="walk", role=role, **options)
            if change is not None:
                session.execute(text(f"UPDATE api_keys SET {change} WHERE id = :id"), {"id": key_id})
            if suspended:
                session.execute(text("UPDATE tenants SET suspended_at = now() WHERE id = :id"), {"id": tenant_id})
        return key

    return make


def test_without_good_credentials_every_route_answers_401(
    routes: list[Route],
    documented: dict[str, set[int]],
    ask: Callable[..., Any],
    key_of: Callable[..., str],
    client: FlaskClient,
    stranger: FlaskClient,
    app: Flask,
) -> None:
    person = joined(client, stranger, role="admin")
    ended, thief = person.tokens(), person.tokens()
    person.ask("POST", "/auth/logout", ended["access_token"])
    person.refresh(thief["refresh_token"])
    person.refresh(thief["refresh_token"])
    bad = {
        "none": None,
        "empty": "",
        "wrong": make_key(),
        "no key at all": "x" * 40,
        "expired": key_of(expires_at=utc_now()),
        "revoked": key_of(change="revoked_at = now()"),
        "of a suspended tenant": key_of(suspended=True),
        "refresh token": person.tokens()["refresh_token"],
        "of an ended session": ended["access_token"],
        "of a stolen session": thief["access_token"],
        "broken": person.tokens()["access_token"][:-4] + "AAAA",
    }
    wrong = []
    for route in routes:
        if route.permission is None:
            continue
        assert 401 in documented[route.id]
        for name, sent in bad.items():
            answer = ask(route, sent)
            told = (answer.status_code, answer.get_json().get("code"), "WWW-Authenticate" in answer.headers)
            if told != (401, "key_invalid", True):
                wrong.append((route.id, name, told))
    assert wrong == []


def test_a_role_that_is_too_small_is_told_so(
    routes: list[Route], documented: dict[str, set[int]], ask: Callable[..., Any], key_of: Callable[..., str]
) -> None:
    keys = {role: key_of(role) for role in Role}
    tenant = key_of(Role.ADMIN, home=False)
    wrong = []
    for route in routes:
        if route.permission is None:
            continue
        assert 403 in documented[route.id]
        refused = [keys[role] for role in Role if route.permission not in PERMISSIONS[role]]
        refused.append(key_of(Role.ADMIN, scopes={"kinds:read", "account:read"} - {route.permission}))
        if route.permission in OF_THE_HOME:
            refused.append(tenant)
        for sent in refused:
            answer = ask(route, sent)
            if (answer.status_code, answer.get_json()["code"]) != (403, "permission_missing"):
                wrong.append((route.id, answer.status_code))
    assert wrong == []


@pytest.fixture
def things(client: KeyClient, web_database: Database) -> dict[str, str]:
    """Something of every sort that the tenant of `client` has, by the names of parameters."""

    def made(path: str, body: dict[str, Any]) -> str:
        answer = client.post(f"/api/v1{path}", json=body)
        assert answer.status_code in {201, 202}, answer.text
        return str(answer.get_json()["id"])

    webhook_id = made("/webhooks", {"url": "https://example.org/hook"})
    job_id = made("/jobs", {"kind": "platform.echo"})
    delivery = client.post(f"/api/v1/webhooks/{webhook_id}/test").get_json()
    graph = {"jobs": {"a": {"kind": "platform.echo"}}}
    with web_database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO artifacts (id, tenant_id, job_id, name, content_type, sha256, size) "
                "SELECT :id, tenant_id, id, 'name.csv', 'text/csv', 'none', 1 FROM jobs WHERE id = :job_id"
            ),
            {"id": uuid.uuid4(), "job_id": UUID(job_id)},
        )
    return {
        "job_id": job_id,
        "name": "name.csv",
        "webhook_id": webhook_id,
        "delivery_id": delivery["id"],
        "workflow_id": made("/workflows", graph),
        "schedule_id": made("/schedules", {"kind": "platform.echo", "every_s": 3600}),
        "member_id": made("/members", {"email": f"{uuid.uuid4().hex}@example.org", "role": "viewer"}),
        "key_id": made("/keys", {"name": "theirs", "role": "viewer"}),
    }


@pytest.fixture
def asked(web_database: Database) -> Iterator[list[str]]:
    """What the database is asked about tenants' things, without values; hot statements included."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(re.sub(r"penstock\.tenant = '\w*'", "penstock.tenant = ?", statement))

    event.listen(web_database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(web_database.engine, "before_cursor_execute", note)


def test_what_is_another_tenants_is_not_there_and_nothing_tells_the_two_apart(
    routes: list[Route],
    ask: Callable[..., Any],
    key_of: Callable[..., str],
    things: dict[str, str],
    asked: list[str],
    client: KeyClient,
) -> None:
    neighbour = key_of(Role.ADMIN, home=False)
    looked_at, wrong = set(), []
    for route in routes:
        if not set(route.parameters) & set(things) - {"name"} or route.permission in OF_THE_HOME:
            continue
        told = []
        for values in (things, {}):
            ask(route, neighbour, values)  # what is remembered of the caller is remembered for both
            asked.clear()
            answer = ask(route, neighbour, values)
            problem = {**answer.get_json(), "request_id": None, "detail": None}
            told.append((answer.status_code, problem, sorted(answer.headers.keys()), _without_trail(asked)))
        if told[0] != told[1] or told[0][0] != 404:
            wrong.append((route.id, told[0][0], told[1][0], answer.text[:200]))
        looked_at |= set(route.parameters)
    assert wrong == []
    assert looked_at >= set(things)
    seen = {name: ask(Route("", "GET", f"/api/v1/{what}/<{name}>", None), client.key, things) for what, name in _OWN}
    assert {name: answer.status_code for name, answer in seen.items()} == dict.fromkeys(seen, 200), "all is still there"


_OWN = [(f"{name}s", f"{name}_id") for name in ("job", "webhook", "workflow", "schedule", "member", "key")]


def _without_trail(statements: list[str]) -> list[str]:
    return [statement for statement in statements if "audit" not in statement]
