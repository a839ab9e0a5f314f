"""`POST /jobs` and `/jobs/bulk`: what is accepted, what is refused, what is one job."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from core.database import Database
from core.platform.access import Role
from webapp.schemas.jobs import JobDocument

ECHO = {"kind": "platform.echo", "params": {"hello": "world"}}


def count_jobs(client: FlaskClient) -> int:
    return len(client.get("/api/v1/jobs").get_json()["items"])


def test_a_submission_is_accepted_with_its_address_and_the_whole_job(client: FlaskClient) -> None:
    answer = client.post("/api/v1/jobs", json=ECHO)
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/api/v1/jobs/{answer.get_json()['id']}"
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.get_json()["state"] == "queued"
    assert set(answer.get_json()) == set(JobDocument().fields) - {"unique"}


@pytest.mark.parametrize("options", [{}, {"tags": ["a"], "priority": 9}, {"run_at": "2090-01-01T00:00:00+02:00"}])
def test_the_accepted_job_reads_the_same_afterwards(client: FlaskClient, options: dict[str, Any]) -> None:
    accepted = client.post("/api/v1/jobs", json={**ECHO, **options}).get_json()
    assert client.get(f"/api/v1/jobs/{accepted['id']}").get_json() == accepted


def test_a_job_for_later_is_scheduled(client: FlaskClient) -> None:
    answer = client.post("/api/v1/jobs", json={**ECHO, "run_at": "2090-01-01T00:00:00+02:00"})
    assert (answer.get_json()["state"], answer.get_json()["run_at"]) == ("scheduled", "2089-12-31T22:00:00.000000Z")


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("priority", 0, -1),
        ("priority", 9, 10),
        ("priority", 5, 5.5),
        ("priority", 5, True),
        ("timeout_s", 0.001, 0),
        ("timeout_s", 604800, 604801),
        ("timeout_s", 5, "5"),
        ("timeout_s", None, 10**400),
        ("max_attempts", 1, 0),
        ("max_attempts", 100, 101),
        ("tags", ["a" * 100], ["a" * 101]),
        ("tags", ["x"] * 50, ["x"] * 51),
        ("tags", [], ["with\nnewline"]),
        ("unique_key", "k" * 200, "k" * 201),
        ("unique_key", "k", ""),
        ("run_at", "2090-01-01T00:00:00Z", "2090-01-01T00:00:00"),
        ("run_at", None, "0001-01-01T00:00:00+14:00"),
        ("deadline_at", "2090-01-01T00:00:00.5+00:00", "2090-13-01T00:00:00Z"),
        ("params", {}, []),
    ],
)
def test_each_option_has_its_range(client: FlaskClient, field: str, good: Any, bad: Any) -> None:
    assert client.post("/api/v1/jobs", json={**ECHO, field: good}).status_code == 202
    refused = client.post("/api/v1/jobs", json={**ECHO, field: bad})
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["pointer"].startswith(f"/{field}")


def test_unknown_fields_are_refused_by_name(client: FlaskClient) -> None:
    refused = client.post("/api/v1/jobs", json={**ECHO, "prioritty": 1})
    assert refused.status_code == 422
    assert refused.get_json()["errors"] == [{"pointer": "/prioritty", "detail": "Unknown field."}]


def test_unknown_kinds_and_wrong_params_are_pointed_at(client: FlaskClient) -> None:
    assert client.post("/api/v1/jobs", json={"kind": "no.such"}).get_json()["errors"][0]["pointer"] == "/kind"
    wrong = client.post("/api/v1/jobs", json={"kind": "platform.sleep", "params": {"seconds": -1, "x/y": 1}})
    assert wrong.status_code == 422
    assert {each["pointer"] for each in wrong.get_json()["errors"]} == {"/params/seconds", "/params/x~1y"}


def test_a_viewer_may_not_submit_and_a_submitter_may_not_crash_workers(client_of: Callable[..., FlaskClient]) -> None:
    assert client_of(Role.VIEWER).post("/api/v1/jobs", json=ECHO).status_code == 403
    crash = {"kind": "platform.fail", "params": {"error": "crash"}}
    refused = client_of(Role.SUBMITTER).post("/api/v1/jobs", json=crash)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "permission_missing")
    assert client_of(Role.OPERATOR).post("/api/v1/jobs", json=crash).status_code == 202


def test_the_same_idempotency_key_and_body_are_one_job(client: FlaskClient) -> None:
    first = client.post("/api/v1/jobs", json=ECHO, headers={"Idempotency-Key": "k1"})
    again = client.post("/api/v1/jobs", json=ECHO, headers={"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert again.get_json() == first.get_json()
    assert count_jobs(client) == 1


def test_an_idempotency_key_with_another_body_conflicts(client: FlaskClient) -> None:
    client.post("/api/v1/jobs", json=ECHO, headers={"Idempotency-Key": "k1"})
    other = client.post("/api/v1/jobs", json={**ECHO, "priority": 1}, headers={"Idempotency-Key": "k1"})
    assert (other.status_code, other.get_json()["code"]) == (409, "idempotency_conflict")


@pytest.mark.parametrize(("key", "status"), [("k" * 255, 202), ("k" * 256, 422), ("with blank", 422), ("ü", 422)])
def test_an_idempotency_key_has_its_range(client: FlaskClient, key: str, status: int) -> None:
    assert client.post("/api/v1/jobs", json=ECHO, headers={"Idempotency-Key": key}).status_code == status


def test_a_unique_key_lets_one_job_live(client: FlaskClient) -> None:
    first = client.post("/api/v1/jobs", json={**ECHO, "unique_key": "one"})
    second = client.post("/api/v1/jobs", json={**ECHO, "unique_key": "one"})
    assert (first.status_code, second.status_code) == (202, 200)
    assert second.get_json() == {**first.get_json(), "unique": True}
    client.post(f"/api/v1/jobs/{first.get_json()['id']}/cancel")
    assert client.post("/api/v1/jobs", json={**ECHO, "unique_key": "one"}).status_code == 202


def test_bulk_answers_the_ids_in_order(client: FlaskClient) -> None:
    answer = client.post("/api/v1/jobs/bulk", json={"jobs": [{**ECHO, "priority": each % 10} for each in range(25)]})
    assert answer.status_code == 202
    ids = answer.get_json()["ids"]
    assert [client.get(f"/api/v1/jobs/{each}").get_json()["priority"] for each in ids[:12]] == [*range(10), 0, 1]
    assert len(set(ids)) == 25


def test_bulk_accepts_all_or_nothing(client: FlaskClient) -> None:
    refused = client.post("/api/v1/jobs/bulk", json={"jobs": [ECHO, {"kind": "platform.sleep", "params": {}}]})
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["pointer"] == "/jobs/1/params/seconds"
    twins = {"jobs": [ECHO, {**ECHO, "unique_key": "u"}, {**ECHO, "unique_key": "u"}]}
    taken = client.post("/api/v1/jobs/bulk", json=twins)
    assert (taken.status_code, taken.get_json()["code"]) == (409, "unique_key_taken")
    assert count_jobs(client) == 0


def test_bulk_with_the_same_idempotency_key_and_body_is_the_same_jobs(client: FlaskClient) -> None:
    body = {"jobs": [{**ECHO, "tags": [str(each)]} for each in range(3)]}
    first = client.post("/api/v1/jobs/bulk", json=body, headers={"Idempotency-Key": "k1"})
    again = client.post("/api/v1/jobs/bulk", json=body, headers={"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert again.get_json() == first.get_json()
    tags = [client.get(f"/api/v1/jobs/{each}").get_json()["tags"] for each in again.get_json()["ids"]]
    assert tags == [["0"], ["1"], ["2"]]
    assert count_jobs(client) == 3


def test_bulk_with_a_known_idempotency_key_and_another_body_conflicts(client: FlaskClient) -> None:
    client.post("/api/v1/jobs/bulk", json={"jobs": [ECHO]}, headers={"Idempotency-Key": "k1"})
    for path, body in (("/api/v1/jobs/bulk", {"jobs": [ECHO, ECHO]}), ("/api/v1/jobs", ECHO)):
        other = client.post(path, json=body, headers={"Idempotency-Key": "k1"})
        assert (other.status_code, other.get_json()["code"]) == (409, "idempotency_conflict")
    assert count_jobs(client) == 1


def test_bulk_that_is_refused_leaves_its_idempotency_key_free(client: FlaskClient) -> None:
    missing = {**ECHO, "params": {"artifact": "nonsense"}}
    refused = client.post("/api/v1/jobs/bulk", json={"jobs": [ECHO, missing]}, headers={"Idempotency-Key": "k1"})
    assert refused.get_json()["errors"][0]["pointer"] == "/jobs/1/params/artifact"
    again = client.post("/api/v1/jobs/bulk", json={"jobs": [ECHO]}, headers={"Idempotency-Key": "k1"})
    assert (again.status_code, count_jobs(client)) == (202, 1)


def test_bulk_sent_several_times_at_once_under_one_key_is_recorded_once(
    client_of: Callable[..., FlaskClient], at_once: Callable[..., list[Any]]
) -> None:
    clients = [client_of(Role.SUBMITTER) for _ in range(4)]
    mine = iter(clients)
    sent = {"json": {"jobs": [ECHO] * 50}, "headers": {"Idempotency-Key": "k1"}}
    came = at_once(lambda: next(mine).post("/api/v1/jobs/bulk", **sent), 4)
    assert sorted(answer.status_code for answer in came) == [200, 200, 200, 202]
    assert len({tuple(answer.get_json()["ids"]) for answer in came}) == 1
    assert count_jobs(clients[0]) == 50


@pytest.mark.parametrize(("count", "status"), [(0, 422), (1, 202)])
def test_bulk_takes_at_least_one(client: FlaskClient, count: int, status: int) -> None:
    assert client.post("/api/v1/jobs/bulk", json={"jobs": [ECHO] * count}).status_code == status


def test_params_may_name_an_upload_that_exists(client: FlaskClient, web_database: Database) -> None:
    uploaded = client.post("/api/v1/artifacts?name=a.csv", data=b"1,2").get_json()["artifact_id"]
    named = {"kind": "platform.echo", "params": {"table": {"artifact": uploaded}}}
    assert client.post("/api/v1/jobs", json=named).status_code == 202
    with web_database.statements() as session:
        kept = session.scalar(text("SELECT expires_at IS NULL FROM artifacts WHERE id = :id"), {"id": uploaded})
    assert kept is True
    missing = {"kind": "platform.echo", "params": {"table": {"artifact": "nonsense"}}}
    refused = client.post("/api/v1/jobs", json=missing)
    assert (refused.status_code, refused.get_json()["code"]) == (422, "artifact_unknown")
    assert refused.get_json()["errors"][0]["pointer"] == "/params/table/artifact"
