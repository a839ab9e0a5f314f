"""Retention, export and erasure over HTTP: set, asked for, told; and who may."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.database import Database
from core.platform.access import Role
from core.platform.tenants import ensure_tenant
from tests.integration.web.conftest import KeyClient


def test_a_rule_of_retention_from_its_making_to_its_end(client: KeyClient) -> None:
    def days() -> int:
        records: list[dict[str, Any]] = client.get("/api/v1/retention").get_json()["records"]
        return int({record["subject"]: record["days"] for record in records}["audit"])

    assert days() == 365
    assert client.put("/api/v1/retention/audit", json={"days": 400}).status_code == 200
    assert days() == 400
    assert client.delete("/api/v1/retention/audit").status_code == 204
    assert days() == 365
    assert client.put("/api/v1/retention/jokes", json={"days": 1}).status_code == 404


@pytest.mark.parametrize(("days", "status"), [(1, 200), (3650, 200), (0, 422), (3651, 422), ("7", 422)])
def test_days_have_their_bounds(client: KeyClient, days: Any, status: int) -> None:
    assert client.put("/api/v1/retention/alerts", json={"days": days}).status_code == status


def test_a_person_is_erased_with_evidence(client: KeyClient) -> None:
    subject = str(uuid4())
    erased = client.post("/api/v1/erasures", json={"subject": subject})
    assert (erased.status_code, erased.get_json()["subject"]) == (201, subject)
    assert client.get(erased.headers["Location"]).get_json() == erased.get_json()
    assert [each["id"] for each in client.get("/api/v1/erasures").get_json()["items"]] == [erased.get_json()["id"]]


def test_a_tenant_is_erased_only_by_its_name(client: KeyClient, web_database: Database, tenant: str) -> None:
    with web_database.everywhere().transaction() as session:
        tenant_id: UUID = ensure_tenant(session, tenant)
    assert client.post("/api/v1/erasures", json={"whole_tenant": str(uuid4())}).status_code == 422
    assert client.post("/api/v1/erasures", json={}).status_code == 422
    both = {"whole_tenant": str(tenant_id), "subject": str(uuid4())}
    assert client.post("/api/v1/erasures", json=both).status_code == 422
    begun = client.post("/api/v1/erasures", json={"whole_tenant": str(tenant_id)})
    assert (begun.status_code, begun.get_json()["finished_at"]) == (202, None)


def test_who_may_what(client: KeyClient, client_of: Callable[..., KeyClient], tenant: str) -> None:
    home = client.post("/api/v1/erasures", json={"subject": str(uuid4())}).headers["Location"]
    operator = client_of(Role.OPERATOR)
    for answer in (
        operator.post("/api/v1/erasures", json={"subject": str(uuid4())}),
        operator.get(home),
        operator.put("/api/v1/retention/audit", json={"days": 1}),
        operator.post("/api/v1/jobs", json={"kind": "platform.export"}),
    ):
        assert answer.status_code == 403
    job = client.post("/api/v1/jobs", json={"kind": "platform.export"})
    assert job.status_code == 202
    assert operator.get(f"{job.headers['Location']}/artifacts").status_code == 403
    assert operator.get(f"{job.headers['Location']}/artifacts/export.zip").status_code == 403
    assert client.get(f"{job.headers['Location']}/artifacts").status_code == 200
    assert client_of(Role.ADMIN, f"not-{tenant}").get(home).status_code == 404
