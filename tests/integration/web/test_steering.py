"""Pausing queues and limiting what runs at once, over HTTP."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from core.platform.access import Role
from tests.integration.web.conftest import KeyClient


@pytest.fixture
def operator(client_of: Callable[..., KeyClient]) -> KeyClient:
    return client_of(Role.OPERATOR)


def paused(client: KeyClient) -> dict[str, bool]:
    return {queue["name"]: queue["paused"] for queue in client.get("/api/v1/queues").get_json()["items"]}


def limits(client: KeyClient) -> dict[tuple[str, str], int]:
    items = client.get("/api/v1/limits").get_json()["items"]
    return {(one["scope"], one["subject"]): one["max_running"] for one in items}


def test_a_queue_is_paused_and_resumed_as_often_as_one_asks(operator: KeyClient) -> None:
    for _ in range(2):
        answer = operator.post("/api/v1/queues/sandbox/pause")
        assert (answer.status_code, answer.get_json()["paused"]) == (200, True)
        assert answer.get_json()["paused_at"].endswith("Z")
    assert paused(operator) == {"default": False, "io": False, "sandbox": True, "science": False}
    for _ in range(2):
        answer = operator.post("/api/v1/queues/sandbox/resume", json={})
        assert (answer.status_code, answer.get_json()["paused"], answer.get_json()["paused_at"]) == (200, False, None)
    assert not paused(operator)["sandbox"]


@pytest.mark.parametrize("verb", ["pause", "resume"])
def test_a_queue_that_is_not_there_is_missing(operator: KeyClient, verb: str) -> None:
    answer = operator.post(f"/api/v1/queues/nothing/{verb}")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "queue_missing")


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("POST", "/api/v1/queues/sandbox/pause"),
        ("POST", "/api/v1/queues/sandbox/resume"),
        ("GET", "/api/v1/limits"),
        ("PUT", "/api/v1/limits/kinds/platform.echo"),
        ("DELETE", "/api/v1/limits/tenants/local"),
    ],
)
def test_only_operators_steer(client_of: Callable[..., KeyClient], method: str, address: str) -> None:
    body = {"max_running": 1} if method == "PUT" else None
    answer = client_of(Role.SUBMITTER).open(address, method=method, json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "permission_missing")


def test_limits_are_set_listed_and_lifted(operator: KeyClient, tenant: str) -> None:
    assert operator.put("/api/v1/limits/kinds/platform.fail", json={"max_running": 3}).status_code == 200
    assert operator.put(f"/api/v1/limits/tenants/{tenant}", json={"max_running": 2}).status_code == 200
    found = limits(operator)
    assert (found["kind", "platform.fail"], found["tenant", tenant]) == (3, 2)
    for address in ("kinds/platform.fail", f"tenants/{tenant}"):
        assert operator.delete(f"/api/v1/limits/{address}").status_code == 200
        again = operator.delete(f"/api/v1/limits/{address}")
        assert (again.status_code, again.get_json()["code"]) == (404, "limit_missing")
    assert not {("kind", "platform.fail"), ("tenant", tenant)} & set(limits(operator))


@pytest.mark.parametrize(("address", "code"), [("kinds/no.kind", "kind_missing"), ("tenants/nobody", "tenant_missing")])
def test_a_limit_of_nothing_is_missing(operator: KeyClient, address: str, code: str) -> None:
    for answer in (
        operator.put(f"/api/v1/limits/{address}", json={"max_running": 1}),
        operator.delete(f"/api/v1/limits/{address}"),
    ):
        assert (answer.status_code, answer.get_json()["code"]) == (404, code)


@pytest.mark.parametrize(("good", "bad"), [(0, -1), (100_000, 100_001), (1, "1"), (1, None), (1, 1.5)])
def test_a_limit_has_its_range(operator: KeyClient, tenant: str, good: int, bad: Any) -> None:
    address = f"/api/v1/limits/tenants/{tenant}"
    assert operator.put(address, json={"max_running": good}).status_code == 200
    answer = operator.put(address, json={"max_running": bad})
    assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (422, "/max_running")


def test_a_job_tells_its_concurrency_key(client: KeyClient, submit: Callable[..., UUID]) -> None:
    job_id = submit(concurrency_key="plant: 7", concurrency_limit=2)
    assert client.get(f"/api/v1/jobs/{job_id}").get_json()["concurrency_key"] == "plant: 7"
    assert client.get(f"/api/v1/jobs/{submit()}").get_json()["concurrency_key"] is None
    listed = client.get("/api/v1/jobs").get_json()["items"]
    assert [job["concurrency_key"] for job in listed] == [None, "plant: 7"]


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("concurrency_key", "k" * 200, "k" * 201),
        ("concurrency_key", "k", ""),
        ("concurrency_key", None, "a\nb"),
        ("concurrency_limit", 1, 0),
        ("concurrency_limit", 10_000, 10_001),
        ("concurrency_limit", None, True),
    ],
)
def test_keys_and_their_limits_have_a_range(client: KeyClient, name: str, good: Any, bad: Any) -> None:
    body = {"kind": "platform.echo", "concurrency_key": "k"}
    assert client.post("/api/v1/jobs", json={**body, name: good}).status_code == 202
    answer = client.post("/api/v1/jobs", json={**body, name: bad})
    assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (422, f"/{name}")


def test_a_limit_needs_a_key(client: KeyClient) -> None:
    one = {"kind": "platform.echo", "concurrency_limit": 2}
    answer = client.post("/api/v1/jobs", json=one)
    assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (422, "/concurrency_limit")
    answer = client.post("/api/v1/jobs/bulk", json={"jobs": [one]})
    assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (422, "/jobs/0/concurrency_limit")
