"""A job's history: events as a list and live, log lines."""

import json
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from core.database import Database
from webapp.process import EXTENSION

Submit = Callable[..., UUID]
STREAM = {"Accept": "text/event-stream"}


def frames(body: str) -> list[dict[str, str]]:
    """Take server-sent events apart."""
    blocks = [block for block in body.split("\n\n") if block.startswith("id:")]
    return [dict(line.split(": ", 1) for line in block.splitlines()) for block in blocks]


@pytest.fixture
def cancelled(client: FlaskClient, submit: Submit) -> str:
    """The address of a final job with three events."""
    address = f"/api/v1/jobs/{submit()}"
    assert client.post(f"{address}/cancel").status_code == 200
    return address


def test_events_are_listed_in_order_and_by_pages(client: FlaskClient, cancelled: str) -> None:
    whole = client.get(f"{cancelled}/events").get_json()
    assert [(each["seq"], each["type"]) for each in whole["items"]] == [
        (1, "job.submitted"),
        (2, "job.queued"),
        (3, "job.cancelled"),
    ]
    page = client.get(f"{cancelled}/events?limit=2").get_json()
    rest = client.get(f"{cancelled}/events?cursor={page['next_cursor']}").get_json()
    assert page["items"] + rest["items"] == whole["items"]
    assert rest["next_cursor"] is None


def test_a_stream_tells_all_events_and_ends_after_the_final_one(client: FlaskClient, cancelled: str) -> None:
    answer = client.get(f"{cancelled}/events", headers=STREAM)
    assert answer.mimetype == "text/event-stream"
    told = frames(answer.text)
    assert [each["event"] for each in told] == ["job.submitted", "job.queued", "job.cancelled"]
    assert [json.loads(each["data"]) for each in told] == client.get(f"{cancelled}/events").get_json()["items"]


def test_a_stream_resumes_behind_the_last_event_that_was_seen(client: FlaskClient, cancelled: str) -> None:
    answer = client.get(f"{cancelled}/events", headers={**STREAM, "Last-Event-ID": "2"})
    assert [each["id"] for each in frames(answer.text)] == ["3"]


def test_a_client_that_knows_the_final_event_is_told_to_stop(client: FlaskClient, cancelled: str) -> None:
    assert client.get(f"{cancelled}/events", headers={**STREAM, "Last-Event-ID": "3"}).status_code == 204


def test_a_retried_job_streams_on_after_its_first_end(client: FlaskClient, cancelled: str) -> None:
    client.post(f"{cancelled}/retry")
    client.post(f"{cancelled}/cancel")
    told = frames(client.get(f"{cancelled}/events", headers=STREAM).text)
    assert [each["event"] for each in told][2:] == ["job.cancelled", "job.retried", "job.cancelled"]


@pytest.mark.parametrize("seen", ["x", "-1", "1.5", "9" * 30, "²"])
def test_a_strange_last_event_id_is_refused(client: FlaskClient, cancelled: str, seen: str) -> None:
    refused = client.get(f"{cancelled}/events", headers={**STREAM, "Last-Event-ID": seen.encode().decode("latin1")})
    assert (refused.status_code, refused.get_json()["errors"][0]["pointer"]) == (422, "/Last-Event-ID")


def test_a_stream_follows_a_job_live(client: FlaskClient, submit: Submit) -> None:
    address = f"/api/v1/jobs/{submit()}"
    answer = client.get(f"{address}/events", headers=STREAM, buffered=False)
    told = answer.iter_encoded()
    assert [next(told).split(b"\n")[0] for _ in range(3)] == [b"retry: 2000", b"id: 1", b"id: 2"]
    canceller = threading.Thread(target=client.post, args=[f"{address}/cancel"])
    canceller.start()
    assert b"job.cancelled" in next(told)
    assert list(told) == []
    canceller.join()
    answer.close()


def test_only_so_many_streams_are_held_and_each_gives_its_place_back(
    app: Flask, client: FlaskClient, cancelled: str
) -> None:
    waiting = app.extensions[EXTENSION].waiting
    places = [waiting.take_stream() for _ in range(2)]
    refused = client.get(f"{cancelled}/events", headers=STREAM)
    assert (refused.status_code, refused.get_json()["code"]) == (503, "streams_full")
    assert "poll" in refused.get_json()["detail"]
    assert refused.headers["Retry-After"]
    for give_back in places:
        give_back()
    for _ in range(5):
        assert client.get(f"{cancelled}/events", headers=STREAM).status_code == 200


def test_log_lines_are_listed_by_pages(client: FlaskClient, submit: Submit, web_database: Database) -> None:
    job_id = submit()
    with web_database.transaction() as session:
        for number in range(3):
            session.execute(
                text(
                    "INSERT INTO job_log_lines (job_id, attempt, at, level, message, fields)"
                    " VALUES (:job_id, 1, now(), 'info', :message, '{\"k\": 1}')"
                ),
                {"job_id": job_id, "message": f"line {number}"},
            )
    page: dict[str, Any] = client.get(f"/api/v1/jobs/{job_id}/logs?limit=2").get_json()
    rest = client.get(f"/api/v1/jobs/{job_id}/logs?limit=2&cursor={page['next_cursor']}").get_json()
    assert [each["message"] for each in page["items"] + rest["items"]] == ["line 0", "line 1", "line 2"]
    assert page["items"][0]["fields"] == {"k": 1}
    assert rest["next_cursor"] is None
