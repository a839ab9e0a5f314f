"""Topics, events and triggers over HTTP, and the stream of events that resumes where a client stopped."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask

from core.database import Database
from core.jobs.dispatching import dispatch_new
from core.platform.access import Role
from core.platform.bus import publishing
from core.platform.bus.topic import News
from core.platform.domains.topics import WINDOW_READY
from core.platform.tenants import ensure_tenant
from tests.integration.web.conftest import KeyClient, held_by

DOMAIN = "0192f0c1-6a00-7000-8000-000000000001"
TRIGGER = {"topic": "domain.window_ready", "kind": "platform.echo", "params_from": {"/index": "/data/index"}}


@pytest.fixture
def publish(web_database: Database, app: Flask, tenant: str) -> Callable[..., None]:
    """Publish events by the windows' indices, and dispatch them."""

    def publish_all(*indices: int) -> None:
        with web_database.transaction() as session:
            news = [News(WINDOW_READY, DOMAIN, {**WINDOW_READY.example, "index": index}) for index in indices]
            publishing.publish(session, ensure_tenant(session, tenant), news)
        dispatch_new(web_database, held_by(app).catalogue.kinds)

    return publish_all


@pytest.fixture
def frames_of(client: KeyClient) -> Iterator[Callable[..., Iterator[str]]]:
    """Follow a stream's frames for as long as the test lasts."""
    with ExitStack() as streams:

        def follow(address: str, **headers: str) -> Iterator[str]:
            answer = client.get(address, headers=headers, buffered=False)
            assert answer.content_type.startswith("text/event-stream")
            streams.callback(answer.close)
            return (part.decode() if isinstance(part, bytes) else part for part in answer.response)

        yield follow


def numbers(frames: Iterator[str], count: int) -> list[int]:
    got: list[int] = []
    while len(got) < count:
        frame = next(frames)
        if frame.startswith("id:"):
            got.append(int(frame.split("\n")[0].removeprefix("id: ")))
    return got


def test_topics_are_documented_with_their_figures(client: KeyClient, publish: Callable[..., None]) -> None:
    publish(1, 2)
    topics = {topic["name"]: topic for topic in client.get("/api/v1/topics").get_json()["items"]}
    told = topics["domain.window_ready"]
    assert told["statistics"]["published"] == 2
    assert told["statistics"]["lagging"] == 0
    assert set(told["data_schema"]["required"]) == set(told["example"])


def test_events_are_listed_newest_first_in_pages(client: KeyClient, publish: Callable[..., None]) -> None:
    publish(*range(5))
    page = client.get("/api/v1/events?limit=3").get_json()
    assert [event["data"]["index"] for event in page["items"]] == [4, 3, 2]
    rest = client.get(f"/api/v1/events?limit=3&cursor={page['next_cursor']}").get_json()
    assert [event["data"]["index"] for event in rest["items"]] == [1, 0]
    assert rest["next_cursor"] is None
    assert client.get("/api/v1/events?topics=domain.changed").get_json()["items"] == []
    assert len(client.get(f"/api/v1/events?subject={DOMAIN}").get_json()["items"]) == 5


@pytest.mark.parametrize("address", ["events", "events/stream"])
def test_an_unknown_topic_is_named(client: KeyClient, address: str) -> None:
    answer = client.get(f"/api/v1/{address}?topics=domain.window_ready,no.such")
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == "/topics"


def test_the_stream_tells_what_comes_and_resumes(
    frames_of: Callable[..., Iterator[str]], publish: Callable[..., None]
) -> None:
    publish(0)
    frames = frames_of("/api/v1/events/stream?topics=domain.window_ready&after=0")
    first = numbers(frames, 1)
    publish(1, 2)
    more = numbers(frames, 2)
    assert sorted({*first, *more}) == [*first, *more]
    again = frames_of("/api/v1/events/stream", **{"Last-Event-ID": str(first[0])})
    assert numbers(again, 2) == more


def test_a_stream_without_a_place_begins_with_what_is_new(
    client: KeyClient, frames_of: Callable[..., Iterator[str]], publish: Callable[..., None]
) -> None:
    publish(0)
    frames = frames_of("/api/v1/events/stream")
    next(frames)
    publish(1)
    newest = client.get("/api/v1/events?limit=1").get_json()["items"][0]["seq"]
    assert numbers(frames, 1) == [newest]


def test_a_trigger_is_made_read_changed_and_deleted(client: KeyClient, publish: Callable[..., None]) -> None:
    made = client.post("/api/v1/triggers", json={**TRIGGER, "filter": {"/data/index": {"gte": 2}}, "name": "late"})
    assert made.status_code == 201, made.text
    home = made.headers["Location"]
    publish(1, 2)
    assert client.get(home).get_json()["fired"] == 1
    (run,) = client.get(f"{home}/runs").get_json()["items"]
    assert run["outcome"] == "submitted"
    assert client.get(f"/api/v1/jobs/{run['job_id']}").get_json()["params"] == {"index": 2}
    (job,) = client.get(made.get_json()["links"]["jobs"]).get_json()["items"]
    assert job["id"] == run["job_id"]
    assert client.patch(home, json={"active": False}).get_json()["active"] is False
    publish(3)
    assert client.get(home).get_json()["fired"] == 1
    assert len(client.get("/api/v1/triggers").get_json()["items"]) == 1
    assert client.delete(home).status_code == 204
    assert client.get(home).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"topic": "no.such"}, "/topic"),
        ({"kind": "no.such"}, "/kind"),
        ({"filter": {"data": 1}}, "/filter/data"),
        ({"filter": {"/data/index": {"near": 1}}}, "/filter/~1data~1index"),
        ({"params_from": {"/x": 3}}, "/params_from/~1x"),
        ({"max_per_minute": 0}, "/max_per_minute"),
        ({"max_per_minute": 10_001}, "/max_per_minute"),
        ({"max_depth": 101}, "/max_depth"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_a_wrong_trigger_is_refused_by_its_field(client: KeyClient, wrong: dict[str, Any], pointer: str) -> None:
    answer = client.post("/api/v1/triggers", json={**TRIGGER, **wrong})
    assert answer.status_code == 422, answer.text
    assert answer.get_json()["errors"][0]["pointer"] == pointer


def test_triggers_are_for_operators_and_events_for_all(client_of: Callable[..., KeyClient]) -> None:
    assert client_of(Role.SUBMITTER).post("/api/v1/triggers", json=TRIGGER).status_code == 403
    assert client_of(Role.OPERATOR).post("/api/v1/triggers", json=TRIGGER).status_code == 201
    assert client_of(Role.VIEWER).get("/api/v1/events").status_code == 200


def test_only_so_many_triggers_are_allowed(client: KeyClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.jobs.triggers.MOST", 2)
    assert [client.post("/api/v1/triggers", json=TRIGGER).status_code for _ in range(3)] == [201, 201, 409]


def test_a_strangers_triggers_are_not_there(client: KeyClient, client_of: Callable[..., KeyClient]) -> None:
    home = client.post("/api/v1/triggers", json=TRIGGER).headers["Location"]
    stranger = client_of(Role.ADMIN, "somebody-else")
    assert [stranger.get(home).status_code, stranger.delete(home).status_code] == [404, 404]


def test_webhooks_hear_of_topics(client: KeyClient, publish: Callable[..., None]) -> None:
    hook = client.post(
        "/api/v1/webhooks", json={"url": "https://example.org/hook", "events": ["domain.window_ready"]}
    ).get_json()
    client.post("/api/v1/webhooks", json={"url": "https://example.org/other"})
    publish(7)
    (delivery,) = client.get(f"/api/v1/webhooks/{hook['id']}/deliveries").get_json()["items"]
    assert delivery["event"] == "domain.window_ready"
    topics = {topic["name"]: topic for topic in client.get("/api/v1/topics").get_json()["items"]}
    assert topics["domain.window_ready"]["statistics"]["delivered"] == 1
