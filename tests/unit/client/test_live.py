"""Topics as they happen, where no stream is to be had: asked for now and then, each event once and in order."""

from collections.abc import Callable
from itertools import islice
from typing import Any

import httpx2
from penstock_client.live import Live
from penstock_client.transport import Transport

from tests.unit.client.conftest import Script, Time

Make = Callable[..., tuple[Transport, Script]]
NOWHERE = "http://127.0.0.1:1/api/v1/streams/sse?ticket=t"
WEB = "http://penstock.test/api/v1"


def ticket(after: dict[str, int], **urls: str) -> httpx2.Response:
    poll = {name.replace("__", ":"): url for name, url in urls.items()}
    return httpx2.Response(201, json={"sse_url": NOWHERE, "poll": poll, "interval_s": 2, "after": after})


def page(*items: dict[str, Any], next_cursor: str | None = None) -> httpx2.Response:
    return httpx2.Response(200, json={"items": list(items), "next_cursor": next_cursor})


def event(seq: int, **more: str) -> dict[str, Any]:
    return {"seq": seq, "type": f"job.{seq}", "topic": f"domain.{seq}", **more}


def test_a_jobs_events_are_polled_behind_the_last_one_known(transport: Make, passing: Time) -> None:
    sender, script = transport(
        ticket({"job:a": 2}, job__a=f"{WEB}/jobs/a/events?cursor=2"), page(event(3), event(4)), page(), page(event(5))
    )
    heard = list(islice(Live(sender, ["job:a"], {"job:a": 2}), 3))
    assert [(news.topic, news.seq, news.type) for news in heard] == [
        ("job:a", 3, "job.3"),
        ("job:a", 4, "job.4"),
        ("job:a", 5, "job.5"),
    ]
    assert [request.url.params.get("cursor") for request in script.asked[1:]] == ["2", "4", "4"]
    assert passing.slept == [2, 2]


def test_the_bus_is_polled_back_to_the_last_event_known(transport: Make) -> None:
    sender, _ = transport(
        ticket({"events": 2}, events=f"{WEB}/events"),
        page(event(5), event(4), next_cursor="4"),
        page(event(3), event(2), next_cursor="2"),
    )
    heard = list(islice(Live(sender, ["events"], {}), 3))
    assert [(news.seq, news.type) for news in heard] == [(3, "domain.3"), (4, "domain.4"), (5, "domain.5")]


def test_how_things_stand_is_told_when_it_has_changed(transport: Make) -> None:
    one, other = {"name": "default", "depth": 1}, {"name": "default", "depth": 2}
    sender, script = transport(ticket({}, queues=f"{WEB}/queues"), page(one), page(one), page(other))
    heard = list(islice(Live(sender, ["queues"], {}), 2))
    assert [(news.type, news.data) for news in heard] == [
        ("queues.state", {"items": [one]}),
        ("queues.state", {"items": [other]}),
    ]
    assert len(script.asked) == 4


def test_another_stream_is_asked_for_behind_what_was_polled(transport: Make, passing: Time) -> None:
    asked = ticket({"job:a": 0}, job__a=f"{WEB}/jobs/a/events?cursor=0")
    again = ticket({"job:a": 1}, job__a=f"{WEB}/jobs/a/events?cursor=1")
    sender, script = transport(asked, page(event(1)), page(), page(), page(), page(), page(), again, page(event(2)))
    assert [news.seq for news in islice(Live(sender, ["job:a"], {}), 2)] == [1, 2]
    tickets = [request for request in script.asked if request.method == "POST"]
    assert [request.content for request in tickets] == [
        b'{"topics": ["job:a"], "after": {}}',
        b'{"topics": ["job:a"], "after": {"job:a": 1}}',
    ]
    assert sum(passing.slept) == 10
