"""What every answer has in common: keys, problems, headers, health, metrics."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, make_url, text

from core.config import Settings
from core.database import Database
from core.platform.access import Role
from core.platform.keys import revoke_key
from tests.waiting import eventually
from webapp.app import create_app
from webapp.process import EXTENSION

PUBLIC = [
    "/",
    "/static/pages.css",
    "/api/v1/health/live",
    "/api/v1/health/ready",
    "/api/v1/openapi.json",
    "/api/v1/docs",
]
GUARDED = ["/api/v1/jobs", "/api/v1/kinds", "/api/v1/queues", "/api/v1/health", "/api/v1/metrics"]


@pytest.fixture
def without_servers(web_settings: Settings) -> Iterator[FlaskClient]:
    """A client of an app that reaches neither database nor Redis."""
    away = replace(
        web_settings, database_url="postgresql+psycopg2://x@127.0.0.1:1/x", redis_url="redis://127.0.0.1:1/0"
    )
    app = create_app(away)
    yield app.test_client()
    app.extensions[EXTENSION].database.engine.dispose()


def test_without_a_key_only_public_routes_answer(stranger: FlaskClient) -> None:
    assert [stranger.get(address).status_code for address in PUBLIC] == [200] * len(PUBLIC)
    for address in GUARDED:
        refused = stranger.get(address)
        assert (refused.status_code, refused.get_json()["code"]) == (401, "key_invalid")
        assert refused.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "sent", ["Bearer psk_wrong", "Bearer " + "x" * 5000, "Bearer", "Basic abc", "", "bearer  ", "Bearer ü"]
)
def test_bad_keys_are_refused_alike(stranger: FlaskClient, sent: str) -> None:
    assert stranger.get("/api/v1/jobs", headers={"Authorization": sent}).status_code == 401


def test_a_revoked_key_is_honoured_for_seconds_at_most(
    app: Flask, client: FlaskClient, web_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/api/v1/jobs").status_code == 200
    with web_database.transaction() as session:
        revoke_key(session, client.key)  # type: ignore[attr-defined]  # the client of these tests has a key
    keyring = app.extensions[EXTENSION].keyring
    real = keyring.clock
    monkeypatch.setattr(keyring, "clock", lambda: real() + 5.1)
    assert client.get("/api/v1/jobs").status_code == 401


def test_unknown_routes_and_methods_are_problems(client: FlaskClient) -> None:
    missing = client.get("/api/v1/nothing")
    assert (missing.status_code, missing.content_type) == (404, "application/problem+json")
    strange = client.get("/api/v1/jobs/not-an-id")
    assert (strange.status_code, strange.get_json()["detail"]) == (404, "nothing is at /api/v1/jobs/not-an-id")
    refused = client.delete("/api/v1/jobs")
    assert (refused.status_code, refused.content_type) == (405, "application/problem+json")
    assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_a_problem_has_all_its_members(client: FlaskClient) -> None:
    problem = client.post("/api/v1/jobs", json={}, headers={"X-Request-ID": "my-id.1"}).get_json()
    assert problem == {
        "type": "/api/v1/docs/problems#fields_invalid",
        "title": "Fields of the request are wrong or unknown.",
        "status": 422,
        "detail": "1 problem(s) in the request",
        "code": "fields_invalid",
        "request_id": "my-id.1",
        "errors": [{"pointer": "/kind", "detail": "Missing data for required field."}],
    }


def test_a_crash_is_a_problem_without_a_traceback(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(app.extensions[EXTENSION].run_times), "typical_s", None)
    crashed = client.get("/api/v1/kinds")
    assert (crashed.status_code, crashed.get_json()["code"]) == (500, "internal")
    assert crashed.get_json()["request_id"] == crashed.headers["X-Request-ID"]
    assert "Traceback" not in crashed.text
    assert "TypeError" not in crashed.text


@pytest.mark.parametrize(
    ("sent", "kept"), [("abc-1", True), ("a" * 128, True), ("a" * 129, False), ("a b", False), ("", False)]
)
def test_good_request_ids_are_kept(client: FlaskClient, sent: str, kept: bool) -> None:  # noqa: FBT001 - pytest passes it by name
    answered = client.get("/api/v1/kinds", headers={"X-Request-ID": sent}).headers["X-Request-ID"]
    assert (answered == sent) is kept
    assert answered


def test_every_answer_is_timed_and_safe(client: FlaskClient) -> None:
    for address in ["/", "/api/v1/docs", "/api/v1/jobs", "/api/v1/nothing"]:
        headers = client.get(address).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Server-Timing"].startswith("app;dur=")
        assert headers["X-Request-ID"]


def test_each_request_writes_one_line(web_settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    client = create_app(web_settings).test_client()
    client.get("/api/v1/nothing?q=secret", headers={"X-Request-ID": "r1"})
    said: list[str] = []

    def entries() -> list[dict[str, Any]]:
        said.append(capsys.readouterr().err)
        return [one for one in map(json.loads, "".join(said).splitlines()) if one.get("request_id") == "r1"]

    (entry,) = eventually(entries)
    assert (entry["method"], entry["path"], entry["status"], entry["request_id"]) == (
        "GET",
        "/api/v1/nothing",
        404,
        "r1",
    )


def test_without_a_database_the_process_lives_and_says_so_at_once(without_servers: FlaskClient) -> None:
    began = time.monotonic()
    assert without_servers.get("/api/v1/health/live").get_json() == {"status": "alive"}
    for address in ["/api/v1/health/ready", "/api/v1/jobs"]:
        answer = without_servers.get(address, headers={"Authorization": "Bearer psk_x"})
        assert (answer.status_code, answer.get_json()["code"]) == (503, "database_unavailable")
        assert int(answer.headers["Retry-After"]) >= 1
    assert time.monotonic() - began < 20


def test_without_redis_jobs_are_accepted_and_health_is_degraded(
    web_settings: Settings, client: FlaskClient, stranger: FlaskClient
) -> None:
    eventually(lambda: stranger.get("/api/v1/health/ready").get_json()["status"] == "ready")
    app = create_app(replace(web_settings, redis_url="redis://127.0.0.1:1/0"))
    other = app.test_client()
    assert other.get("/api/v1/health/ready").get_json()["status"] == "degraded"
    key = {"Authorization": f"Bearer {client.key}"}  # type: ignore[attr-defined]  # the client of these tests has a key
    job = other.post("/api/v1/jobs", json={"kind": "platform.echo"}, headers=key)
    assert job.status_code == 202
    assert other.post(f"{job.headers['Location']}/cancel", headers=key).status_code == 200
    assert other.get(f"{job.headers['Location']}?wait=1", headers=key).get_json()["state"] == "cancelled"
    assert other.get("/api/v1/health", headers=key).get_json()["components"]["redis"]["status"] == "down"
    app.extensions[EXTENSION].database.engine.dispose()


def test_a_database_that_was_not_migrated_is_not_ready(web_settings: Settings) -> None:
    url = make_url(web_settings.database_url)
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{url.database}_empty"'))
    engine.dispose()
    empty = url.set(database=f"{url.database}_empty").render_as_string(hide_password=False)
    app = create_app(replace(web_settings, database_url=empty))
    answer = app.test_client().get("/api/v1/health/ready")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "schema_missing")
    app.extensions[EXTENSION].database.engine.dispose()


def test_a_restarted_database_is_noticed_without_an_error(client: FlaskClient, web_settings: Settings) -> None:
    assert client.get("/api/v1/jobs").status_code == 200
    engine = create_engine(web_settings.database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        ).all()
    engine.dispose()
    assert client.post("/api/v1/jobs", json={"kind": "platform.echo"}).status_code == 202
    assert client.get("/api/v1/jobs").status_code == 200


def test_the_full_report_tells_components_and_versions(client: FlaskClient) -> None:
    eventually(lambda: client.get("/api/v1/health").get_json()["status"] == "ready")
    report = client.get("/api/v1/health").get_json()
    assert {name: each["status"] for name, each in report["components"].items()} == {"database": "up", "redis": "up"}
    assert report["schema_revision"]
    assert report["outbox_depth"] >= 0
    client.post("/api/v1/jobs", json={"kind": "platform.echo"})
    (backlog,) = [one for one in client.get("/api/v1/health").get_json()["queues"] if one["name"] == "default"]
    assert (backlog["depth"] >= 1, backlog["oldest_age_s"] >= 0) == (True, True)


def test_metrics_are_for_operators(client: FlaskClient, client_of: Callable[..., FlaskClient]) -> None:
    assert client_of(Role.SUBMITTER).get("/api/v1/metrics").status_code == 403
    client.post("/api/v1/jobs", json={"kind": "platform.echo"})
    told = client.get("/api/v1/metrics").text
    for line in [
        'penstock_jobs{kind="platform.echo",state="queued"}',
        'penstock_queue_depth{queue="default"}',
        'penstock_queue_oldest_age_seconds{queue="science"}',
        "penstock_outbox_depth",
        'penstock_http_requests_total{method="POST",route="POST /jobs",status="202"}',
        'penstock_http_request_duration_seconds_count{method="POST",route="POST /jobs"}',
        'penstock_build_info{version="',
    ]:
        assert line in told, line
