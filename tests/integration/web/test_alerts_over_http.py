"""Alerts over HTTP: listed, acknowledged, resolved; and who may."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text

from core.database import Database
from core.platform.access import Role
from core.platform.alerts.raising import raise_alert
from core.platform.tenants import ensure_tenant
from tests.integration.web.conftest import KeyClient, held_by


@pytest.fixture
def alert_id(web_database: Database, tenant: str) -> UUID:
    """An alert of this test's tenant."""
    with web_database.transaction() as session:
        return raise_alert(session, ensure_tenant(session, tenant), "pumping", "pump/1", "warning", "dry").id


def test_an_alert_from_its_raising_to_its_end(client: KeyClient, alert_id: UUID) -> None:
    (listed,) = client.get("/api/v1/alerts?state=open&source=pumping").get_json()["items"]
    assert (listed["id"], listed["severity"], listed["state"]) == (str(alert_id), "warning", "firing")
    home = listed["links"]["self"]
    assert client.get(home).get_json() == listed
    taken = client.post(f"{home}/acknowledge")
    assert taken.status_code == 200
    assert taken.get_json()["acknowledged_by"].startswith("admin of")
    assert client.post(f"{home}/resolve").get_json()["state"] == "resolved"
    again = client.post(f"{home}/resolve")
    assert (again.status_code, again.get_json()["code"]) == (409, "alert_resolved")
    steps = client.get(f"{home}/events").get_json()["items"]
    assert [step["type"] for step in steps] == ["alert.firing", "alert.acknowledged", "alert.resolved"]
    assert client.get("/api/v1/alerts?state=open").get_json()["items"] == []


def test_who_may_what(client_of: Callable[..., KeyClient], alert_id: UUID, tenant: str) -> None:
    home = f"/api/v1/alerts/{alert_id}"
    assert client_of(Role.VIEWER).get(home).status_code == 200
    assert client_of(Role.SUBMITTER).post(f"{home}/acknowledge").status_code == 403
    assert client_of(Role.OPERATOR).post(f"{home}/acknowledge").status_code == 200
    stranger = client_of(Role.ADMIN, f"not-{tenant}")
    assert {stranger.get(home).status_code, stranger.post(f"{home}/resolve").status_code} == {404}
    assert stranger.get(f"{home}/events").status_code == 404


@pytest.mark.parametrize("query", ["state=open!", "severity=loud", "limit=0", "limit=201", "cursor=x", "colour=red"])
def test_what_is_wrong_is_named(client: KeyClient, query: str) -> None:
    answer = client.get(f"/api/v1/alerts?{query}")
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == f"/{query.partition('=')[0]}"


def test_pages_follow_each_other(client: KeyClient, web_database: Database, tenant: str) -> None:
    with web_database.transaction() as session:
        tenant_id = ensure_tenant(session, tenant)
        for number in range(5):
            raise_alert(session, tenant_id, "pumping", f"pump/{number}", "info", "dry")
    first = client.get("/api/v1/alerts?limit=3").get_json()
    second = client.get(f"/api/v1/alerts?limit=3&cursor={first['next_cursor']}").get_json()
    assert [alert["key"][-1] for alert in first["items"] + second["items"]] == list("43210")
    assert second["next_cursor"] is None


RULE = {"name": "Failing jobs", "metric": "job_failure_rate", "threshold": 0.2, "clear_threshold": 0.1, "for_s": 60}


def test_a_rule_from_its_making_to_its_end(client: KeyClient) -> None:
    made = client.post("/api/v1/alert-rules", json=RULE)
    assert made.status_code == 201, made.text
    home = made.headers["Location"]
    assert (made.get_json()["state"], made.get_json()["severity"]) == ("ok", "warning")
    assert client.patch(home, json={"threshold": 0.3}).get_json()["threshold"] == 0.3
    assert [rule["name"] for rule in client.get("/api/v1/alert-rules").get_json()["items"]] == ["Failing jobs"]
    assert client.delete(home).status_code == 204
    assert client.get(home).status_code == 404


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"metric": "database_connections"}, "/metric"),
        ({"threshold": "0.2"}, "/threshold"),
        ({"clear_threshold": 0.21}, "/clear_threshold"),
        ({"above": False}, "/clear_threshold"),
        ({"for_s": -1}, "/for_s"),
        ({"severity": "loud"}, "/severity"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_what_is_wrong_with_a_rule_is_named(client: KeyClient, change: dict[str, object], pointer: str) -> None:
    answer = client.post("/api/v1/alert-rules", json={**RULE, **change})
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.get_json()["errors"]] == [pointer]
    assert client.get("/api/v1/alert-rules").get_json()["items"] == []


def test_who_may_make_rules(client: KeyClient, client_of: Callable[..., KeyClient], tenant: str) -> None:
    home = client.post("/api/v1/alert-rules", json=RULE).headers["Location"]
    assert client_of(Role.VIEWER).get(home).status_code == 200
    assert client_of(Role.SUBMITTER).post("/api/v1/alert-rules", json=RULE).status_code == 403
    stranger = client_of(Role.ADMIN, f"not-{tenant}")
    assert {stranger.get(home).status_code, stranger.delete(home).status_code} == {404}


def test_answers_are_counted(client: KeyClient, app: Flask, web_database: Database) -> None:
    pulse = held_by(app).pulse
    pulse.write()
    count = text("SELECT coalesce(sum(count), 0) FROM vital_counts WHERE name = 'http.requests'")
    with web_database.statements() as session:
        before = session.scalar(count)
    for query in ("", "?limit=1", "?limit=2"):
        client.get(f"/api/v1/jobs{query}")
    client.get(f"/api/v1/jobs/{UUID(int=1)}?wait=1")
    pulse.write()
    with web_database.statements() as session:
        assert session.scalar(count) - before == 3
