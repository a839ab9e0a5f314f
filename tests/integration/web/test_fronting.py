"""Other origins, compression, proxies: closed unless opened."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.config import Settings
from tests.integration.web.conftest import KeyClient, held_by
from webapp.app import create_app

ORIGIN = "https://board.example"
PREFLIGHT = {
    "Origin": ORIGIN,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization",
}


@pytest.fixture
def opened(web_settings: Settings) -> Iterator[Flask]:
    app = create_app(replace(web_settings, cors_origins=(ORIGIN,), proxies=1))
    yield app
    held_by(app).database.engine.dispose()


def test_pages_of_other_origins_read_nothing_unless_they_are_named(client: KeyClient, opened: Flask) -> None:
    closed = client.get("/api/v1/me", headers={"Origin": ORIGIN})
    assert not [name for name, _ in closed.headers if name.startswith("Access-Control")]
    assert client.options("/api/v1/jobs", headers=PREFLIGHT).status_code == 405
    headers = {"Authorization": f"Bearer {client.key}", "Origin": ORIGIN}
    read = opened.test_client().get("/api/v1/me", headers=headers)
    assert read.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "RateLimit-Remaining" in read.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in read.headers
    asked = opened.test_client().options("/api/v1/jobs", headers=PREFLIGHT)
    assert (asked.status_code, asked.headers["Access-Control-Allow-Origin"]) == (204, ORIGIN)
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    for strange in ("https://board.example.evil.org", "http://board.example", "null"):
        refused = opened.test_client().get("/api/v1/me", headers={**headers, "Origin": strange})
        assert "Access-Control-Allow-Origin" not in refused.headers


def test_long_answers_are_compressed_for_those_who_accept_it_and_streams_never(client: KeyClient) -> None:
    plain = client.get("/api/v1/kinds")
    packed = client.get("/api/v1/kinds", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.data)) == plain.get_json()
    assert len(packed.data) < len(plain.data) / 3
    assert "Content-Encoding" not in client.get("/api/v1/health/live", headers={"Accept-Encoding": "gzip"}).headers
    job = client.post("/api/v1/jobs", json={"kind": "platform.echo"}).get_json()["id"]
    client.post(f"/api/v1/jobs/{job}/cancel")
    wanted = {"Accept": "text/event-stream", "Accept-Encoding": "gzip"}
    stream = client.get(f"/api/v1/jobs/{job}/events", headers=wanted)
    assert stream.data.startswith(b"retry:")
    assert "Content-Encoding" not in stream.headers


def test_transport_security_is_asked_for_where_there_is_some(opened: Flask, client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/api/v1/health/live").headers
    behind = opened.test_client().get("/api/v1/health/live", headers={"X-Forwarded-Proto": "https"})
    assert behind.headers["Strict-Transport-Security"] == "max-age=31536000"
