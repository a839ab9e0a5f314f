"""API keys and tenants over HTTP: shown once, confined, revoked; nobody gives away more than it has."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from core.clock import rfc3339, utc_now
from core.database import Database
from core.platform.access import Role
from tests.integration.web.account_world import joined
from tests.integration.web.conftest import KeyClient


@pytest.fixture
def sent_by(stranger: FlaskClient) -> Callable[..., Any]:
    """Send a request with a key."""

    def send(key: str, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {key}"}
        return stranger.open(f"/api/v1{path}", method=method, headers=headers, **options)

    return send


def made(client: FlaskClient, **fields: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/keys", json={"name": "a key", "role": "admin", **fields})
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.get_json()
    return document


def test_a_key_is_shown_once_and_kept_as_a_hash(
    client: FlaskClient, sent_by: Callable[..., Any], web_database: Database
) -> None:
    key = made(client)
    assert key["key"].startswith(key["prefix"])
    assert len(key["key"]) > 40
    assert sent_by(key["key"], "GET", "/me").get_json()["id"] == key["id"]
    read = client.get(f"/api/v1/keys/{key['id']}").get_json()
    assert "key" not in read
    assert key["id"] in {item["id"] for item in client.get("/api/v1/keys").get_json()["items"]}
    with web_database.statements() as session:
        row = session.execute(text("SELECT k::text FROM api_keys k WHERE id = :id"), {"id": key["id"]}).scalar_one()
    assert key["key"] not in row


def test_the_last_use_is_known_to_the_minute(
    client: FlaskClient, sent_by: Callable[..., Any], web_database: Database
) -> None:
    key = made(client)
    assert key["last_used_at"] is None

    def last_used() -> Any:
        return client.get(f"/api/v1/keys/{key['id']}").get_json()["last_used_at"]

    sent_by(key["key"], "GET", "/me")
    first = last_used()
    assert first is not None
    with web_database.transaction() as session:
        session.execute(text("UPDATE api_keys SET last_used_at = last_used_at - interval '59 seconds'"))
    moved = last_used()
    client.delete(f"/api/v1/keys/{made(client)['id']}")  # whoever was remembered is looked up anew
    sent_by(key["key"], "GET", "/me")
    assert last_used() == moved, "not written for each request"
    with web_database.transaction() as session:
        session.execute(text("UPDATE api_keys SET last_used_at = last_used_at - interval '2 seconds'"))
    client.delete(f"/api/v1/keys/{made(client)['id']}")
    sent_by(key["key"], "GET", "/me")
    assert last_used() > first


def test_a_key_may_be_confined_expire_and_be_revoked(client: FlaskClient, sent_by: Callable[..., Any]) -> None:
    key = made(client, scopes=["jobs:read"])["key"]
    assert sent_by(key, "GET", "/jobs").status_code == 200
    assert sent_by(key, "GET", "/kinds").get_json()["code"] == "permission_missing"
    soon = rfc3339(utc_now() - timedelta(seconds=1))
    assert sent_by(made(client, expires_at=soon)["key"], "GET", "/me").status_code == 401
    doomed = made(client)
    assert sent_by(doomed["key"], "GET", "/me").status_code == 200
    assert client.delete(f"/api/v1/keys/{doomed['id']}").get_json()["revoked_at"] is not None
    assert sent_by(doomed["key"], "GET", "/me").status_code == 401
    assert client.delete(f"/api/v1/keys/{doomed['id']}").status_code == 200, "once more changes nothing"


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"role": "owner"}, "/role"),
        ({"scopes": ["jobs:everything"]}, "/scopes/0"),
        ({"scopes": []}, "/scopes"),
        ({"role": "viewer", "scopes": ["jobs:submit"]}, "/scopes"),
        ({"expires_at": "tomorrow"}, "/expires_at"),
        ({"name": ""}, "/name"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_what_makes_no_key_is_named(client: FlaskClient, fields: dict[str, Any], pointer: str) -> None:
    refused = client.post("/api/v1/keys", json={"name": "a key", "role": "admin", **fields})
    assert (refused.status_code, refused.get_json()["errors"][0]["pointer"]) == (422, pointer)


def test_nobody_gives_away_more_than_it_has(client: FlaskClient, sent_by: Callable[..., Any]) -> None:
    minting = made(client, scopes=["keys:write", "members:write", "jobs:read"])["key"]
    for path, body in (
        ("/keys", {"name": "more", "role": "admin"}),
        ("/keys", {"name": "more", "role": "submitter"}),
        ("/keys", {"name": "more", "role": "admin", "scopes": ["tenants:write"]}),
        ("/members", {"email": f"{uuid.uuid4().hex}@example.org", "role": "admin"}),
    ):
        refused = sent_by(minting, "POST", path, json=body)
        assert (refused.status_code, refused.get_json()["code"]) == (403, "permission_missing")
    less = sent_by(minting, "POST", "/keys", json={"name": "less", "role": "viewer", "scopes": ["jobs:read"]})
    assert less.status_code == 201


def test_nobody_is_made_more_than_its_maker_by_a_change_or_a_reset(
    client: FlaskClient, stranger: FlaskClient, sent_by: Callable[..., Any]
) -> None:
    keeper = made(client, scopes=["members:write", "members:read"])["key"]
    somebody, admin = joined(client, stranger), joined(client, stranger, role="admin")
    assert sent_by(keeper, "PATCH", f"/members/{somebody.id}", json={"role": "admin"}).status_code == 403
    assert sent_by(keeper, "POST", f"/members/{admin.id}/reset").status_code == 403
    assert sent_by(keeper, "PATCH", f"/members/{somebody.id}", json={"disabled": True}).status_code == 200


def test_a_tenant_is_made_furnished_and_suspended(client: FlaskClient, sent_by: Callable[..., Any]) -> None:
    slug = f"acme-{uuid.uuid4().hex[:8]}"
    tenant = client.post("/api/v1/tenants", json={"slug": slug, "name": "Acme"}).get_json()
    assert (tenant["slug"], tenant["home"], tenant["suspended_at"]) == (slug, False, None)
    assert client.post("/api/v1/tenants", json={"slug": slug}).get_json()["code"] == "slug_taken"
    key = client.post(f"/api/v1/tenants/{slug}/keys", json={"name": "first", "role": "admin"}).get_json()["key"]
    assert sent_by(key, "GET", "/me").get_json()["tenant"]["slug"] == slug
    for method, path in (("GET", "/tenants"), ("POST", "/tenants"), ("GET", "/metrics"), ("GET", "/limits")):
        assert sent_by(key, method, path, json={}).status_code == 403
    assert client.patch(f"/api/v1/tenants/{tenant['id']}", json={"suspended": True}).status_code == 200
    assert sent_by(key, "GET", "/me").status_code == 401
    client.patch(f"/api/v1/tenants/{slug}", json={"suspended": False})
    assert sent_by(key, "GET", "/me").status_code == 200
    assert client.get("/api/v1/tenants/nobody").status_code == 404


def test_whoever_runs_the_platform_is_not_locked_out(client: FlaskClient, tenant: str) -> None:
    refused = client.patch(f"/api/v1/tenants/{tenant}", json={"suspended": True})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "home_kept")


def test_prometheus_takes_a_key_for_nothing_else(client: FlaskClient, sent_by: Callable[..., Any]) -> None:
    key = made(client, role="operator", scopes=["metrics:read"])["key"]
    assert sent_by(key, "GET", "/metrics").status_code == 200
    assert sent_by(key, "GET", "/jobs").status_code == 403


def test_lists_come_by_pages(client: FlaskClient, client_of: Callable[..., KeyClient]) -> None:
    ids = [made(client)["id"] for _ in range(3)]
    first = client.get("/api/v1/keys?limit=2").get_json()
    second = client.get(f"/api/v1/keys?limit=2&cursor={first['next_cursor']}").get_json()
    listed = [item["id"] for item in first["items"] + second["items"]]
    assert listed[:3] == ids[::-1]
    assert client_of(Role.ADMIN, f"other-{uuid.uuid4().hex}").get(f"/api/v1/keys/{ids[0]}").status_code == 404
