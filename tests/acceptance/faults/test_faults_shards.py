"""A job of many shards survives the deaths of its workers, and comes to the same bytes as one that is not split."""

from typing import Any
from uuid import UUID

import pytest

from core.canonical import canonical_json
from tests.acceptance.faults.rig import Rig
from tests.waiting import eventually

SMALL = {"points": 300_000, "seed": 11}


def await_ended_shards(rig: Rig, job_id: UUID, count: int) -> None:
    eventually(lambda: ended_shards(rig, job_id) >= count, 240)


def ended_shards(rig: Rig, job_id: UUID) -> int:
    counted = rig.query("SELECT count(*) AS n FROM jobs WHERE parent_id = :id AND state = 'succeeded'", id=job_id)
    return int(counted[0].n)


def shards(rig: Rig, job_id: UUID) -> list[UUID]:
    return [row.id for row in rig.query("SELECT id FROM jobs WHERE parent_id = :id", id=job_id)]


def assert_same_as_unsplit(rig: Rig, job_id: UUID, params: dict[str, Any]) -> None:
    unsplit = rig.submit("platform.pi", {**params, "shards": 1})
    rig.await_state(unsplit, "succeeded", within_s=240)
    assert canonical_json(rig.job(job_id).result) == canonical_json(rig.job(unsplit).result)


def test_three_hundred_shards_survive_a_killed_child_and_a_killed_worker(rig: Rig) -> None:
    job_id = rig.submit("platform.pi", {**SMALL, "shards": 300})
    await_ended_shards(rig, job_id, 30)
    rig.tree("worker")[-1].kill()
    await_ended_shards(rig, job_id, 90)
    former = rig.kill("worker")
    rig.await_return("worker", former)
    parent = rig.await_state(job_id, "succeeded", within_s=240)
    assert parent.attempt == 1
    family = [job_id, *shards(rig, job_id)]
    assert len(family) == 301
    rig.await_all(family)
    rig.assert_told_once(family)
    assert_same_as_unsplit(rig, job_id, SMALL)


def test_cancelling_a_parent_stops_all_of_its_shards(rig: Rig) -> None:
    job_id = rig.submit("platform.pi", {"points": 20_000_000, "shards": 40})
    await_ended_shards(rig, job_id, 1)
    rig.cancel(job_id)
    still_open = (
        "SELECT id FROM jobs WHERE (id = :id OR parent_id = :id)"
        " AND state NOT IN ('succeeded', 'failed', 'cancelled', 'expired')"
    )
    eventually(lambda: rig.query(still_open, id=job_id) == [])
    assert rig.job(job_id).state == "cancelled"
    assert ended_shards(rig, job_id) < 40


@pytest.mark.deep
@pytest.mark.timeout(1_200)
def test_five_thousand_shards_survive_two_killed_workers(rig: Rig) -> None:
    params = {"points": 5_000_000, "seed": 12}
    job_id = rig.submit("platform.pi", {**params, "shards": 5_000})
    for ended in (500, 2_500):
        await_ended_shards(rig, job_id, ended)
        former = rig.kill("worker")
        rig.await_return("worker", former)
    parent = rig.await_state(job_id, "succeeded", within_s=300)
    assert parent.attempt == 1
    family = [job_id, *shards(rig, job_id)]
    assert len(family) == 5_001
    rig.assert_told_once(family)
    assert_same_as_unsplit(rig, job_id, params)
