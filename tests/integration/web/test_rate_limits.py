"""Rate limits over HTTP and Redis: problems with headers, two processes that share one count, Redis away."""

import itertools
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.client import HTTPConnection
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from core import redis
from core.config import Settings
from core.platform.rates.base import SLOT_S, WINDOW_S
from core.platform.rates.shared import SharedWindow
from core.platform.servers.ports import free_port
from tests.integration.web.conftest import KeyClient, held_by
from webapp.app import create_app
from webapp.process import EXTENSION

LIMIT = 400


@pytest.fixture
def window(servers: Any) -> SharedWindow:
    return SharedWindow(redis.connect(servers.redis))


def test_the_shared_window_counts_in_slots_and_forgets_by_itself(window: SharedWindow) -> None:
    key = uuid.uuid4().hex
    assert [window.take(key, 5, 2).granted for _ in range(4)] == [2, 2, 1, 0]
    refused = window.take(key, 5, 1)
    assert 0 < refused.retry_after_s <= WINDOW_S + SLOT_S
    assert window.take(key, 7, 9).granted == 2, "a limit that was raised holds at once"
    name = f"penstock:rate:{key}"
    slots: Any = window.redis.hkeys(name)
    assert 1 <= len(slots) <= 2
    assert 0 < int(str(window.redis.pttl(name))) <= 61_200
    old = str(min(int(slot) for slot in slots) - 200)
    window.redis.hset(name, old, "100")
    assert window.take(key, 8, 1).granted == 1, "what lies before the window does not count"
    left: Any = window.redis.hkeys(name)
    assert old not in left


def test_beyond_the_limit_the_answer_says_when_to_come_back(
    client: FlaskClient, tenant: str, client_of: Callable[..., KeyClient]
) -> None:
    client.put(f"/api/v1/tenants/{tenant}/quotas", json={"requests_per_minute": 5})
    answers = [client.get("/api/v1/me") for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["4", "3", "2", "1", "0", "0", "0"]
    refused = answers[-1]
    assert (refused.get_json()["code"], refused.headers["RateLimit-Limit"]) == ("rate_limited", "5")
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert refused.content_type == "application/problem+json"
    assert client.get("/api/v1/kinds").status_code == 200, "each route is counted by itself"
    assert client.get("/api/v1/me?x").status_code == 429, "by its address, whatever the query"


def test_strangers_are_counted_by_where_they_come_from(web_settings: Settings) -> None:
    app = create_app(replace(web_settings, login_rate_limit=3))
    client, body = app.test_client(), {"refresh_token": "psr_nobody"}
    place = {"REMOTE_ADDR": f"2001:db8::{random.Random().randrange(1, 1 << 16):x}"}
    answers = [client.post("/api/v1/auth/refresh", json=body, environ_base=place) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [401] * 3 + [429] * 2
    other = {"REMOTE_ADDR": "2001:db8:1::1"}
    assert client.post("/api/v1/auth/refresh", json=body, environ_base=other).status_code == 401
    forged = {"X-Forwarded-For": "192.0.2.1"}
    assert client.post("/api/v1/auth/refresh", json=body, environ_base=place, headers=forged).status_code == 429
    held_by(app).database.engine.dispose()


def test_with_redis_away_the_limit_still_holds_in_each_process(
    web_settings: Settings, client: KeyClient, tenant: str
) -> None:
    client.put(f"/api/v1/tenants/{tenant}/quotas", json={"requests_per_minute": 10})
    for _ in range(2):
        app = create_app(replace(web_settings, redis_url="redis://127.0.0.1:1/0"))
        alone, headers = app.test_client(), {"Authorization": f"Bearer {client.key}"}
        codes = [alone.get("/api/v1/me", headers=headers).status_code for _ in range(50)]
        assert codes == [200] * 10 + [429] * 40
        app.extensions[EXTENSION].database.engine.dispose()


@pytest.fixture
def two_processes(web_settings: Settings, tmp_path: Path) -> Iterator[list[int]]:
    """Two web servers on one database and Redis; their ports."""
    with ThreadPoolExecutor(2) as pool:
        started = list(pool.map(lambda number: _serve(web_settings, tmp_path / str(number)), range(2)))
    yield [port for port, _ in started]
    for _, process in started:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


@pytest.mark.parametrize(
    ("limit", "requests"), [(LIMIT, 5 * LIMIT), pytest.param(2_000, 10_000, marks=pytest.mark.deep)]
)
def test_two_web_processes_together_let_the_limit_through(
    two_processes: list[int], client: KeyClient, tenant: str, limit: int, requests: int
) -> None:
    client.put(f"/api/v1/tenants/{tenant}/quotas", json={"requests_per_minute": limit})
    began_s = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        shares = [(two_processes[number % 2], client.key, requests // 4) for number in range(4)]
        told = list(itertools.chain.from_iterable(pool.map(lambda share: _flood(*share), shares)))
    assert len(told) == requests
    assert {status for _, status in told} == {200, 429}
    accepted = sorted(at_s - began_s for at_s, status in told if status == 200)
    first_window = [at_s for at_s in accepted if at_s < WINDOW_S]
    assert len(first_window) == pytest.approx(limit, rel=0.02)
    # A machine too busy to ask all within a window meets the next one, which lets through as much again at most.
    windows = 1 + max(0.0, accepted[-1] - WINDOW_S) / WINDOW_S
    assert len(accepted) <= 1.02 * limit * ceil(windows)


def _flood(port: int, key: str | None, requests: int) -> list[tuple[float, int]]:
    """Ask so often, one request after the other; tell when each was answered, and how."""
    connection, told = HTTPConnection("127.0.0.1", port, timeout=60), []
    for _ in range(requests):
        connection.request("GET", "/api/v1/me", headers={"Authorization": f"Bearer {key}"})
        answer = connection.getresponse()
        answer.read()
        told.append((time.monotonic(), answer.status))
    connection.close()
    return told


def _serve(settings: Settings, folder: Path) -> tuple[int, subprocess.Popen[bytes]]:
    folder.mkdir()
    port = free_port(random.Random())
    environ = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "PENSTOCK_STORAGE_URL": settings.storage_url,
        "PENSTOCK_SECRET_KEY": settings.secret_key,
        "PENSTOCK_DATA_DIR": str(folder),
        "PENSTOCK_PORT": str(port),
        "PENSTOCK_READY_FILE": str(folder / "ready"),
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "python:webapp.gunicorn_conf", "webapp.app:create_app()"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environ, cwd=Path(__file__).parents[3], stderr=log)
    give_up_at = time.monotonic() + 60
    while not (folder / "ready").exists():
        assert process.poll() is None, (folder / "log").read_text()
        assert time.monotonic() < give_up_at, (folder / "log").read_text()
        time.sleep(0.05)
    return port, process
