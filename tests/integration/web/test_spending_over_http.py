"""What assistance cost over HTTP: exact, one's own alone, and by whom."""

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import text

from core.canonical import canonical_json
from core.database import Database
from core.platform.access import Role
from tests.integration.web.conftest import KeyClient

WAYS = [("model", "dear", "provider_failed", "0.0000000003"), ("cheaper_model", "cheap", "answered", "0.1000000001")]

TOKENS = {"input_tokens": 7, "output_tokens": 2}


@pytest.fixture
def spend(client: KeyClient, web_database: Database) -> Callable[[], None]:
    """End an assistance job that asked two models."""

    def one() -> None:
        asked = {"kind": "assistance.summarize", "params": {"text": "One. Two."}}
        job_id = UUID(client.post("/api/v1/jobs", json=asked).get_json()["id"])
        tried = [
            {
                "source": source,
                "model": model,
                "outcome": outcome,
                "input_tokens": 7,
                "output_tokens": 2,
                "cost_usd": cost,
            }
            for source, model, outcome, cost in WAYS
        ]
        result = {"tried": tried, "cost_usd": str(sum(Decimal(cost) for *_, cost in WAYS))}
        with web_database.transaction() as session:
            session.execute(text(_END), {"result": canonical_json(result), "id": job_id})

    return one


def test_the_sum_is_exact_and_each_way_that_was_tried_is_told(spend: Callable[[], None], client: KeyClient) -> None:
    for _ in range(3):
        spend()
    told = client.get("/api/v1/assistance/spending?days=1").get_json()
    assert told["cost_usd"] == "0.3000000012"
    assert {(one["source"], one["outcome"], one["calls"], one["cost_usd"]) for one in told["items"]} == {
        ("model", "provider_failed", 3, "0.0000000009"),
        ("cheaper_model", "answered", 3, "0.3000000003"),
    }
    (spender,) = told["spenders"]
    assert (spender["jobs"], spender["cost_usd"]) == (3, "0.3000000012")


def test_what_steps_cost_is_not_counted_again_with_their_orchestration(
    spend: Callable[[], None], client: KeyClient, web_database: Database
) -> None:
    spend()
    asked = {"kind": "assistance.orchestrate", "params": {"instruction": "Why?", "text": "One. Two."}}
    job_id = UUID(client.post("/api/v1/jobs", json=asked).get_json()["id"])
    with web_database.transaction() as session:
        session.execute(text(_END), {"result": canonical_json({"cost_usd": "0.1000000004"}), "id": job_id})
    told = client.get("/api/v1/assistance/spending?days=1").get_json()
    (spender,) = told["spenders"]
    assert told["cost_usd"] == spender["cost_usd"] == "0.1000000004"


def test_another_tenant_sees_nothing_of_it(spend: Callable[[], None], client_of: Callable[..., KeyClient]) -> None:
    spend()
    other = client_of(Role.ADMIN, "another-tenant").get("/api/v1/assistance/spending").get_json()
    assert (other["cost_usd"], other["items"], other["spenders"]) == ("0", [], [])


_END = """
UPDATE jobs SET state = 'succeeded', finished_at = now(), result = CAST(:result AS jsonb) WHERE id = :id
"""
