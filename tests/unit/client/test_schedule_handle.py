"""What a schedule's handle sends, and what it makes of the answers."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from penstock_client import Client, Unreachable

from tests.unit.client.conftest import Script

Make = Callable[..., tuple[Client, Script]]
ID = "01a1fb98-ff63-7000-874b-0107186cb1ad"
RUN = {"fire_at": "2026-01-01T02:30:00Z", "outcome": "refused", "job_id": None, "detail": "why", "recorded_at": "x"}
SCHEDULE = {
    "id": ID,
    "name": None,
    "kind": "platform.echo",
    "cron": "30 2 * * *",
    "every_s": None,
    "timezone": "UTC",
    "paused": False,
    "next_fire_at": "2026-01-02T02:30:00Z",
    "last_run": RUN,
}


def answer(document: Any, status: int = 200) -> httpx2.Response:
    return httpx2.Response(status, json=document)


def test_a_schedule_is_made_with_the_apis_fields(client: Make) -> None:
    maker, script = client(answer(SCHEDULE, 201))
    handle = maker.add_schedule("platform.echo", cron="30 2 * * *", starts_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert json.loads(script.asked[0].content) == {
        "kind": "platform.echo",
        "params": {},
        "cron": "30 2 * * *",
        "starts_at": "2026-01-01T00:00:00+00:00",
    }
    assert handle.last is not None
    assert handle.last.next_fire_at == datetime(2026, 1, 2, 2, 30, tzinfo=UTC)
    assert handle.last.last_run is not None
    assert (handle.last.last_run.outcome, handle.last.last_run.detail) == ("refused", "why")


@pytest.mark.parametrize("act", ["add", "run"])
def test_what_may_have_arrived_is_not_sent_again(client: Make, act: str) -> None:
    sender, script = client(httpx2.ReadTimeout("lost"))
    with pytest.raises(Unreachable):
        sender.add_schedule("platform.echo", every_s=1) if act == "add" else sender.schedule(ID).run()
    assert len(script.asked) == 1


def test_a_handle_asks_at_its_schedules_address(client: Make, job: Callable[..., dict[str, Any]]) -> None:
    asker, script = client(
        *(answer(SCHEDULE) for _ in range(4)),
        answer(job(), 202),
        answer({"items": ["2026-01-01T00:00:00Z"], "next_cursor": None}),
        httpx2.Response(204),
    )
    handle = asker.schedule(ID)
    handle.read()
    handle.change(priority=9)
    handle.pause()
    handle.resume()
    assert handle.run().id == job()["id"]
    assert handle.next(1) == [datetime(2026, 1, 1, tzinfo=UTC)]
    handle.delete()
    assert [f"{request.method} {request.url.path.rpartition(ID)[2]}" for request in script.asked] == [
        "GET ",
        "PATCH ",
        "POST /pause",
        "POST /resume",
        "POST /run",
        "GET /next",
        "DELETE ",
    ]


def test_lists_follow_their_cursors(client: Make) -> None:
    lister, script = client(
        answer({"items": [SCHEDULE], "next_cursor": "a"}),
        answer({"items": [SCHEDULE], "next_cursor": None}),
        answer({"items": [RUN], "next_cursor": "b"}),
        answer({"items": [RUN], "next_cursor": None}),
    )
    assert [each.id for each in lister.schedules(kind="platform.echo", paused=None)] == [ID, ID]
    assert [run.outcome for run in lister.schedule(ID).runs()] == ["refused", "refused"]
    assert [request.url.params.get("cursor") for request in script.asked] == [None, "a", None, "b"]
    assert dict(script.asked[0].url.params) == {"limit": "200", "kind": "platform.echo"}
