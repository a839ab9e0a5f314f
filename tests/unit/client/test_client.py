"""What a client sends, and what it makes of the answers."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from penstock_client import Client, JobFailed
from penstock_client import bulk as bulk_module

from tests.unit.client.conftest import Script

Make = Callable[..., tuple[Client, Script]]
Document = Callable[..., dict[str, Any]]


def test_a_submission_that_is_sent_again_keeps_its_idempotency_key(client: Make, job: Document) -> None:
    submitter, script = client(httpx2.ReadTimeout("lost"), httpx2.Response(202, json=job()))
    handle = submitter.submit("platform.echo", {"n": 1})
    keys = {request.headers["Idempotency-Key"] for request in script.asked}
    assert (handle.id, len(script.asked), len(keys)) == (job()["id"], 2, 1)


def test_two_submissions_have_two_keys_unless_one_is_given(client: Make, job: Document) -> None:
    submitter, script = client(httpx2.Response(202, json=job()))
    submitter.submit("platform.echo")
    submitter.submit("platform.echo")
    submitter.submit("platform.echo", idempotency_key="mine")
    first, second, third = (request.headers["Idempotency-Key"] for request in script.asked)
    assert first != second
    assert third == "mine"


def test_options_are_sent_as_the_api_names_them_and_absent_ones_not_at_all(client: Make, job: Document) -> None:
    submitter, script = client(httpx2.Response(202, json=job()))
    run_at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    submitter.submit("platform.echo", {"n": 1}, run_at=run_at, priority=9, tags=["a"], unique_key=None)
    assert json.loads(script.asked[0].content) == {
        "kind": "platform.echo",
        "params": {"n": 1},
        "run_at": "2026-03-01T12:00:00+00:00",
        "priority": 9,
        "tags": ["a"],
    }


def test_many_submissions_travel_in_requests_of_bounded_count_and_size(
    client: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_module, "BULK_JOBS", 3)
    monkeypatch.setattr(bulk_module, "BULK_BYTES", 200)
    submitter, script = client(*(httpx2.Response(202, json={"ids": ids}) for ids in (["a", "b", "c"], ["d"], ["e"])))
    params: list[dict[str, Any]] = [{"n": 0}, {"n": 1}, {"n": 2}, {"n": "x" * 100}, {"n": "y" * 100}]
    handles = submitter.submit_many("platform.echo", params, priority=1)
    assert [handle.id for handle in handles] == ["a", "b", "c", "d", "e"]
    sent = [item for request in script.asked for item in json.loads(request.content)["jobs"]]
    assert sent == [{"kind": "platform.echo", "params": each, "priority": 1} for each in params]


def test_mapping_nothing_asks_nothing(client: Make, job: Document) -> None:
    mapper, script = client(httpx2.Response(500))
    assert list(mapper.map("platform.echo", [])) == []
    assert script.asked == []


def test_map_yields_results_in_order_and_stops_at_the_first_failure(client: Make, job: Document) -> None:
    error = {"code": "probe_refused", "message": "no", "retryable": False, "attempt": 1}
    mapper, _ = client(
        httpx2.Response(202, json={"ids": ["a", "b", "c"]}),
        httpx2.Response(200, json=job("succeeded", result={"n": 1})),
        httpx2.Response(200, json=job("failed", error=error)),
    )
    results = mapper.map("platform.echo", [{"n": 1}, {"n": 2}, {"n": 3}])
    assert next(results) == {"n": 1}
    with pytest.raises(JobFailed, match="probe_refused"):
        next(results)


def test_listing_follows_the_cursor_with_the_same_filters(client: Make, job: Document) -> None:
    lister, script = client(
        httpx2.Response(200, json={"items": [job(), job()], "next_cursor": "d1"}),
        httpx2.Response(200, json={"items": [job("succeeded")], "next_cursor": None}),
    )
    assert [each.state for each in lister.jobs(tag="x", state=None)] == ["queued", "queued", "succeeded"]
    queries = [dict(request.url.params) for request in script.asked]
    assert queries == [{"limit": "200", "tag": "x"}, {"limit": "200", "tag": "x", "cursor": "d1"}]


def test_an_upload_is_sent_whole_again_after_a_broken_connection(client: Make, tmp_path: Path) -> None:
    stored = {"artifact_id": "a1", "bytes": 5, "sha256": "s", "content_type": "text/csv"}
    uploader, script = client(httpx2.WriteError("cut off"), httpx2.Response(201, json=stored))
    path = tmp_path / "series.csv"
    path.write_bytes(b"1,2\n3")
    assert uploader.upload(path).reference == {"artifact": "a1"}
    assert [request.content for request in script.asked] == [b"1,2\n3"] * 2
    assert script.asked[1].headers["Content-Type"] == "text/csv"
    assert script.asked[1].url.params["name"] == "series.csv"
