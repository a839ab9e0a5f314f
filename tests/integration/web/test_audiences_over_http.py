"""Audiences over HTTP: made of a segment for a platform, read with plans and ledger, refused where they do not fit."""

from typing import Any
from uuid import UUID

import pytest

from core.clock import database_now
from core.database import Database
from core.platform.access import Role
from core.platform.tenants import ensure_tenant
from core.workloads.customers.operations import planning
from tests.integration.web.conftest import KeyClient
from tests.integration.web.test_segments_over_http import BUYERS
from tests.integration.web.test_segments_over_http import made as made_segment


def made(client: KeyClient, name: str = "all", **fields: Any) -> Any:
    return client.post("/api/v1/audiences", json={"name": name, "segment": "a", "vendor": "meta", **fields})


def test_an_audience_tells_its_plans_and_what_was_sent(client: KeyClient, web_database: Database, tenant: str) -> None:
    made_segment(client, "a", BUYERS)
    client.post("/api/v1/connections", json={"name": "ads", "connector": "simulated_ads", "settings": {}})
    audience = made(client, connection="ads", sync_every_s=900).get_json()
    assert (audience["field"], audience["purpose"], audience["sync_every_s"]) == ("email", "ads", 900)
    with web_database.transaction() as session:
        tenant_id = ensure_tenant(session, tenant)
    with web_database.within(tenant_id).transaction() as session:
        planned = planning.plan(session, tenant_id, "all", database_now(session))
    (plan,) = client.get("/api/v1/audiences/all/plans").get_json()["items"]
    assert (plan["id"], plan["state"], plan["counts"]["add"]) == (str(planned.id), "planned", 0)
    assert client.get(plan["links"]["chunks"]).get_json() == {"items": [], "next_cursor": None}
    assert client.get(f"/api/v1/audiences/all/plans/{UUID(int=1)}/chunks").status_code == 404
    assert client.get("/api/v1/audiences/all").get_json()["acknowledged"] == 0
    changed = client.patch("/api/v1/audiences/all", json={"sync_every_s": None}).get_json()
    assert changed["sync_every_s"] is None
    assert client.delete("/api/v1/segments/a").get_json()["code"] == "segment_in_use"
    assert client.delete("/api/v1/audiences/all").status_code == 204
    assert client.delete("/api/v1/segments/a").status_code == 204


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"segment": "nobody"}, "segment_missing"),
        ({"connection": "nowhere"}, "connection_missing"),
        ({"vendor": "x", "field": "phone"}, "audience_field_unfit"),
        ({"vendor": "nobody"}, "validation_failed"),
    ],
)
def test_what_does_not_fit_is_refused(client: KeyClient, fields: Any, code: str) -> None:
    made_segment(client, "a", BUYERS)
    answer = made(client, **fields)
    assert answer.status_code in {404, 422}
    assert code in {answer.get_json()["code"], "validation_failed"}


def test_names_keys_and_neighbours(client: KeyClient, client_of: Any) -> None:
    made_segment(client, "a", BUYERS)
    body, key = {"name": "all", "segment": "a", "vendor": "meta"}, {"Idempotency-Key": "audience-1"}
    first, again = (client.post("/api/v1/audiences", json=body, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code, again.headers["Idempotency-Replayed"]) == (201, 200, "true")
    assert made(client).get_json()["code"] == "audience_name_taken"
    assert client_of(Role.VIEWER).post("/api/v1/audiences", json=body).status_code == 403
    neighbour = client_of(Role.ADMIN, "neighbour-of-audiences")
    assert neighbour.get("/api/v1/audiences/all").status_code == 404
    assert [one["name"] for one in client.get("/api/v1/audiences").get_json()["items"]] == ["all"]
