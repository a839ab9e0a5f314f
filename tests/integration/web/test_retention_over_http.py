"""The view of a tenant's retention."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import text

from core.clock import monotonic
from core.database import Database
from core.jobs.pruning import prune_tenant
from core.platform.access import Role
from core.platform.tenants import ensure_tenant


def test_a_tenant_without_jobs_has_the_installations_rule(client: FlaskClient) -> None:
    answer = client.get("/api/v1/retention")
    assert answer.status_code == 200
    told = answer.get_json()
    assert {record["subject"] for record in told.pop("records")} == {"audit", "alerts", "notifications", "deliveries"}
    assert told == {"days": 30, "of_its_own": False, "oldest_end_at": None, "pruned": []}


def test_what_was_pruned_is_counted_and_what_goes_next_is_told(
    client: FlaskClient, submit: Callable[..., UUID], web_database: Database, tenant: str
) -> None:
    jobs = [submit() for _ in range(3)]
    end = text("UPDATE jobs SET state = :state, finished_at = now() - make_interval(days => :days) WHERE id = :id")
    with web_database.transaction() as session:
        tenant_id = ensure_tenant(session, tenant)
        session.execute(text("UPDATE tenants SET retention_days = 7 WHERE id = :id"), {"id": tenant_id})
        for job_id, state, days in zip(jobs, ("succeeded", "failed", "failed"), (9, 8, 6), strict=True):
            session.execute(end, {"id": job_id, "state": state, "days": days})
    list(prune_tenant(web_database, tenant_id, age=timedelta(days=7), monotonic=monotonic))
    told = client.get("/api/v1/retention").get_json()
    assert (told["days"], told["of_its_own"]) == (7, True)
    assert told["pruned"] == [
        {"kind": "platform.echo", "state": "failed", "count": 1},
        {"kind": "platform.echo", "state": "succeeded", "count": 1},
    ]
    assert told["oldest_end_at"] == client.get(f"/api/v1/jobs/{jobs[2]}").get_json()["finished_at"]


def test_only_admins_read_it(client_of: Callable[..., FlaskClient]) -> None:
    assert client_of(Role.OPERATOR).get("/api/v1/retention").status_code == 403
