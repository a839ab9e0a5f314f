"""`/workflows`: what is accepted, what is refused and where, how a graph is read, cancelled and tried again."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from core.platform.access import Role

ECHO: dict[str, Any] = {"kind": "platform.echo"}
DIAMOND = {
    "a": ECHO,
    "b": {**ECHO, "after": ["a"], "params_from": {"/n": "a#/n"}},
    "c": {**ECHO, "params_from": {"/n": "a#/n"}, "allow_failure": True},
    "d": {**ECHO, "after": ["b", "c"]},
}


def post(client: FlaskClient, jobs: Any, **headers: str) -> Any:
    return client.post("/api/v1/workflows", json={"jobs": jobs}, headers=headers)


def test_a_workflow_is_accepted_with_its_address_and_reads_the_same_afterwards(client: FlaskClient) -> None:
    answer = post(client, DIAMOND)
    document = answer.get_json()
    assert answer.status_code == 202
    assert answer.headers["Location"] == document["links"]["self"]
    assert {name: job["state"] for name, job in document["jobs"].items()} == {
        "a": "queued",
        **dict.fromkeys("bcd", "waiting"),
    }
    assert {name: job["after"] for name, job in document["jobs"].items()} == {
        "a": [],
        "b": ["a"],
        "c": ["a"],
        "d": ["b", "c"],
    }
    assert (document["state"], document["counts"]) == ("running", {"queued": 1, "waiting": 3})
    assert document["progress"] == {"fraction": 0.0, "finished": 0, "total": 4}
    assert client.get(document["links"]["self"]).get_json() == document
    jobs = client.get(document["links"]["jobs"]).get_json()["items"]
    assert {job["workflow_id"] for job in jobs} == {document["id"]}
    assert len(jobs) == 4


@pytest.mark.parametrize(
    ("jobs", "pointer"),
    [
        ({}, "/jobs"),
        ([], "/jobs"),
        ({"a b": ECHO}, "/jobs/a b"),
        ({"n" * 101: ECHO}, f"/jobs/{'n' * 101}"),
        ({"a": {}}, "/jobs/a/kind"),
        ({"a": {"kind": "no.such"}}, "/jobs/a/kind"),
        ({"a": {**ECHO, "priority": 10}}, "/jobs/a/priority"),
        ({"a": {**ECHO, "colour": "red"}}, "/jobs/a/colour"),
        ({"a": {"kind": "platform.sleep", "params": {"seconds": -1}}}, "/jobs/a/params/seconds"),
        ({"a": {**ECHO, "params": {"t": {"artifact": "nonsense"}}}}, "/jobs/a/params/t/artifact"),
        ({"a": {**ECHO, "after": ["b"]}}, "/jobs/a/after/0"),
        ({"a": {**ECHO, "after": ["a"]}}, "/jobs/a/after/0"),
        (
            {"a": {**ECHO, "after": ["c"]}, "b": {**ECHO, "after": ["a"]}, "c": {**ECHO, "after": ["b"]}},
            "/jobs/a/after/0",
        ),
        ({"a": {**ECHO, "after": "b"}, "b": ECHO}, "/jobs/a/after"),
        ({"a": {**ECHO, "allow_failure": 1}}, "/jobs/a/allow_failure"),
        ({"a": {**ECHO, "allow_failure": "yes"}}, "/jobs/a/allow_failure"),
        ({"a": {**ECHO, "params_from": {"/x": "b#"}}}, "/jobs/a/params_from/~1x"),
        ({"a": {**ECHO, "params_from": {"/x": "a#"}}}, "/jobs/a/params_from/~1x"),
        ({"a": ECHO, "b": {**ECHO, "params_from": {"/x": "a"}}}, "/jobs/b/params_from/~1x"),
        ({"a": ECHO, "b": {**ECHO, "params_from": {"/x": "a#y"}}}, "/jobs/b/params_from/~1x"),
        ({"a": ECHO, "b": {**ECHO, "params_from": {"x": "a#"}}}, "/jobs/b/params_from/x"),
        ({"a": ECHO, "b": {**ECHO, "params_from": {"/~2": "a#"}}}, "/jobs/b/params_from/~1~02"),
        ({"a": ECHO, "b": {**ECHO, "params_from": {"/x": 1}}}, "/jobs/b/params_from/~1x"),
        ({"a": ECHO, "b": {**ECHO, "params_from": {"/x": "a#", "/x/y": "a#"}}}, "/jobs/b/params_from/~1x~1y"),
        ({"a": ECHO, "b": {**ECHO, "params": {"x": 1}, "params_from": {"/x/y": "a#"}}}, "/jobs/b/params_from/~1x~1y"),
        ({"a": ECHO, "b": {**ECHO, "params": {"x": []}, "params_from": {"/x/0": "a#"}}}, "/jobs/b/params_from/~1x~10"),
        (
            {"a": ECHO, "b": {**ECHO, "params": {"x": [0]}, "params_from": {f"/x/{'9' * 5000}": "a#"}}},
            f"/jobs/b/params_from/~1x~1{'9' * 5000}",
        ),
        ({"a": ECHO, "b": {**ECHO, "params": {"x": 1}, "params_from": {"": "a#"}}}, "/jobs/b/params"),
        ({"a": ECHO, "b": {"kind": "platform.sleep", "params_from": {"/x": "a#"}}}, "/jobs/b/params_from/~1x"),
        ({"a": ECHO, "b": {"kind": "platform.sleep", "params_from": {"/steps": "a#"}}}, "/jobs/b/params/seconds"),
        (
            {"a": ECHO, "b": {"kind": "platform.sleep", "params": {"steps": 0}, "params_from": {"/seconds": "a#"}}},
            "/jobs/b/params/steps",
        ),
        ({"a": {**ECHO, "depends_on": ["0192d4e0-7f6a-7c3e-8a51-2b6f0c9d1e42"]}}, "/jobs/a/depends_on/0"),
    ],
)
def test_what_is_wrong_is_pointed_at(client: FlaskClient, jobs: Any, pointer: str) -> None:
    refused = post(client, jobs)
    assert refused.status_code == 422, refused.text
    assert [error["pointer"] for error in refused.get_json()["errors"]][:1] == [pointer]
    assert client.get("/api/v1/jobs").get_json()["items"] == []
    assert client.get("/api/v1/workflows").get_json()["items"] == []


def test_unknown_fields_beside_the_jobs_are_refused(client: FlaskClient) -> None:
    refused = client.post("/api/v1/workflows", json={"jobs": {"a": ECHO}, "name": "x"})
    assert refused.get_json()["errors"][0]["pointer"] == "/name"


def test_a_workflow_has_up_to_a_thousand_jobs_and_names_up_to_a_hundred_characters(client: FlaskClient) -> None:
    fan = {f"j{number}": ECHO for number in range(999)}
    accepted = post(client, {**fan, "n" * 100: {**ECHO, "after": [*fan]}})
    assert accepted.status_code == 202
    assert accepted.get_json()["counts"] == {"queued": 999, "waiting": 1}
    refused = post(client, {**fan, "k": ECHO, "l": ECHO})
    assert (refused.status_code, refused.get_json()["errors"][0]["pointer"]) == (422, "/jobs")


def test_the_same_idempotency_key_and_body_are_one_workflow(client: FlaskClient) -> None:
    first, again = (post(client, DIAMOND, **{"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.get_json() == first.get_json()
    other = post(client, {"a": ECHO}, **{"Idempotency-Key": "k"})
    assert (other.status_code, other.get_json()["code"]) == (409, "idempotency_conflict")


def test_a_unique_key_that_is_taken_refuses_the_whole_workflow(client: FlaskClient) -> None:
    taken = post(client, {"a": {**ECHO, "unique_key": "u"}, "b": {**ECHO, "unique_key": "u"}})
    assert (taken.status_code, taken.get_json()["code"]) == (409, "unique_key_taken")
    assert client.get("/api/v1/workflows").get_json()["items"] == []


def test_workflows_are_listed_in_pages_newest_first(client: FlaskClient) -> None:
    ids = [post(client, {"a": ECHO}).get_json()["id"] for _ in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get(f"/api/v1/workflows?limit=2{cursor and '&cursor='}{cursor}").get_json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert seen == ids[::-1]
    wrong = client.get("/api/v1/workflows?cursor=x")
    assert (wrong.status_code, wrong.get_json()["errors"][0]["pointer"]) == (422, "/cursor")


def test_a_workflow_is_cancelled_once_and_then_tried_again(client: FlaskClient) -> None:
    address = post(client, DIAMOND).get_json()["links"]["self"]
    assert client.post(f"{address}/retry").get_json()["code"] == "nothing_to_retry"
    cancelled = client.post(f"{address}/cancel")
    assert (cancelled.status_code, cancelled.get_json()["state"]) == (202, "cancelled")
    assert cancelled.get_json()["counts"] == {"cancelled": 4}
    assert client.post(f"{address}/cancel").get_json()["code"] == "workflow_final"
    again = client.post(f"{address}/retry")
    assert (again.status_code, again.get_json()["counts"]) == (202, {"queued": 1, "waiting": 3})


def test_another_tenants_workflow_does_not_exist_and_roles_hold(
    client: FlaskClient, client_of: Callable[..., FlaskClient]
) -> None:
    address = post(client, DIAMOND).get_json()["links"]["self"]
    stranger = client_of(Role.ADMIN, "somebody else")
    answers = [stranger.get(address), stranger.post(f"{address}/cancel"), stranger.post(f"{address}/retry")]
    assert [(one.status_code, one.get_json()["code"]) for one in answers] == [(404, "workflow_missing")] * 3
    assert stranger.get("/api/v1/workflows").get_json()["items"] == []
    viewer = client_of(Role.VIEWER)
    assert viewer.get(address).status_code == 200
    assert [
        one.status_code
        for one in (post(viewer, DIAMOND), viewer.post(f"{address}/cancel"), viewer.post(f"{address}/retry"))
    ] == [403] * 3


def test_a_submitter_may_not_crash_workers_by_a_workflow(client_of: Callable[..., FlaskClient]) -> None:
    jobs = {"a": {"kind": "platform.fail", "params": {"error": "crash"}}}
    assert post(client_of(Role.SUBMITTER), jobs).status_code == 403
    assert post(client_of(Role.OPERATOR), jobs).status_code == 202


def test_a_job_names_those_it_depends_on(client: FlaskClient, submit: Callable[..., Any]) -> None:
    first = submit()
    accepted = client.post("/api/v1/jobs", json={**ECHO, "depends_on": [str(first)]})
    assert (accepted.status_code, accepted.get_json()["state"]) == (202, "waiting")
    nobody = "0192d4e0-7f6a-7c3e-8a51-2b6f0c9d1e42"
    missing = client.post("/api/v1/jobs", json={**ECHO, "depends_on": [str(first), nobody]})
    assert (missing.status_code, missing.get_json()["errors"][0]["pointer"]) == (422, "/depends_on/1")
    malformed = client.post("/api/v1/jobs", json={**ECHO, "depends_on": ["x"]})
    assert (malformed.status_code, malformed.get_json()["errors"][0]["pointer"]) == (422, "/depends_on/0")


@pytest.mark.parametrize(("count", "status"), [(1000, 202), (1001, 422)])
def test_a_job_depends_on_up_to_a_thousand(
    client: FlaskClient, submit: Callable[..., Any], count: int, status: int
) -> None:
    first = str(submit())
    assert client.post("/api/v1/jobs", json={**ECHO, "depends_on": [first] * count}).status_code == status


def test_jobs_in_bulk_name_those_they_depend_on(client: FlaskClient, submit: Callable[..., Any]) -> None:
    first, nobody = str(submit()), "0192d4e0-7f6a-7c3e-8a51-2b6f0c9d1e42"
    jobs = [ECHO, {**ECHO, "depends_on": [first]}]
    ids = client.post("/api/v1/jobs/bulk", json={"jobs": jobs}).get_json()["ids"]
    assert [client.get(f"/api/v1/jobs/{each}").get_json()["state"] for each in ids] == ["queued", "waiting"]
    missing = client.post("/api/v1/jobs/bulk", json={"jobs": [*jobs, {**ECHO, "depends_on": [first, nobody]}]})
    assert (missing.status_code, missing.get_json()["errors"][0]["pointer"]) == (422, "/jobs/2/depends_on/1")
