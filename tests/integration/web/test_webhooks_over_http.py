"""Webhooks over HTTP: made, changed, tried out, read; and who may."""

from collections.abc import Callable
from typing import Any

import pytest

from core.platform.access import Role
from tests.integration.web.conftest import KeyClient

URL = "https://example.org/hook"


def test_a_webhook_from_its_making_to_its_end(client: KeyClient) -> None:
    made = client.post("/api/v1/webhooks", json={"url": URL, "events": ["job.failed"], "kinds": ["platform.echo"]})
    assert made.status_code == 201
    webhook, home = made.get_json(), made.headers["Location"]
    assert webhook["secret"].startswith("whsec_")
    assert webhook["id"] in [each["id"] for each in client.get("/api/v1/webhooks").get_json()["items"]]
    read = client.get(home).get_json()
    assert "secret" not in read
    assert (read["events"], read["active"]) == (["job.failed"], True)
    tried = client.post(f"{home}/test").get_json()
    assert (tried["event"], tried["state"]) == ("webhook.test", "pending")
    assert client.patch(home, json={"active": False}).get_json()["active"] is False
    (given_up,) = client.get(f"{home}/deliveries").get_json()["items"]
    assert (given_up["id"], given_up["state"]) == (tried["id"], "failed")
    replayed = client.post(f"{home}/deliveries/{tried['id']}/replay")
    assert (replayed.status_code, replayed.get_json()["state"]) == (202, "pending")
    rotated = client.post(f"{home}/rotate").get_json()
    assert rotated["secret"] != webhook["secret"]
    assert client.delete(home).status_code == 204
    assert {client.get(home).status_code, client.post(f"{home}/test").status_code} == {404}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/url"),
        ({"url": "ftp://example.org"}, "/url"),
        ({"url": URL, "events": []}, "/events"),
        ({"url": URL, "events": ["job.claimed"]}, "/events"),
        ({"url": URL, "active": "yes"}, "/active"),
        ({"url": URL, "colour": "red"}, "/colour"),
    ],
)
def test_what_is_wrong_is_named(client: KeyClient, body: dict[str, Any], pointer: str) -> None:
    answer = client.post("/api/v1/webhooks", json=body)
    assert answer.status_code == 422
    assert all(error["pointer"].startswith(pointer) for error in answer.get_json()["errors"])


def test_a_callback_is_taken_and_told_of(client: KeyClient) -> None:
    job = client.post("/api/v1/jobs", json={"kind": "platform.echo", "callback_url": URL})
    assert (job.status_code, job.get_json()["callback_url"]) == (202, URL)
    assert client.get(job.headers["Location"]).get_json()["callback_url"] == URL
    assert client.get(f"{job.headers['Location']}/deliveries").get_json()["items"] == []
    assert client.get("/api/v1/webhooks/secret").get_json()["secret"].startswith("whsec_")


def test_a_callback_that_cannot_be_meant_is_refused_by_name(client: KeyClient) -> None:
    bad = {"kind": "platform.echo", "callback_url": "http://me:too@example.org/"}
    one = client.post("/api/v1/jobs", json=bad)
    assert (one.status_code, one.get_json()["errors"][0]["pointer"]) == (422, "/callback_url")
    many = client.post("/api/v1/jobs/bulk", json={"jobs": [bad]})
    assert (many.status_code, many.get_json()["errors"][0]["pointer"]) == (422, "/jobs/0/callback_url")
    graph = client.post("/api/v1/workflows", json={"jobs": {"a": bad}})
    assert (graph.status_code, graph.get_json()["errors"][0]["pointer"]) == (422, "/jobs/a/callback_url")
    rule = client.post("/api/v1/schedules", json={**bad, "every_s": 60})
    assert (rule.status_code, rule.get_json()["errors"][0]["pointer"]) == (422, "/callback_url")


def test_who_may_what(client: KeyClient, client_of: Callable[..., KeyClient], tenant: str) -> None:
    home = client.post("/api/v1/webhooks", json={"url": URL}).headers["Location"]
    operator, submitter = client_of(Role.OPERATOR), client_of(Role.SUBMITTER)
    assert operator.get(home).status_code == 200
    assert operator.get("/api/v1/webhooks/secret").status_code == 403
    assert submitter.get(home).status_code == 403
    assert client_of(Role.ADMIN, f"not-{tenant}").get(home).status_code == 404
    assert client_of(Role.ADMIN, f"not-{tenant}").delete(home).status_code == 404
