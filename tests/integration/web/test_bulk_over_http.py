"""`POST /jobs/cancel` and `/jobs/retry`: which jobs are meant, who may, what is answered."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from core.platform.access import Role

NONE_SKIPPED = {"already_final": 0, "not_final": 0, "unique_key_held": 0}


def states(client: FlaskClient) -> list[str]:
    return sorted(job["state"] for job in client.get("/api/v1/jobs").get_json()["items"])


def test_jobs_found_by_a_filter_are_cancelled_and_retried_and_a_dry_run_only_tells(
    client: FlaskClient, submit: Callable[..., UUID]
) -> None:
    for tags in (["a"], ["a", "b"], ["b"]):
        submit(tags=tags)
    meant = {"filter": {"tag": "a", "kind": "platform.echo"}}
    told = {"matched": 2, "changed": 2, "skipped": NONE_SKIPPED, "next_cursor": None}
    dry = client.post("/api/v1/jobs/cancel", json={**meant, "dry_run": True})
    assert (dry.status_code, dry.get_json()) == (200, {**told, "dry_run": True})
    assert states(client) == ["queued"] * 3
    done = client.post("/api/v1/jobs/cancel", json=meant)
    assert (done.status_code, done.get_json()) == (200, {**told, "dry_run": False})
    assert states(client) == ["cancelled", "cancelled", "queued"]
    assert client.post("/api/v1/jobs/retry", json=meant).get_json() == {**told, "dry_run": False}
    assert states(client) == ["queued"] * 3


def test_jobs_may_be_named_by_their_ids(client: FlaskClient, submit: Callable[..., UUID]) -> None:
    ids = [str(submit()) for _ in range(3)]
    client.post(f"/api/v1/jobs/{ids[0]}/cancel")
    told = client.post("/api/v1/jobs/cancel", json={"ids": ids}).get_json()
    assert (told["matched"], told["changed"]) == (3, 2)
    assert told["skipped"] == {**NONE_SKIPPED, "already_final": 1}


@pytest.mark.parametrize("body", [None, {}, {"filter": {}}, {"dry_run": True}, {"all": False}])
@pytest.mark.parametrize("action", ["cancel", "retry"])
def test_every_job_is_meant_only_if_that_is_said(
    client: FlaskClient, submit: Callable[..., UUID], action: str, body: Any
) -> None:
    submit()
    refused = (
        client.post(f"/api/v1/jobs/{action}", json=body) if body is not None else client.post(f"/api/v1/jobs/{action}")
    )
    assert (refused.status_code, refused.get_json()["errors"][0]["pointer"]) == (422, "/filter")
    assert states(client) == ["queued"]
    assert client.post("/api/v1/jobs/cancel", json={"all": True}).get_json()["changed"] == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"filter": {"state": "done"}}, "/filter/state"),
        ({"filter": {"stat": "failed"}}, "/filter/stat"),
        ({"filter": {"created_after": "yesterday"}}, "/filter/created_after"),
        ({"filter": {"parent_id": "x"}}, "/filter/parent_id"),
        ({"filter": [], "all": True}, "/filter"),
        ({"ids": []}, "/ids"),
        ({"ids": ["x"]}, "/ids/0"),
        ({"ids": [str(uuid4())], "filter": {"tag": "a"}}, "/ids"),
        ({"ids": [str(uuid4())], "all": True}, "/ids"),
        ({"all": "yes"}, "/all"),
        ({"all": True, "dry_run": 1}, "/dry_run"),
        ({"all": True, "cursor": "x"}, "/cursor"),
        ({"all": True, "limit": 5}, "/limit"),
    ],
)
def test_what_is_wrong_is_pointed_at(client: FlaskClient, body: dict[str, Any], pointer: str) -> None:
    refused = client.post("/api/v1/jobs/cancel", json=body)
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["pointer"] == pointer


def test_a_cursor_leads_behind_the_job_that_it_names(client: FlaskClient, submit: Callable[..., UUID]) -> None:
    first, _, _ = (submit() for _ in range(3))
    rest = client.post("/api/v1/jobs/cancel", json={"all": True, "cursor": first.hex})
    assert (rest.get_json()["changed"], states(client)) == (2, ["cancelled", "cancelled", "queued"])


def test_jobs_of_other_tenants_are_out_of_reach(
    client: FlaskClient, client_of: Callable[..., FlaskClient], submit: Callable[..., UUID]
) -> None:
    job_id = submit()
    other = client_of(Role.ADMIN, slug=f"other-{uuid4().hex}")
    for body in ({"all": True}, {"ids": [str(job_id)]}):
        assert other.post("/api/v1/jobs/cancel", json=body).get_json()["matched"] == 0
    assert states(client) == ["queued"]


def test_who_may_not_cancel_or_retry_one_job_may_not_either_with_many(client_of: Callable[..., FlaskClient]) -> None:
    for action in ("cancel", "retry"):
        assert client_of(Role.VIEWER).post(f"/api/v1/jobs/{action}", json={"all": True}).status_code == 403
        assert client_of(Role.SUBMITTER).post(f"/api/v1/jobs/{action}", json={"all": True}).status_code == 200
