"""Reading jobs: one, lists, results, conditional and waiting requests."""

import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from core.database import Database
from core.platform.access import Role
from webapp.process import EXTENSION

Submit = Callable[..., UUID]


@pytest.fixture
def finish(web_database: Database) -> Callable[..., None]:
    """Write an end into a job's row, as a worker would."""

    def write(job_id: UUID, state: str, **columns: str) -> None:
        settings = ", ".join(
            ["state = :state", "version = version + 1", "finished_at = now()", *map("{0} = :{0}".format, columns)]
        )
        with web_database.transaction() as session:
            session.execute(
                text(f"UPDATE jobs SET {settings} WHERE id = :id"), {"id": job_id, "state": state, **columns}
            )

    return write


def test_a_job_carries_an_entity_tag_and_a_hint_when_to_poll(client: FlaskClient, submit: Submit) -> None:
    answer = client.get(f"/api/v1/jobs/{submit()}")
    assert answer.headers["ETag"] == '"2"'
    assert answer.headers["Retry-After"] == "1"


@pytest.mark.parametrize(
    ("known", "status"), [('"2"', 304), ('W/"2"', 304), ('"1", "2"', 304), ("*", 304), ('"1"', 200), ('"12"', 200)]
)
def test_a_conditional_request_is_answered_when_something_changed(
    client: FlaskClient, submit: Submit, known: str, status: int
) -> None:
    answer = client.get(f"/api/v1/jobs/{submit()}", headers={"If-None-Match": known})
    assert answer.status_code == status
    assert answer.headers["ETag"] == '"2"'
    assert bool(answer.data) is (status == 200)


def test_the_hint_follows_the_kinds_own_run_times(
    client: FlaskClient, submit: Submit, finish: Callable[..., None]
) -> None:
    finish(submit(), "succeeded", result="{}", usage='{"run_s": 20}')
    assert client.get(f"/api/v1/jobs/{submit()}").headers["Retry-After"] in {"1", "10"}
    assert client.get("/api/v1/kinds/platform.echo").get_json()["typical_run_s"] in {None, 20.0}


def test_waiting_ends_when_the_job_is_final(
    app: Flask, client: FlaskClient, submit: Submit, finish: Callable[..., None]
) -> None:
    job_id = submit()
    waiting = app.extensions[EXTENSION].waiting
    began = time.monotonic()

    def end_soon() -> None:
        while not waiting._waiters.get(job_id) and time.monotonic() < began + 60:
            time.sleep(0.005)
        finish(job_id, "succeeded", result='{"a": 1}')
        app.extensions[EXTENSION].announcer.announce(job_id, 3, "succeeded")

    other = threading.Thread(target=end_soon)
    other.start()
    answer = client.get(f"/api/v1/jobs/{job_id}?wait=30")
    other.join()
    assert answer.get_json()["state"] == "succeeded"
    assert time.monotonic() - began < 30


@pytest.mark.parametrize(
    ("wait", "status"), [("0", 200), ("0.05", 200), ("-1", 422), ("30.5", 422), ("nan", 422), ("x", 422)]
)
def test_waiting_has_its_range(client: FlaskClient, submit: Submit, wait: str, status: int) -> None:
    assert client.get(f"/api/v1/jobs/{submit()}?wait={wait}").status_code == status


def test_thirty_seconds_may_be_waited_for_what_is_final(client: FlaskClient, submit: Submit) -> None:
    job_id = submit()
    client.post(f"/api/v1/jobs/{job_id}/cancel")
    assert client.get(f"/api/v1/jobs/{job_id}?wait=30").status_code == 200


def test_another_tenants_job_is_missing_everywhere(
    submit: Submit, client_of: Callable[..., FlaskClient], tenant: str
) -> None:
    job_id = submit()
    other = client_of(Role.ADMIN, f"not-{tenant}")
    for below in ["", "/result", "/events", "/logs", "/artifacts", "/artifacts/a"]:
        assert other.get(f"/api/v1/jobs/{job_id}{below}").status_code == 404
    for verb in ["cancel", "retry"]:
        assert other.post(f"/api/v1/jobs/{job_id}/{verb}").status_code == 404
    assert other.get("/api/v1/jobs").get_json()["items"] == []


def test_a_result_is_there_once_the_job_succeeded(
    client: FlaskClient, submit: Submit, finish: Callable[..., None]
) -> None:
    job_id = submit()
    early = client.get(f"/api/v1/jobs/{job_id}/result")
    assert (early.status_code, early.get_json()["code"]) == (409, "not_final")
    finish(job_id, "succeeded", result='{"a": 1}')
    assert client.get(f"/api/v1/jobs/{job_id}/result").get_json() == {"a": 1}
    assert client.get(f"/api/v1/jobs/{job_id}").get_json()["result"] == {"a": 1}


def test_a_failed_job_has_no_result(client: FlaskClient, submit: Submit, finish: Callable[..., None]) -> None:
    job_id = submit()
    finish(job_id, "failed")
    answer = client.get(f"/api/v1/jobs/{job_id}/result")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "no_result")


@pytest.mark.parametrize("beyond", [0, 1])
def test_a_result_beyond_64_kib_has_an_address_instead(
    client: FlaskClient, submit: Submit, finish: Callable[..., None], beyond: int
) -> None:
    job_id = submit()
    filler = "x" * ((64 << 10) - len('{"a":""}') + beyond)
    finish(job_id, "succeeded", result=f'{{"a": "{filler}"}}')
    job = client.get(f"/api/v1/jobs/{job_id}").get_json()
    assert (job["result"] is None) is bool(beyond)
    assert job["result_url"] == (f"/api/v1/jobs/{job_id}/result" if beyond else None)
    assert client.get(f"/api/v1/jobs/{job_id}/result").get_json() == {"a": filler}
    assert client.get("/api/v1/jobs").get_json()["items"] == [job]


def test_a_list_leaves_out_what_would_outgrow_memory(
    client: FlaskClient, submit: Submit, web_database: Database
) -> None:
    job_id = submit(params={"a": "small"})
    assert client.get("/api/v1/jobs").get_json()["items"][0]["params"] == {"a": "small"}
    noise = "SELECT jsonb_agg(md5(n::text)) FROM generate_series(1, 4000) AS n"
    with web_database.transaction() as session:
        session.execute(
            text(f"UPDATE jobs SET params = jsonb_build_object('a', ({noise})) WHERE id = :id"), {"id": job_id}
        )
    assert client.get("/api/v1/jobs").get_json()["items"][0]["params"] is None
    assert len(client.get(f"/api/v1/jobs/{job_id}").get_json()["params"]["a"]) == 4000


def test_tracebacks_are_for_those_who_may_debug(
    client_of: Callable[[Role], FlaskClient], client: FlaskClient, submit: Submit, finish: Callable[..., None]
) -> None:
    job_id = submit()
    error = '{"code": "crash", "message": "m", "retryable": false, "attempt": 1, "traceback": "File secret.py"}'
    finish(job_id, "failed", error=error)
    assert client.get(f"/api/v1/jobs/{job_id}").get_json()["error"]["traceback"] == "File secret.py"
    viewer = client_of(Role.VIEWER)
    assert viewer.get(f"/api/v1/jobs/{job_id}").get_json()["error"]["code"] == "crash"
    assert "secret" not in viewer.get(f"/api/v1/jobs/{job_id}").text + viewer.get("/api/v1/jobs").text


@pytest.mark.parametrize("sort", ["-created_at", "created_at"])
def test_pages_walk_over_all_jobs_once_in_order(client: FlaskClient, submit: Submit, sort: str) -> None:
    ids = [str(submit()) for _ in range(5)]
    walked, cursor, pages = [], "", 0
    while cursor is not None:
        page = client.get(f"/api/v1/jobs?limit=2&sort={sort}" + (f"&cursor={cursor}" if cursor else "")).get_json()
        walked += [each["id"] for each in page["items"]]
        cursor, pages = page["next_cursor"], pages + 1
    assert walked == (ids if sort == "created_at" else ids[::-1])
    assert pages == 3


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=queued", True),
        ("state=failed", False),
        ("kind=platform.echo", True),
        ("kind=platform.sleep", False),
        ("queue=default", True),
        ("queue=io", False),
        ("tag=blue", True),
        ("tag=blu", False),
        ("created_after=2020-01-01T00:00:00Z", True),
        ("created_before=2020-01-01T00:00:00Z", False),
        ("q=echo", True),
        ("q=blue", True),
        ("q=nothing", False),
        ("parent_id=01920000-0000-7000-8000-000000000000", False),
        ("schedule_id=01920000-0000-7000-8000-000000000000", False),
        ("workflow_id=01920000-0000-7000-8000-000000000000", False),
    ],
)
def test_each_filter_narrows_the_list(client: FlaskClient, submit: Submit, query: str, found: bool) -> None:  # noqa: FBT001 - pytest passes it by name
    submit(tags=["blue"])
    assert len(client.get(f"/api/v1/jobs?{query}").get_json()["items"]) == int(found)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=201", "/limit"),
        ("limit=x", "/limit"),
        ("limit=1&limit=2", "/limit"),
        ("state=done", "/state"),
        ("sort=kind", "/sort"),
        ("queue=nope", "/queue"),
        ("created_after=yesterday", "/created_after"),
        ("parent_id=1", "/parent_id"),
        ("cursor=zz", "/cursor"),
        ("cursor=a01920000000070008000000000000000", "/cursor"),
        ("colour=red", "/colour"),
    ],
)
def test_wrong_queries_are_refused_by_name(client: FlaskClient, query: str, pointer: str) -> None:
    refused = client.get(f"/api/v1/jobs?{query}")
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.get_json()["errors"]] == [pointer]


@pytest.mark.parametrize("limit", [1, 200])
def test_limits_within_the_range_are_fine(client: FlaskClient, limit: int) -> None:
    assert client.get(f"/api/v1/jobs?limit={limit}").status_code == 200


def test_cancel_and_retry_answer_the_changed_job(client: FlaskClient, submit: Submit) -> None:
    address = f"/api/v1/jobs/{submit()}"
    early = client.post(f"{address}/retry")
    assert (early.status_code, early.get_json()["code"]) == (409, "not_final")
    cancelled = client.post(f"{address}/cancel")
    assert (cancelled.status_code, cancelled.get_json()["state"]) == (200, "cancelled")
    again = client.post(f"{address}/cancel")
    assert (again.status_code, again.get_json()["code"]) == (409, "already_final")
    retried = client.post(f"{address}/retry")
    assert (retried.status_code, retried.get_json()["state"]) == (202, "queued")


def test_a_running_job_is_asked_to_stop(client: FlaskClient, submit: Submit, web_database: Database) -> None:
    job_id = submit()
    with web_database.transaction() as session:
        session.execute(text("UPDATE jobs SET state = 'running' WHERE id = :id"), {"id": job_id})
    for _ in range(2):
        asked = client.post(f"/api/v1/jobs/{job_id}/cancel")
        assert (asked.status_code, asked.get_json()["state"]) == (202, "running")
        assert asked.get_json()["cancel_requested_at"] is not None


def test_kinds_and_queues_are_listed(client: FlaskClient, submit: Submit) -> None:
    submit()
    kinds: list[dict[str, Any]] = client.get("/api/v1/kinds").get_json()["items"]
    assert {"platform.echo", "platform.sleep", "platform.fail"} <= {each["name"] for each in kinds}
    sleep = client.get("/api/v1/kinds/platform.sleep").get_json()
    assert sleep["params_schema"]["required"] == ["seconds"]
    assert sleep["params_schema"]["additionalProperties"] is False
    assert client.get("/api/v1/kinds/none").get_json()["code"] == "kind_missing"
    queues = {each["name"]: each for each in client.get("/api/v1/queues").get_json()["items"]}
    assert queues["default"]["depth"] >= 1
    assert queues["default"]["oldest_age_s"] >= 0
