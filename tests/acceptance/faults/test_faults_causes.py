"""The chain that runs by itself: domain, window, trigger, causes learned, event, webhook and stream; through kills."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2

from tests.acceptance.faults.rig import Rig, running_rig
from tests.waiting import eventually

TOPIC = "causal.edges_changed"
PROCESSES = ("web", "relay", "worker", "worker-science", "beat")
LEARNED = 8
"""Windows from which the causes of the example are learned for certain."""
DOMAIN = {"name": "shop", "example": "retail", "interval_s": 1, "seed": 7}
TRIGGER = {
    "topic": "domain.window_ready",
    "kind": "causal.update",
    "params": {"seasons": [24]},  # with its season left in, more than 36 windows, as a slow machine takes, show echoes
    "params_from": {"/domain": "/subject"},
}
TRUE = {
    *(("price", "sales", 1), ("promotion", "visitors", 1), ("visitors", "sales", 1)),
    *(("sales", "stock", 1), ("sales", "returns", 2)),
}


@contextmanager
def listening(bodies: list[dict[str, Any]]) -> Iterator[str]:
    """Keep what is delivered."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.close_connection = True
            self.wfile.write(b"HTTP/1.1 204 No Content\r\n\r\n")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def streaming(rig: Rig, events: list[dict[str, Any]]) -> Iterator[None]:
    """Follow the stream of changes until the platform ends."""

    def follow() -> None:
        # On a connection of its own: nobody closes it while it is read from.
        address = f"{rig.http.base_url}events/stream?topics={TOPIC}&after=0"
        with (
            suppress(httpx2.TransportError),
            httpx2.stream("GET", address, headers=dict(rig.http.headers), timeout=None) as answer,
        ):
            for line in answer.iter_lines():
                if line.startswith("data:"):
                    events.append(json.loads(line.removeprefix("data:")))  # noqa: PERF401 - seen as they come

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    yield


def test_causes_are_learned_by_themselves_and_each_window_counts_once(tmp_path: Path) -> None:
    """Given a domain, a trigger and a webhook; when workers are killed meanwhile, each change is told everywhere."""
    bodies: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    with running_rig(tmp_path / "rig", PROCESSES) as rig, listening(bodies) as url, streaming(rig, events):
        made(rig, "/webhooks", {"url": url, "events": [TOPIC]})
        made(rig, "/triggers", TRIGGER)
        made(rig, "/domains", DOMAIN)
        eventually(lambda: learned(rig), 60)
        former = rig.kill("worker-science")
        eventually(lambda: windows(rig) >= LEARNED, 60)
        rig.await_return("worker-science", former)
        assert rig.http.post("/domains/shop/pause").status_code == 200
        eventually(lambda: at_rest(rig), 60)
        told = learned(rig)
        assert told["windows"] == windows(rig) == told["index"] + 1 >= LEARNED
        assert {(edge["source"], edge["target"], edge["lag"]) for edge in told["edges"]} == TRUE
        listed = rig.http.get("/events", params={"topics": TOPIC}).json()["items"][::-1]
        eventually(lambda: (len(bodies), len(events)) == (len(listed), len(listed)))
    assert events == listed
    assert sorted((body["data"] for body in bodies), key=lambda event: event["seq"]) == listed
    assert net(listed) == TRUE
    assert len({event["data"]["index"] for event in listed}) == len(listed)


def made(rig: Rig, address: str, document: dict[str, Any]) -> None:
    answer = rig.http.post(address, json=document)
    assert answer.status_code == 201, answer.text


def learned(rig: Rig) -> dict[str, Any]:
    """Return what is known of the domain's causes, or nothing."""
    found = rig.http.get("/domains/shop/memories").json()["items"]
    return found[0]["told"] if found else {}


def windows(rig: Rig) -> int:
    return int(rig.query("SELECT count(*) AS stored FROM windows")[0].stored)


def at_rest(rig: Rig) -> bool:
    """Tell whether no window, event or job is on its way."""
    open_jobs = rig.query("SELECT FROM jobs WHERE state NOT IN ('succeeded', 'failed', 'cancelled', 'expired')")
    return not open_jobs and not rig.query("SELECT FROM bus_events WHERE seq IS NULL")


def net(events: list[dict[str, Any]]) -> set[tuple[str, str, int]]:
    """Return what is left of edges that came and went."""
    edges: set[tuple[str, str, int]] = set()
    for event in events:
        for change, apply in (("added", edges.add), ("removed", edges.discard)):
            for edge in event["data"][change]:
                apply((edge["source"], edge["target"], edge["lag"]))
    return edges
