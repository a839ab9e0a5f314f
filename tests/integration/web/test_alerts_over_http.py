"""Alerts over HTTP: listed, acknowledged, resolved; and who may."""

from collections.abc import Callable
from uuid import UUID

import pytest

from core.database import Database
from core.platform.access import Role
from core.platform.alerts.raising import raise_alert
from core.platform.tenants import ensure_tenant
from tests.integration.web.conftest import KeyClient


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
