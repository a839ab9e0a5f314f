"""A job that was split, as HTTP shows it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from core.database import Database


@pytest.fixture
def family(submit: Callable[..., UUID], web_database: Database) -> tuple[UUID, list[UUID]]:
    """A job and four that are made its shards below the surface, in four states."""
    parent_id, *shards = (submit(), *(submit() for _ in range(4)))
    with web_database.transaction() as session:
        session.execute(text("UPDATE jobs SET state = 'waiting', stages = 1 WHERE id = :id"), {"id": parent_id})
        for index, state in enumerate(("succeeded", "failed", "cancelled", "queued")):
            session.execute(
                text(
                    "UPDATE jobs SET parent_id = :parent, shard_stage = 0, shard_index = :index, state = :state"
                    " WHERE id = :id"
                ),
                {"parent": parent_id, "index": index, "state": state, "id": shards[index]},
            )
    return parent_id, shards


def test_a_split_job_counts_its_shards_and_says_where_they_are(
    client: FlaskClient, family: tuple[UUID, list[UUID]]
) -> None:
    parent_id, shards = family
    job: dict[str, Any] = client.get(f"/api/v1/jobs/{parent_id}").get_json()
    assert job["shards"] == {"total": 4, "finished": 3, "failed": 2}
    items = client.get(job["links"]["shards"]).get_json()["items"]
    assert {item["id"] for item in items} == set(map(str, shards))
    assert {item["parent_id"] for item in items} == {str(parent_id)}


def test_a_job_that_was_not_split_and_one_in_a_list_count_none(
    client: FlaskClient, family: tuple[UUID, list[UUID]]
) -> None:
    _, (shard, *_) = family
    assert client.get(f"/api/v1/jobs/{shard}").get_json()["shards"] is None
    assert {item["shards"] for item in client.get("/api/v1/jobs").get_json()["items"]} == {None}


def test_cancelling_it_over_http_cancels_what_is_open_below(
    client: FlaskClient, family: tuple[UUID, list[UUID]]
) -> None:
    parent_id, shards = family
    assert client.post(f"/api/v1/jobs/{parent_id}/cancel").status_code == 200
    states = [client.get(f"/api/v1/jobs/{one}").get_json()["state"] for one in shards]
    assert states == ["succeeded", "failed", "cancelled", "cancelled"]
