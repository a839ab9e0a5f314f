"""Cancelling a parent cancels the whole tree; whatever ends a parent leaves no open shards behind."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam

from core.database import Listener
from core.jobs import cancellation, states
from core.jobs.leases import Claimed
from core.jobs.lifecycle import prepare, transition
from core.jobs.models import Job
from tests.integration.shards.computations import summing
from tests.integration.shards.conftest import Family

ReadRow = Callable[[UUID], Row[Any]]
_FAIL = prepare(states.FAIL, where=Job.id == bindparam("job_id"))


def test_a_cancelled_parent_takes_all_below_it_along(
    family: Family, row: ReadRow, take: Callable[..., Claimed], database_url: str
) -> None:
    parent_id, (done, split, running, queued) = family.split(summing(4))
    family.run(done)
    family.run(split, summing(2))
    below, below_running = family.shards(split)
    take(running)
    take(below_running)
    workers = Listener(database_url, cancellation.CHANNEL)
    assert workers.wait(0.0) == []
    family.cancel(parent_id)
    assert [row(one).state for one in (parent_id, done, split, queued, below)] == [
        *("cancelled", "succeeded", "cancelled", "cancelled", "cancelled")
    ]
    for one in (running, below_running):
        assert (row(one).state, row(one).cancel_requested_at is not None) == ("running", True)
    heard: set[str] = set()
    while len(heard) < 2:
        heard |= set(workers.wait(60.0))
    assert heard == {str(running), str(below_running)}
    workers.close()


def test_a_cancelled_tree_stays_cancelled_when_its_last_shard_ends(
    family: Family, row: ReadRow, history: Callable[[UUID], list[str]]
) -> None:
    parent_id, (first, _) = family.split(summing(2))
    family.run(first)
    family.cancel(parent_id)
    while family.settle():
        pass
    assert row(parent_id).state == "cancelled"
    assert history(parent_id)[-1] == "job.cancelled"


def test_cancelling_a_thousand_shards_takes_no_more_statements_than_ten(
    family: Family, statements: Callable[[Callable[[], object]], int], count: Callable[[str], int]
) -> None:
    few, _ = family.split(summing(10))
    many, _ = family.split(summing(1_000))
    assert 0 < statements(lambda: family.cancel(few)) == statements(lambda: family.cancel(many))
    assert all(one.state == "cancelled" for one in family.rows(many))
    assert count("jobs") == 1_012


def test_a_parent_that_ends_while_it_waits_leaves_no_open_shards(
    family: Family, row: ReadRow, take: Callable[..., Claimed]
) -> None:
    """Given shards at work, a parent that fails while it waits has them cancelled when its end is settled."""
    parent_id, (split, running, queued) = family.split(summing(3))
    family.run(split, summing(2))
    take(running)
    with family.database.transaction() as session:
        transition(session, _FAIL, job_id=parent_id)
    while family.settle():
        pass
    states_below = [row(one).state for one in (split, queued, *family.shards(split))]
    assert states_below == ["cancelled"] * 4
    assert row(running).cancel_requested_at is not None


def test_a_shard_retried_after_its_parents_end_is_left_alone(family: Family, row: ReadRow) -> None:
    parent_id, (shard,) = family.split(summing(1, failing=[0]))
    family.run(shard)
    family.settle()
    family.run(parent_id, summing(1, failing=[0]))
    family.retry(shard)
    while family.settle():
        pass
    assert (row(parent_id).state, row(shard).state) == ("failed", "queued")
