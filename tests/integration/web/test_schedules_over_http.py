"""Schedules over HTTP: made, read, changed, run, paused and deleted; every limit and who may do what."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from core.database import Database
from core.jobs.firing import fire_due
from core.platform.access import Role
from tests.integration.web.conftest import KeyClient, held_by

URL = "/api/v1/schedules"
MINUTELY = {"kind": "platform.echo", "every_s": 60}


@pytest.fixture
def make(client: KeyClient) -> Callable[..., dict[str, Any]]:
    """Make a schedule of an echo every minute, unless told otherwise."""

    def make_one(**fields: Any) -> dict[str, Any]:
        answer = client.post(URL, json={**MINUTELY, **fields})
        assert answer.status_code == 201, answer.text
        assert answer.headers["Location"] == answer.get_json()["links"]["self"]
        return dict(answer.get_json())

    return make_one


def test_a_schedule_is_made_with_the_documented_defaults_and_read_again(
    client: KeyClient, make: Callable[..., dict[str, Any]]
) -> None:
    made = make(name="hourly")
    assert {
        name: made[name] for name in ("missed", "overlap", "timezone", "jitter_s", "paused", "priority", "tags")
    } == {
        "missed": "once",
        "overlap": "allow",
        "timezone": "UTC",
        "jitter_s": 0.0,
        "paused": False,
        "priority": 5,
        "tags": [],
    }
    assert (made["name"], made["cron"], made["every_s"], made["last_run"]) == ("hourly", None, 60.0, None)
    created, due = (datetime.fromisoformat(made[name]) for name in ("created_at", "next_fire_at"))
    assert due - created == timedelta(seconds=60)
    assert client.get(made["links"]["self"]).get_json() == made
    assert client.get(made["links"]["jobs"]).get_json()["items"] == []


def test_schedules_are_listed_page_by_page_newest_first(client: KeyClient, make: Callable[..., dict[str, Any]]) -> None:
    made = [make(paused=place == 1)["id"] for place in range(3)]
    first = client.get(f"{URL}?limit=2").get_json()
    second = client.get(f"{URL}?limit=2&cursor={first['next_cursor']}").get_json()
    assert [item["id"] for item in first["items"] + second["items"]] == made[::-1]
    assert second["next_cursor"] is None
    assert [item["id"] for item in client.get(f"{URL}?paused=true").get_json()["items"]] == [made[1]]
    assert client.get(f"{URL}?kind=platform.sleep").get_json()["items"] == []


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"cron": "61 * * * *"}, "/cron"),
        ({"cron": "0 0 31 2 *"}, "/cron"),
        ({"cron": ""}, "/cron"),
        ({"cron": "* * * * *", "every_s": 60}, "/cron"),
        ({}, "/cron"),
        ({"every_s": 0.99}, "/every_s"),
        ({"every_s": 366 * 86_400 + 1}, "/every_s"),
        ({"every_s": "60"}, "/every_s"),
        ({"every_s": 60, "timezone": "Moon/Base"}, "/timezone"),
        ({"every_s": 60, "jitter_s": -0.1}, "/jitter_s"),
        ({"every_s": 60, "jitter_s": 86_400.1}, "/jitter_s"),
        ({"every_s": 60, "missed": "never"}, "/missed"),
        ({"every_s": 60, "overlap": "queue"}, "/overlap"),
        ({"every_s": 60, "paused": "yes"}, "/paused"),
        ({"every_s": 60, "priority": 10}, "/priority"),
        ({"every_s": 60, "starts_at": "tomorrow"}, "/starts_at"),
        ({"every_s": 60, "ends_at": "2020-01-01T00:00:00Z"}, "/ends_at"),
        ({"every_s": 60, "kind": "no.such"}, "/kind"),
        ({"every_s": 60, "kind": "platform.sleep", "params": {"naps": 1}}, "/params/naps"),
        ({"every_s": 60, "colour": "red"}, "/colour"),
        ({"every_s": 60, "name": "x" * 201}, "/name"),
        ({"every_s": 60, "cron": "* " * 101}, "/cron"),
    ],
)
def test_a_bad_schedule_is_refused_by_the_field(client: KeyClient, fields: dict[str, Any], pointer: str) -> None:
    answer = client.post(URL, json={"kind": "platform.echo", **fields})
    assert answer.status_code == 422, answer.text
    assert pointer in [error["pointer"] for error in answer.get_json()["errors"]]
    assert client.get(URL).get_json()["items"] == []


def test_a_bad_rule_is_answered_with_what_is_wrong_and_an_example(client: KeyClient) -> None:
    problem = client.post(URL, json={"kind": "platform.echo", "cron": "0 25 * * *"}).get_json()
    assert problem["code"] == "cron_invalid"
    assert "the hour '25' is not understood: 0-23" in problem["detail"]
    assert "for example '30 2 * * MON-FRI'" in problem["detail"]


@pytest.mark.parametrize(
    "fields", [{"every_s": 1}, {"every_s": 366 * 86_400}, {"jitter_s": 86_400}, {"name": "x" * 200}, {"priority": 0}]
)
def test_limits_are_within_the_limits(make: Callable[..., dict[str, Any]], fields: dict[str, Any]) -> None:
    made = make(**fields)
    assert {name: made[name] for name in fields} == fields


def test_the_next_fire_times_are_told(client: KeyClient, make: Callable[..., dict[str, Any]]) -> None:
    made = make(every_s=None, cron="0 0 1 1 *", timezone="Europe/Helsinki", paused=True)
    assert made["next_fire_at"] is None
    times = client.get(made["links"]["next"]).get_json()
    assert (len(times["items"]), times["next_cursor"]) == (5, None)
    assert all(at.endswith("-12-31T22:00:00.000000Z") for at in times["items"])
    for n, status in ((0, 422), (1, 200), (100, 200), (101, 422)):
        answer = client.get(f"{made['links']['next']}?n={n}")
        assert answer.status_code == status
        assert len(answer.get_json().get("items", [])) == (n if status == 200 else 0)


def test_a_schedule_that_ends_tells_fewer_times(client: KeyClient, make: Callable[..., dict[str, Any]]) -> None:
    ends_at = datetime.now(UTC) + timedelta(seconds=60 * 3 + 30)
    made = make(ends_at=ends_at.isoformat())
    assert len(client.get(made["links"]["next"]).get_json()["items"]) == 3


def test_a_schedule_is_changed_field_by_field(client: KeyClient, make: Callable[..., dict[str, Any]]) -> None:
    made = make(tags=["a"])
    changed = client.patch(made["links"]["self"], json={"cron": "0 3 * * *", "missed": "all"})
    assert changed.status_code == 200, changed.text
    document = changed.get_json()
    assert (document["cron"], document["every_s"], document["missed"]) == ("0 3 * * *", None, "all")
    assert (document["tags"], document["version"]) == (["a"], 2)
    assert document["next_fire_at"].endswith("T03:00:00.000000Z")
    refused = client.patch(made["links"]["self"], json={"cron": None})
    assert (refused.status_code, refused.get_json()["errors"][0]["pointer"]) == (422, "/cron")
    assert client.get(made["links"]["self"]).get_json() == document


def test_a_schedule_is_paused_and_resumed(client: KeyClient, make: Callable[..., dict[str, Any]]) -> None:
    links = make()["links"]
    assert [client.post(links["pause"]).get_json()["paused"] for _ in range(2)] == [True, True]
    assert client.get(links["self"]).get_json()["next_fire_at"] is None
    resumed = client.post(links["resume"]).get_json()
    assert not resumed["paused"]
    assert datetime.fromisoformat(resumed["next_fire_at"]) > datetime.now(UTC) - timedelta(minutes=5)


def test_a_schedule_is_run_now_and_its_history_is_told(client: KeyClient, make: Callable[..., dict[str, Any]]) -> None:
    made = make(params={"n": 7})
    answers = [client.post(made["links"]["run"]) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202] * 3
    jobs = [answer.get_json() for answer in answers]
    assert answers[0].headers["Location"] == f"/api/v1/jobs/{jobs[0]['id']}"
    assert {(job["schedule_id"], job["params"]["n"], job["state"]) for job in jobs} == {(made["id"], 7, "queued")}
    first = client.get(f"{made['links']['runs']}?limit=2").get_json()
    second = client.get(made["links"]["runs"], query_string={"limit": 2, "cursor": first["next_cursor"]}).get_json()
    history = first["items"] + second["items"]
    assert [run["job_id"] for run in history] == [job["id"] for job in reversed(jobs)]
    assert {run["outcome"] for run in history} == {"manual"}
    assert client.get(made["links"]["self"]).get_json()["last_run"] == history[0]
    assert len(client.get(made["links"]["jobs"]).get_json()["items"]) == 3


def test_why_a_schedule_was_paused_is_told_and_a_better_one_goes_on(
    client: KeyClient, make: Callable[..., dict[str, Any]], app: Flask, web_database: Database
) -> None:
    made = make(kind="platform.sleep", params={"seconds": 1})
    with web_database.transaction() as session:
        worse = text("""UPDATE schedules SET params = '{"naps": 2}', next_fire_at = now() WHERE id = :id""")
        session.execute(worse, {"id": made["id"]})
        fire_due(session, held_by(app).catalogue.kinds)
    paused = client.get(made["links"]["self"]).get_json()
    assert paused["paused"]
    assert "/params/naps" in paused["paused_reason"]
    assert (paused["last_run"]["outcome"], paused["last_run"]["detail"]) == ("refused", paused["paused_reason"])
    mended = client.patch(made["links"]["self"], json={"params": {"seconds": 2}, "paused": False}).get_json()
    assert (mended["paused"], mended["paused_reason"]) == (False, None)


def test_a_deleted_schedule_is_gone_and_its_jobs_stay(client: KeyClient, make: Callable[..., dict[str, Any]]) -> None:
    made = make()
    job = client.post(made["links"]["run"]).get_json()
    gone = client.delete(made["links"]["self"])
    assert (gone.status_code, gone.data) == (204, b"")
    for method, link in (("GET", "self"), ("DELETE", "self"), ("GET", "next"), ("GET", "runs"), ("POST", "run")):
        answer = client.open(made["links"][link], method=method)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "schedule_missing")
    assert client.get(job["links"]["self"]).get_json()["schedule_id"] == made["id"]


def test_viewers_look_submitters_do_not_change_and_operators_do(
    client_of: Callable[..., KeyClient], make: Callable[..., dict[str, Any]]
) -> None:
    links = make()["links"]
    for role, status in ((Role.VIEWER, 403), (Role.SUBMITTER, 403), (Role.OPERATOR, 201)):
        somebody = client_of(role)
        assert somebody.get(links["self"]).status_code == 200
        assert somebody.get(links["next"]).status_code == 200
        assert somebody.post(URL, json=MINUTELY).status_code == status
    for address in (links["run"], links["pause"], links["resume"]):
        assert client_of(Role.SUBMITTER).post(address).status_code == 403
    assert client_of(Role.SUBMITTER).delete(links["self"]).status_code == 403


def test_another_tenant_sees_nothing(client_of: Callable[..., KeyClient], make: Callable[..., dict[str, Any]]) -> None:
    links, stranger = make()["links"], client_of(Role.ADMIN, "another")
    assert stranger.get(links["self"]).status_code == 404
    assert stranger.patch(links["self"], json={"paused": True}).status_code == 404
    assert links["self"] not in stranger.get(URL).text
