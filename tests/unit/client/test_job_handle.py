"""Waiting for a job, following it, and taking what it leaves."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest
from penstock_client import (
    Conflict,
    DownloadDamaged,
    JobCancelled,
    JobExpired,
    JobFailed,
    JobHandle,
    JobUnsuccessful,
    TimedOut,
    Unreachable,
)
from penstock_client.transport import Transport

from tests.unit.client.conftest import Script, Time

Make = Callable[..., tuple[Transport, Script]]
Document = Callable[..., dict[str, Any]]


def answer(document: Any, status: int = 200) -> httpx2.Response:
    return httpx2.Response(status, json=document)


def test_a_crowded_server_that_answers_at_once_is_not_stormed(transport: Make, passing: Time, job: Document) -> None:
    sender, script = transport(answer(job("running")))
    with pytest.raises(TimedOut):
        JobHandle(sender, "j").wait(20)
    assert len(script.asked) <= 22
    assert sum(passing.slept) == pytest.approx(20, abs=1)


def test_a_result_is_waited_for_in_long_polls(transport: Make, job: Document) -> None:
    sender, script = transport(answer(job("queued")), answer(job("succeeded")))
    assert JobHandle(sender, "j").result() == {"n": 1}
    assert [request.url.params.get("wait") for request in script.asked] == [None, "30.0"]


def test_a_large_result_is_fetched_from_its_address(transport: Make, job: Document) -> None:
    large = job("succeeded", result=None, result_url="/api/v1/jobs/j/result")
    sender, script = transport(answer(large), answer({"large": True}))
    assert JobHandle(sender, "j").result() == {"large": True}
    assert script.asked[1].url.path == "/api/v1/jobs/j/result"


@pytest.mark.parametrize(
    ("state", "error"), [("failed", JobFailed), ("cancelled", JobCancelled), ("expired", JobExpired)]
)
def test_an_end_without_a_result_is_raised_with_the_job(
    transport: Make, job: Document, state: str, error: type[JobUnsuccessful]
) -> None:
    sender, _ = transport(answer(job(state)))
    with pytest.raises(error) as ended:
        JobHandle(sender, "j").result()
    assert (ended.value.job.state, ended.value.code) == (state, state)


def test_watching_yields_each_change_once(transport: Make, job: Document) -> None:
    half = {"fraction": 0.5, "step": "s", "message": "m", "eta_s": 1.0}
    documents = [job(), job(), job("running"), job("running", progress=half), job("running", progress=half)]
    sender, _ = transport(*map(answer, [*documents, job("succeeded", progress=half)]))
    seen = [(each.state, each.progress.fraction if each.progress else None) for each in JobHandle(sender, "j").watch()]
    assert seen == [("queued", None), ("running", None), ("running", 0.5), ("succeeded", 0.5)]


class _Streams(BaseHTTPRequestHandler):
    """A stream process that tells two changes of a job to the first who asks."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for seq, kind in ((3, "job.claimed"), (4, "job.succeeded")):
            told = json.dumps({"topic": "job:j", "seq": seq, "type": kind, "data": {}})
            self.wfile.write(f"event: {kind}\ndata: {told}\n\n".encode())

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def stream_url() -> Iterator[str]:
    """The address of a stream process."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Streams) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def begun(job: Document) -> httpx2.Response:
    return httpx2.Response(200, json=job(), headers={"ETag": '"2:zstd"'})


def ticket(sse_url: str) -> httpx2.Response:
    poll = {"job:j": "http://penstock.test/api/v1/jobs/j/events?cursor=2"}
    return answer({"sse_url": sse_url, "poll": poll, "interval_s": 2, "after": {"job:j": 2}}, 201)


def test_following_hears_of_changes_from_the_stream(
    transport: Make, passing: Time, job: Document, stream_url: str
) -> None:
    documents = [job("running"), job("succeeded")]
    sender, script = transport(begun(job), ticket(stream_url), *map(answer, documents))
    assert [each.state for each in JobHandle(sender, "j").follow()] == ["queued", "running", "succeeded"]
    assert json.loads(script.asked[1].content) == {"topics": ["job:j"], "after": {"job:j": 2}}
    assert passing.slept == [], "nobody asks again and again"


def test_following_asks_now_and_then_where_no_stream_is_to_be_had(
    transport: Make, passing: Time, job: Document
) -> None:
    events = [{"seq": 3, "type": "job.claimed"}, {"seq": 4, "type": "job.succeeded"}]
    pages = [answer({"items": [event], "next_cursor": None}) for event in events]
    sender, _ = transport(
        *(begun(job), ticket("http://127.0.0.1:1/"), pages[0], answer(job("running"))),
        *(pages[1], answer(job("succeeded"))),
    )
    assert [each.state for each in JobHandle(sender, "j").follow()] == ["queued", "running", "succeeded"]
    assert passing.slept == [2]


def test_following_watches_where_streams_are_refused(transport: Make, job: Document) -> None:
    refused = answer({"code": "forbidden", "detail": "not with this key"}, 403)
    sender, _ = transport(begun(job), refused, answer(job("running")), answer(job("succeeded")))
    assert [each.state for each in JobHandle(sender, "j").follow()] == ["queued", "running", "succeeded"]


def test_cancelling_what_was_cancelled_is_fine_and_what_succeeded_is_not(transport: Make, job: Document) -> None:
    refused = answer({"code": "already_final", "detail": "the job is final"}, 409)
    sender, _ = transport(refused, answer(job("cancelled")))
    assert JobHandle(sender, "j").cancel().state == "cancelled"
    sender, _ = transport(refused, answer(job("succeeded")))
    with pytest.raises(Conflict, match="final"):
        JobHandle(sender, "j").cancel()


def test_retrying_is_not_sent_twice_when_it_may_have_arrived(transport: Make, job: Document) -> None:
    sender, script = transport(httpx2.ReadError("cut off"), answer(job()))
    with pytest.raises(Unreachable):
        JobHandle(sender, "j").retry()
    assert len(script.asked) == 1


def frames(*numbers: int) -> bytes:
    events = [
        {"seq": n, "type": "job.progress", "at": "2026-01-01T00:00:00Z", "attempt": 1, "data": {}} for n in numbers
    ]
    text = "".join(f"id: {event['seq']}\nevent: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events)
    return f"retry: 2000\n\n: still here\n\n{text}".encode()


def test_a_stream_of_events_goes_on_behind_the_last_one_seen(transport: Make, passing: Time) -> None:
    kind = {"Content-Type": "text/event-stream; charset=utf-8"}
    sender, script = transport(
        httpx2.Response(200, content=frames(1, 2), headers=kind),
        httpx2.ConnectError("restarting"),
        httpx2.Response(503, json={"code": "streams_full"}, headers={"Retry-After": "5"}),
        httpx2.Response(200, content=frames(3), headers=kind),
        httpx2.Response(204),
    )
    assert [event.seq for event in JobHandle(sender, "j").events(follow=True)] == [1, 2, 3]
    assert [request.headers["Last-Event-ID"] for request in script.asked] == ["0", "2", "2", "2", "3"]
    assert passing.slept[-1] == 5.0


def test_an_answer_that_is_no_stream_is_said_to_be_none(transport: Make) -> None:
    sender, _ = transport(httpx2.Response(200, json={"items": []}))
    with pytest.raises(Unreachable, match="does not stream"):
        list(JobHandle(sender, "j").events(follow=True))


def download(content: bytes, of: bytes | None = None) -> httpx2.Response:
    digest = hashlib.sha256(content if of is None else of).hexdigest()
    return httpx2.Response(200, content=content, headers={"ETag": f'"{digest}"'})


def test_a_download_lands_whole_under_its_name(transport: Make, tmp_path: Path) -> None:
    sender, script = transport(httpx2.ReadError("cut off"), download(b"drawn"))
    path = JobHandle(sender, "j").download("plan a.png", tmp_path)
    assert (path, path.read_bytes()) == (tmp_path / "plan a.png", b"drawn")
    assert script.asked[0].url.raw_path == b"/api/v1/jobs/j/artifacts/plan%20a.png"


def test_a_damaged_download_leaves_nothing_and_the_old_file_alone(transport: Make, tmp_path: Path) -> None:
    target = tmp_path / "plan.png"
    target.write_bytes(b"old")
    sender, _ = transport(download(b"dra", of=b"drawn"))
    with pytest.raises(DownloadDamaged):
        JobHandle(sender, "j").download("plan.png", target)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("plan.png", b"old")]


def test_a_name_from_the_server_cannot_lead_out_of_the_folder(transport: Make, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    sender, _ = transport(download(b"x"))
    assert JobHandle(sender, "j").download("../../escaped", inside) == inside / "escaped"


def test_history_is_read_page_by_page(transport: Make) -> None:
    def page(seq: int, cursor: str | None) -> httpx2.Response:
        event = {"seq": seq, "type": "job.queued", "at": "2026-01-01T00:00:00Z", "attempt": 0, "data": {}, "newer": 1}
        return answer({"items": [event], "next_cursor": cursor})

    sender, script = transport(page(1, "1"), page(2, None))
    assert [event.seq for event in JobHandle(sender, "j").events()] == [1, 2]
    assert script.asked[1].url.params["cursor"] == "1"
