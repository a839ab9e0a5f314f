"""One user's story over plain HTTP: submit, follow, read, take it back, do it again, find it."""

import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.platforms import Platform


@pytest.fixture
def http(platform: Platform) -> Iterator[httpx2.Client]:
    """A client that knows nothing but the address and its key."""
    key = {"Authorization": f"Bearer {platform.api_key}"}
    with httpx2.Client(base_url=platform.url, headers=key, timeout=40) as client:
        yield client


def submit(http: httpx2.Client, kind: str, params: dict[str, Any], **options: Any) -> dict[str, Any]:
    answer = http.post("/api/v1/jobs", json={"kind": kind, "params": params, **options})
    assert answer.status_code == 202, answer.text
    assert answer.headers["Location"] == f"/api/v1/jobs/{answer.json()['id']}"
    assert int(answer.headers["Retry-After"]) >= 0
    return dict(answer.json())


def await_final(http: httpx2.Client, job_id: str, rounds: int = 6) -> dict[str, Any]:
    for _ in range(rounds):
        job: dict[str, Any] = http.get(f"/api/v1/jobs/{job_id}", params={"wait": 30}).json()
        if job["finished_at"] is not None:
            return job
    pytest.fail(f"not final: {job}")


def types(http: httpx2.Client, job_id: str) -> list[str]:
    events = http.get(f"/api/v1/jobs/{job_id}/events").json()["items"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    return [event["type"] for event in events]


def test_a_job_is_submitted_polled_awaited_and_read(http: httpx2.Client) -> None:
    job = submit(http, "platform.sleep", {"seconds": 0.6, "steps": 3}, tags=["journey"])
    address = f"/api/v1/jobs/{job['id']}"
    assert (job["state"], job["attempt"], job["tags"]) == ("queued", 0, ["journey"])
    done = await_final(http, job["id"])
    assert (done["state"], done["result"], done["attempt"]) == ("succeeded", {"slept_s": 0.6, "steps": 3}, 1)
    assert done["progress"]["fraction"] == 1.0
    assert done["receipt"]["params_hash"]
    assert done["usage"]["run_s"] >= 0.6
    assert http.get(f"{address}/result").json() == done["result"]
    assert [types(http, job["id"])[place] for place in (0, 1, 2, -1)] == [
        "job.submitted",
        "job.queued",
        "job.claimed",
        "job.succeeded",
    ]


def test_a_job_that_goes_on_has_no_result_yet_and_its_tag_changes_with_it(http: httpx2.Client) -> None:
    address = f"/api/v1/jobs/{submit(http, 'platform.sleep', {'seconds': 600, 'steps': 1})['id']}"
    early = http.get(f"{address}/result")
    assert (early.status_code, early.json()["code"]) == (409, "not_final")
    tag = http.get(address).headers["ETag"]
    http.post(f"{address}/cancel")
    assert await_final(http, address.rpartition("/")[2])["state"] == "cancelled"
    fresh = http.get(address, headers={"If-None-Match": tag})
    assert fresh.status_code == 200
    assert http.get(address, headers={"If-None-Match": fresh.headers["ETag"]}).status_code == 304


def test_a_job_is_followed_live_and_the_stream_resumes_where_it_was_left(http: httpx2.Client) -> None:
    job_id = submit(http, "platform.sleep", {"seconds": 2, "steps": 4})["id"]
    seen = stream(http, job_id, last=0)
    assert [number for number, _ in seen] == list(range(1, len(seen) + 1))
    assert seen[-1][1] == "job.succeeded"
    assert stream(http, job_id, last=2) == seen[2:]


def stream(http: httpx2.Client, job_id: str, *, last: int) -> list[tuple[int, str]]:
    """Read a job's event stream to its end, behind a sequence number."""
    headers = {"Accept": "text/event-stream", "Last-Event-ID": str(last)}
    seen = []
    with http.stream("GET", f"/api/v1/jobs/{job_id}/events", headers=headers) as answer:
        number = 0
        for line in answer.iter_lines():
            if line.startswith("id:"):
                number = int(line.removeprefix("id:"))
            if line.startswith("event:"):
                seen.append((number, line.removeprefix("event:").strip()))
    return seen


def test_a_job_leaves_artifacts_that_can_be_read_in_part(http: httpx2.Client) -> None:
    kind = http.get("/api/v1/kinds/pumping.optimize").json()
    job_id = submit(http, kind["name"], kind["example"])["id"]
    assert await_final(http, job_id)["state"] == "succeeded"
    artifacts = http.get(f"/api/v1/jobs/{job_id}/artifacts").json()["items"]
    assert artifacts
    for artifact in artifacts:
        address = f"/api/v1/jobs/{job_id}/artifacts/{artifact['name']}"
        content = http.get(address).content
        assert (len(content), hashlib.sha256(content).hexdigest()) == (artifact["bytes"], artifact["sha256"])
        part = http.get(address, headers={"Range": "bytes=2-5"})
        assert (part.status_code, part.content) == (206, content[2:6])


def test_a_job_that_fails_says_why_and_may_be_tried_again(http: httpx2.Client) -> None:
    job_id = submit(http, "platform.fail", {"times": 1, "error": "permanent"})["id"]
    failed = await_final(http, job_id)
    assert (failed["state"], failed["error"]["code"], failed["error"]["retryable"]) == (
        "failed",
        "probe_refused",
        False,
    )
    missing = http.get(f"/api/v1/jobs/{job_id}/result")
    assert (missing.status_code, missing.json()["code"]) == (404, "no_result")
    assert http.post(f"/api/v1/jobs/{job_id}/retry").status_code == 202
    again = await_final(http, job_id)
    assert (again["state"], again["attempt"], again["result"]) == ("succeeded", 2, {"attempt": 2})
    assert "job.retried" in types(http, job_id)


def test_what_fails_for_a_while_is_tried_again_by_itself(http: httpx2.Client) -> None:
    done = await_final(http, submit(http, "platform.fail", {"times": 2, "error": "transient"})["id"])
    assert (done["state"], done["attempt"]) == ("succeeded", 3)


def test_a_running_job_is_cancelled_once(http: httpx2.Client) -> None:
    job_id = submit(http, "platform.sleep", {"seconds": 600, "steps": 600})["id"]
    assert http.post(f"/api/v1/jobs/{job_id}/retry").json()["code"] == "not_final"
    assert http.post(f"/api/v1/jobs/{job_id}/cancel").status_code in {200, 202}
    assert await_final(http, job_id)["state"] == "cancelled"
    again = http.post(f"/api/v1/jobs/{job_id}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "already_final")


def test_a_request_repeated_with_its_key_is_the_same_job(http: httpx2.Client) -> None:
    key = {"Idempotency-Key": uuid4().hex}
    body = {"kind": "platform.echo", "params": {"n": 1}}
    first = http.post("/api/v1/jobs", json=body, headers=key)
    second = http.post("/api/v1/jobs", json=body, headers=key)
    other = http.post("/api/v1/jobs", json={**body, "params": {"n": 2}}, headers=key)
    assert [first.status_code, second.status_code, other.status_code] == [202, 200, 409]
    assert (second.json()["id"], second.headers["Idempotency-Replayed"]) == (first.json()["id"], "true")
    assert other.json()["code"] == "idempotency_conflict"


def test_a_unique_key_lets_one_living_job_in(http: httpx2.Client) -> None:
    unique = {"unique_key": uuid4().hex}
    first = submit(http, "platform.sleep", {"seconds": 600, "steps": 600}, **unique)
    body = {"kind": "platform.echo", "params": {}, **unique}
    second = http.post("/api/v1/jobs", json=body)
    assert (second.status_code, second.json()["id"], second.json()["unique"]) == (200, first["id"], True)
    http.post(f"/api/v1/jobs/{first['id']}/cancel")
    await_final(http, first["id"])
    assert http.post("/api/v1/jobs", json=body).status_code == 202


def test_a_job_for_later_waits_and_one_past_its_deadline_expires(http: httpx2.Client) -> None:
    later = submit(http, "platform.echo", {}, run_at="2100-01-01T00:00:00Z")
    assert later["state"] == "scheduled"
    soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2))
    doomed = submit(http, "platform.echo", {}, run_at="2100-01-01T00:00:00Z", deadline_at=soon)
    assert await_final(http, doomed["id"])["state"] == "expired"
    http.post(f"/api/v1/jobs/{later['id']}/cancel")
    assert await_final(http, later["id"])["state"] == "cancelled"


def test_many_jobs_are_submitted_at_once_and_found_page_by_page(http: httpx2.Client) -> None:
    tag = uuid4().hex
    jobs = [{"kind": "platform.echo", "params": {"n": n}, "tags": [tag]} for n in range(7)]
    ids = http.post("/api/v1/jobs/bulk", json={"jobs": jobs}).json()["ids"]
    for job_id in ids:
        assert await_final(http, job_id)["state"] == "succeeded"
    found: list[str] = []
    query: dict[str, Any] | None = {"tag": tag, "state": "succeeded", "sort": "created_at", "limit": 3}
    while query:
        page = http.get("/api/v1/jobs", params=query).json()
        found += [job["id"] for job in page["items"]]
        query = {**query, "cursor": page["next_cursor"]} if page["next_cursor"] else None
    assert found == ids


def test_wrong_requests_are_told_what_is_wrong(http: httpx2.Client) -> None:
    wrong = http.post("/api/v1/jobs", json={"kind": "platform.sleep", "params": {"seconds": -1, "more": 1}})
    assert (wrong.status_code, wrong.headers["Content-Type"]) == (422, "application/problem+json")
    assert {error["pointer"] for error in wrong.json()["errors"]} == {"/params/seconds", "/params/more"}
    assert http.get(f"/api/v1/jobs/{uuid4()}").status_code == 404
    assert http.get("/api/v1/jobs", headers={"Authorization": "Bearer psk_wrong"}).status_code == 401
    assert json.loads(http.get("/api/v1/health/ready").text)["status"] == "ready"
