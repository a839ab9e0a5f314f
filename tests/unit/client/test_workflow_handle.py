"""A workflow through the client: what is sent, what is waited for."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx2
import pytest
from penstock_client import Client, TimedOut, WorkflowHandle
from penstock_client.transport import Transport

from tests.unit.client.conftest import Script, Time

Make = Callable[..., tuple[Client, Script]]
MakeTransport = Callable[..., tuple[Transport, Script]]


def answer(state: str, status: int = 200, **states: str) -> httpx2.Response:
    jobs: dict[str, Any] = {
        name: {"id": name * 4, "kind": "platform.echo", "state": one, "after": [], "progress": None, "error": None}
        for name, one in states.items()
    }
    progress = {"fraction": 0.0, "finished": 0, "total": len(jobs)}
    document = {"id": "w", "state": state, "created_at": "2026-01-01T00:00:00Z", "progress": progress, "counts": {}}
    return httpx2.Response(status, json={**document, "jobs": jobs})


def test_a_graph_is_sent_by_name_and_with_a_key_of_its_own(client: Make) -> None:
    submitter, script = client(answer("running", 202, a="queued"))
    other = UUID(int=7)
    handle = submitter.submit_workflow({"a": {"kind": "platform.echo", "depends_on": [other]}})
    assert json.loads(script.asked[0].content) == {"jobs": {"a": {"kind": "platform.echo", "depends_on": [str(other)]}}}
    assert script.asked[0].headers["Idempotency-Key"]
    assert handle.job("a").id == "aaaa"


def test_it_is_yielded_whenever_it_has_changed_until_it_is_final(transport: MakeTransport) -> None:
    http, script = transport(
        answer("running", a="queued"), answer("running", a="queued"), answer("running", a="running"), answer("failed")
    )
    seen = [workflow.state for workflow in WorkflowHandle(http, "w").watch()]
    assert (seen, len(script.asked)) == (["running", "running", "failed"], 4)


def test_patience_ends(transport: MakeTransport, passing: Time) -> None:
    http, _ = transport(answer("running", a="queued"))
    with pytest.raises(TimedOut):
        WorkflowHandle(http, "w").wait(timeout=2.0)
    assert sum(passing.slept) == pytest.approx(2.0)


def test_workflows_are_listed_page_by_page(client: Make) -> None:
    def page(cursor: str | None) -> httpx2.Response:
        item: dict[str, Any] = {name: value for name, value in answer("succeeded").json().items() if name != "jobs"}
        return httpx2.Response(200, json={"items": [item], "next_cursor": cursor})

    reader, script = client(page("c"), page(None))
    assert [workflow.jobs for workflow in reader.workflows(page=1)] == [{}, {}]
    assert script.asked[1].url.params["cursor"] == "c"


def test_changing_it_is_never_sent_twice(transport: MakeTransport) -> None:
    http, script = transport(answer("cancelled"), answer("running"))
    handle = WorkflowHandle(http, "w")
    assert (handle.cancel().state, handle.retry().state) == ("cancelled", "running")
    assert [request.url.path for request in script.asked] == [
        "/api/v1/workflows/w/cancel",
        "/api/v1/workflows/w/retry",
    ]
