"""Retrying a parent tries its unsuccessful shards again, and only those."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from tests.integration.shards.computations import ECHO, echo_or_fail, summing
from tests.integration.shards.conftest import Family

ReadRow = Callable[[UUID], Row[Any]]


def test_a_failed_parent_waits_for_the_shards_that_it_lacked(
    family: Family, row: ReadRow, history: Callable[[UUID], list[str]]
) -> None:
    failing = summing(3, failing=[1])
    parent_id, (first, second, third) = family.split(failing)
    family.run_all([first, second, third])
    family.settle()
    family.run(parent_id, failing)
    family.retry(parent_id)
    assert [row(one).state for one in (parent_id, first, second, third)] == [
        *("waiting", "succeeded", "queued", "succeeded")
    ]
    family.run(second, lambda params, _context: params)
    while family.settle():
        pass
    family.run(parent_id, failing)
    assert (row(parent_id).state, row(parent_id).result) == ("succeeded", {"sum": 3})
    assert history(parent_id).count("job.retried") == history(second).count("job.retried") == 1


def test_a_cancelled_tree_is_retried_as_a_whole(family: Family, row: ReadRow) -> None:
    parent_id, (split, other) = family.split(summing(2))
    family.run(split, summing(1))
    (below,) = family.shards(split)
    family.cancel(parent_id)
    family.retry(parent_id)
    assert [row(one).state for one in (parent_id, split, other, below)] == ["waiting", "waiting", "queued", "queued"]
    family.run_all([below, other])
    while family.settle():
        pass
    family.run(split, summing(1))
    while family.settle():
        pass
    family.run(
        parent_id, lambda _params, context: {"n": [one.get("n") for one in context.map(ECHO, [{"n": 0}, {"n": 1}])]}
    )
    assert (row(parent_id).state, row(parent_id).result) == ("succeeded", {"n": [None, 1]})


def test_a_parent_whose_shards_all_succeeded_is_queued_at_once(family: Family, row: ReadRow) -> None:
    parent_id, shards = family.split(summing(2))
    family.run_all(shards)
    family.settle()
    family.run(parent_id, lambda _params, _context: echo_or_fail({"n": 0, "fail": True}, _context))
    assert row(parent_id).state == "failed"
    family.retry(parent_id)
    assert [row(one).state for one in (parent_id, *shards)] == ["queued", "succeeded", "succeeded"]
    family.run(parent_id, summing(2))
    assert row(parent_id).result == {"sum": 1}


def test_a_single_shard_is_retried_alone_while_its_parent_waits(family: Family, row: ReadRow) -> None:
    parent_id, (first, second) = family.split(summing(2, failing=[0]))
    family.run(first)
    family.settle()
    family.retry(first)
    family.run(second)
    family.settle()
    assert (row(parent_id).state, row(first).state) == ("waiting", "queued")
    family.run(first, lambda params, _context: params)
    family.settle()
    assert row(parent_id).state == "queued"


def test_a_single_shard_of_a_final_parent_is_retried_alone(family: Family, row: ReadRow) -> None:
    failing = summing(2, failing=[0, 1])
    parent_id, (first, second) = family.split(failing)
    family.run_all([first, second])
    family.settle()
    family.run(parent_id, failing)
    family.retry(first)
    family.run(first, lambda params, _context: params)
    while family.settle():
        pass
    assert [row(one).state for one in (parent_id, first, second)] == ["failed", "succeeded", "failed"]
