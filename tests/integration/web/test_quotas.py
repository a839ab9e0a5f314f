"""Quotas over HTTP: the last within, the first beyond, by whatever way jobs come; counted, so never adrift."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from core.catalogue import Catalogue
from core.database import Database
from core.jobs import quotas
from core.jobs.firing import tick
from core.platform.access import Role
from tests.integration.web.conftest import KeyClient

ECHO = {"kind": "platform.echo"}


@pytest.fixture
def allow(client: FlaskClient, tenant: str) -> Callable[..., None]:
    """Set the quotas of this test's tenant."""

    def put(**quotas: Any) -> None:
        assert client.put(f"/api/v1/tenants/{tenant}/quotas", json=quotas).status_code == 200

    return put


def used(client: FlaskClient, name: str) -> float:
    items = client.get("/api/v1/quotas").get_json()["items"]
    return float(next(item["used"] for item in items if item["name"] == name))


@pytest.mark.parametrize("name", ["jobs_per_day", "queued_jobs"])
def test_jobs_come_in_up_to_the_quota_by_whatever_way(
    client: FlaskClient, allow: Callable[..., None], name: str
) -> None:
    allow(**{name: 6})
    two = {"jobs": {"a": ECHO, "b": {**ECHO, "after": ["a"]}}}
    assert client.post("/api/v1/jobs", json=ECHO).status_code == 202
    assert client.post("/api/v1/jobs/bulk", json={"jobs": [ECHO, ECHO]}).status_code == 202
    assert client.post("/api/v1/workflows", json=two).status_code == 202
    beyond = client.post("/api/v1/jobs/bulk", json={"jobs": [ECHO, ECHO]})
    assert (beyond.status_code, beyond.get_json()["code"]) == (429, "quota_exceeded")
    assert int(beyond.headers["Retry-After"]) >= 1
    assert client.post("/api/v1/workflows", json=two).status_code == 429
    assert client.post("/api/v1/jobs", json=ECHO).status_code == 202, "the sixth"
    assert client.post("/api/v1/jobs", json=ECHO).status_code == 429
    assert used(client, name) == 6, "what was refused left nothing"


@pytest.mark.parametrize(("limit", "told"), [(None, 3), (2, 3), (4, 5), (5, 6), (6, 6)])
def test_jobs_are_counted_no_further_than_a_page_can_wait_or_a_quota_goes(
    client: FlaskClient,
    allow: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    limit: int | None,
    told: int,
) -> None:
    monkeypatch.setattr(quotas, "MOST_COUNTED", 2)
    client.post("/api/v1/jobs/bulk", json={"jobs": [ECHO] * 6})
    allow(jobs_per_day=limit, queued_jobs=limit)
    assert (used(client, "jobs_per_day"), used(client, "queued_jobs")) == (told, told)


def test_a_request_that_was_answered_before_is_answered_again(client: FlaskClient, allow: Callable[..., None]) -> None:
    allow(jobs_per_day=1)
    first = client.post("/api/v1/jobs", json=ECHO, headers={"Idempotency-Key": "once"})
    again = client.post("/api/v1/jobs", json=ECHO, headers={"Idempotency-Key": "once"})
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.get_json()["id"] == again.get_json()["id"]


def test_many_at_once_do_not_share_the_last_place(
    client: FlaskClient, allow: Callable[..., None], at_once: Any
) -> None:
    allow(queued_jobs=3)
    codes = [answer.status_code for answer in at_once(lambda: client.post("/api/v1/jobs", json=ECHO), 6)]
    assert sorted(codes) == [202] * 3 + [429] * 3


def test_bytes_are_held_to_a_quota(client: FlaskClient, allow: Callable[..., None]) -> None:
    allow(stored_bytes=10)

    def upload(size: int) -> int:
        return client.post(f"/api/v1/artifacts?name=x{size}", data=b"x" * size).status_code

    assert [upload(size) for size in (11, 6, 5, 4)] == [429, 201, 429, 201]
    assert used(client, "stored_bytes") == 10


def test_who_has_used_up_the_days_processor_time_waits_for_midnight(
    client: FlaskClient, allow: Callable[..., None], web_database: Database
) -> None:
    job = client.post("/api/v1/jobs", json=ECHO).get_json()["id"]
    with web_database.transaction() as session:
        session.execute(
            text("UPDATE jobs SET state = 'succeeded', finished_at = now(), usage = :usage WHERE id = :id"),
            {"id": job, "usage": '{"cpu_s": 2.5}'},
        )
    allow(cpu_s_per_day=2.6)
    assert client.post("/api/v1/jobs", json=ECHO).status_code == 202
    allow(cpu_s_per_day=2.5)
    refused = client.post("/api/v1/jobs", json=ECHO)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 86_400


def test_a_schedule_skips_what_its_tenant_may_not_and_goes_on(
    client: FlaskClient, allow: Callable[..., None], web_database: Database, catalogue: Catalogue
) -> None:
    allow(jobs_per_day=0)
    schedule = client.post("/api/v1/schedules", json={**ECHO, "every_s": 3600}).get_json()["id"]
    _make_due(web_database, schedule)
    assert tick(web_database, catalogue.kinds) >= 1
    (run,) = client.get(f"/api/v1/schedules/{schedule}/runs").get_json()["items"]
    assert (run["outcome"], run["job_id"]) == ("refused", None)
    assert "jobs_per_day" in run["detail"]
    assert client.get(f"/api/v1/schedules/{schedule}").get_json()["paused"] is False
    assert client.post(f"/api/v1/schedules/{schedule}/run").status_code == 429
    allow()
    assert client.post(f"/api/v1/schedules/{schedule}/run").status_code == 202


def test_others_are_not_bounded_by_it(
    client: FlaskClient, allow: Callable[..., None], client_of: Callable[..., KeyClient]
) -> None:

    allow(jobs_per_day=0)
    assert client_of(Role.SUBMITTER, "neighbour").post("/api/v1/jobs", json=ECHO).status_code == 202


def _make_due(database: Database, schedule: str) -> None:
    with database.transaction() as session:
        session.execute(text("UPDATE schedules SET next_fire_at = now() WHERE id = :id"), {"id": schedule})
