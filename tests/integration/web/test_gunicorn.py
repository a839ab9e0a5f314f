"""The app as gunicorn serves it: readiness, chunked bodies, live streams, a prompt stop."""

import http.client
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from core.config import Settings
from core.platform.servers.ports import free_port


class KeyedClient(Protocol):
    """A client that has a key."""

    key: str


@pytest.fixture
def port() -> int:
    return free_port(random.Random())


@pytest.fixture
def server(web_settings: Settings, port: int, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A gunicorn of its own, ready."""
    environ = {
        **os.environ,
        "DATABASE_URL": web_settings.database_url,
        "REDIS_URL": web_settings.redis_url,
        "PENSTOCK_STORAGE_URL": web_settings.storage_url,
        "PENSTOCK_SECRET_KEY": web_settings.secret_key,
        "PENSTOCK_DATA_DIR": str(tmp_path),
        "PENSTOCK_PORT": str(port),
        "PENSTOCK_MAX_BODY_BYTES": "4096",
        "PENSTOCK_READY_FILE": str(tmp_path / "ready"),
        "PENSTOCK_WEB_PROCESSES": "2",
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "python:webapp.gunicorn_conf", "webapp.app:create_app()"]
    root = Path(__file__).parents[3]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environ, cwd=root, stderr=log)
    give_up_at = time.monotonic() + 60
    while not (tmp_path / "ready").exists():
        assert process.poll() is None, (tmp_path / "log").read_text()
        assert time.monotonic() < give_up_at, (tmp_path / "log").read_text()
        time.sleep(0.05)
    yield process
    process.kill()
    process.wait(60)


def test_a_served_app_bounds_chunks_streams_live_and_stops_at_once(
    server: subprocess.Popen[bytes], port: int, client: KeyedClient
) -> None:
    headers = {"Authorization": f"Bearer {client.key}", "Content-Type": "application/json"}

    def submit(filler: str) -> tuple[int, str]:
        body = f'{{"kind": "platform.echo", "params": {{"a": "{filler}"}}}}'.encode()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("POST", "/api/v1/jobs", iter([body[:60], body[60:]]), headers, encode_chunked=True)
        answer = connection.getresponse()
        connection.close()
        return answer.status, answer.headers.get("Location", "")

    def is_taken_for_https(forged: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/api/v1/health/live", headers={forged: "https"})
        answer = connection.getresponse()
        connection.close()
        return "Strict-Transport-Security" in answer.headers

    assert not is_taken_for_https("X-Forwarded-Proto"), "no proxy was named"
    assert submit("x" * 5000) == (413, "")
    status, address = submit("x" * 100)
    assert status == 202
    follower = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    follower.request("GET", f"{address}/events", headers={**headers, "Accept": "text/event-stream"})
    stream = follower.getresponse()
    told = b""
    while b"id: 2" not in told:
        told += stream.readline()
    server.terminate()
    assert server.wait(19) == 0  # without a word from the app, gunicorn would give the stream 20 s
    follower.close()
