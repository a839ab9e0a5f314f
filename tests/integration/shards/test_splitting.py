"""A job that splits itself waits, without a worker, until its shards are final, and then goes on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, text
from sqlalchemy.exc import OperationalError

from core.clock import utc_now
from core.database import Database
from core.jobs.cancellation import cancel
from core.jobs.context import JobContext
from core.jobs.execution import execute
from core.jobs.listing import list_jobs
from core.jobs.queries import JobFilter
from core.jobs.reconciler import expire_overdue
from tests.integration.shards.computations import ECHO, echo_or_fail, in_two_stages, numbers, summing, tolerating
from tests.integration.shards.conftest import Family

ReadRow = Callable[[UUID], Row[Any]]
History = Callable[[UUID], list[str]]


def test_a_split_job_waits_and_its_shards_are_queued_in_order(
    family: Family, row: ReadRow, history: History, count: Callable[[str], int]
) -> None:
    deadline_at = utc_now() + timedelta(hours=1)
    parent_id, _ = family.split(summing(3), priority=7, tags=["mine"], deadline_at=deadline_at, request_id="r-1")
    parent, shards = row(parent_id), family.rows(parent_id)
    assert (parent.state, parent.attempt, parent.stages, parent.worker) == ("waiting", 0, 1, None)
    assert parent.progress == {"fraction": 0.0, "step": "shards", "message": "0 of 3", "eta_s": None}
    assert history(parent_id) == ["job.submitted", "job.queued", "job.claimed", "job.waiting"]
    assert [(one.shard_stage, one.shard_index, one.params) for one in shards] == [(0, n, {"n": n}) for n in range(3)]
    assert sorted(one.id for one in shards) == [one.id for one in shards]
    for one in shards:
        assert (one.tenant_id, one.submitted_by, one.request_id) == (parent.tenant_id, parent.submitted_by, "r-1")
        assert (one.priority, one.deadline_at, one.tags) == (7, deadline_at, [])
        assert (one.state, one.followed) == ("queued", True)
        assert history(one.id) == ["job.submitted", "job.queued"]
    assert count("job_outbox") == 4


def test_it_is_resumed_when_the_last_shard_is_final_and_burns_no_attempt(
    family: Family, row: ReadRow, history: History
) -> None:
    parent_id, shards = family.split(summing(3), max_attempts=1)
    for one in shards:
        assert row(parent_id).state == "waiting"
        family.run(one)
        family.settle()
    assert row(parent_id).state == "queued"
    family.run(parent_id, summing(3))
    now = row(parent_id)
    assert (now.state, now.attempt, now.result) == ("succeeded", 1, {"sum": 3})
    told = [event for event in history(parent_id) if event != "job.progress"]
    assert told[3:] == ["job.waiting", "job.queued", "job.claimed", "job.succeeded"]


def test_stages_follow_each_other_and_see_the_results_of_those_before(family: Family, row: ReadRow) -> None:
    parent_id, first = family.split(in_two_stages)
    family.run_all(first)
    family.settle()
    family.run(parent_id, in_two_stages)
    assert (row(parent_id).state, row(parent_id).stages) == ("waiting", 2)
    second = family.shards(parent_id)[len(first) :]
    assert len(second) == 6
    family.run_all(second)
    family.settle()
    family.run(parent_id, in_two_stages)
    assert row(parent_id).result == {"first": 6, "second": [0, 1, 2, 3, 4, 5]}


def test_results_are_in_order_whatever_the_order_of_the_ends(family: Family, row: ReadRow) -> None:
    parent_id, shards = family.split(tolerating(5))
    family.run_all(shards[::-1])
    family.settle()
    family.run(parent_id, tolerating(5))
    assert row(parent_id).result == {"shards": [[n, {"n": n}, None] for n in range(5)]}


def test_no_shards_are_no_split(family: Family, row: ReadRow) -> None:
    parent_id = family.submit()
    family.run(parent_id, summing(0))
    assert (row(parent_id).state, row(parent_id).stages, row(parent_id).result) == ("succeeded", 0, {"sum": 0})


def test_a_shard_may_be_split_itself(family: Family, row: ReadRow) -> None:
    parent_id, (child_id, _) = family.split(summing(2))
    family.run(child_id, summing(2))
    assert row(child_id).state == "waiting"
    family.run_all([*family.shards(child_id), family.shards(parent_id)[1]])
    family.settle()
    assert (row(parent_id).state, row(child_id).state) == ("waiting", "queued")
    family.run(child_id)
    family.settle()
    assert row(parent_id).state == "queued"


def test_a_failed_shard_fails_its_parent_for_good_and_is_named(family: Family, row: ReadRow) -> None:
    parent_id, shards = family.split(summing(4, failing=[1, 3]))
    family.run_all(shards)
    family.settle()
    family.run(parent_id, summing(4, failing=[1, 3]))
    error = row(parent_id).error
    assert (row(parent_id).state, error["code"], error["retryable"]) == ("failed", "shards_failed", False)
    assert error["message"] == (
        "2 of 4 shards did not succeed (index 1, 3); the first with test_unlucky: number 1 failed"
    )


def test_a_parent_that_tolerates_failure_gets_what_became_of_each(family: Family, row: ReadRow) -> None:
    parent_id, shards = family.split(tolerating(3, failing=[0]))
    family.cancel(shards[1])
    family.run_all(shards)
    family.settle()
    family.run(parent_id, tolerating(3, failing=[0]))
    assert row(parent_id).result == {
        "shards": [
            [0, None, {"code": "test_unlucky", "message": "number 0 failed"}],
            [1, None, {"code": "cancelled", "message": "the shard is cancelled"}],
            [2, {"n": 2}, None],
        ]
    }


@pytest.mark.parametrize("other", [summing(2), summing(3, failing=[2])], ids=["fewer", "other params"])
def test_a_computation_that_asks_for_other_shards_the_second_time_fails_for_good(
    family: Family, row: ReadRow, other: Any
) -> None:
    parent_id, shards = family.split(summing(3))
    family.run_all(shards)
    family.settle()
    family.run(parent_id, other)
    assert (row(parent_id).state, row(parent_id).error["code"]) == ("failed", "shards_changed")


def test_bad_params_of_a_shard_fail_the_parent_and_are_named_and_nothing_is_written(
    family: Family, row: ReadRow, count: Callable[[str], int]
) -> None:
    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        context.map("platform.sleep", [{"seconds": 1}, {"seconds": -1, "stepz": 3}])
        return {}

    parent_id = family.submit()
    family.run(parent_id, compute)
    error = row(parent_id).error
    assert (row(parent_id).state, error["code"], error["retryable"]) == ("failed", "params_invalid", False)
    assert "shard 1 of platform.sleep" in error["message"]
    assert "/shards/1/params/seconds: " in error["message"]
    assert "/shards/1/params/stepz: Unknown field." in error["message"]
    assert count("jobs") == 1


@pytest.mark.parametrize(
    ("kind", "params"), [("no.such", {}), (ECHO, {"a": float("nan")})], ids=["unknown kind", "not JSON"]
)
def test_a_shard_that_cannot_be_fails_the_parent_for_good(
    family: Family, row: ReadRow, kind: str, params: dict[str, Any]
) -> None:
    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        context.map(kind, [params])
        return {}

    parent_id = family.submit()
    family.run(parent_id, compute)
    assert row(parent_id).state == "failed"
    assert row(parent_id).error["code"] in {"shards_invalid", "params_invalid"}


def test_a_stale_workers_split_is_refused(family: Family, row: ReadRow, count: Callable[[str], int]) -> None:
    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        with family.database.transaction() as session:
            session.execute(text("UPDATE jobs SET fence = fence + 1"))
        context.map(ECHO, numbers(3))
        return {}

    parent_id = family.submit()
    assert family.run(parent_id, compute) is None
    assert (row(parent_id).state, row(parent_id).stages, count("jobs")) == ("running", 0, 1)


def test_a_job_cancelled_meanwhile_is_not_split(family: Family, row: ReadRow, count: Callable[[str], int]) -> None:
    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        with family.database.transaction() as session:
            cancel(session, family.admin.tenant_id, context.job_id)
        context.map(ECHO, numbers(3))
        return {}

    parent_id = family.submit()
    family.run(parent_id, compute)
    assert (row(parent_id).state, row(parent_id).stages, count("jobs")) == ("cancelled", 0, 1)


def test_what_was_left_before_a_split_is_replaced_after_it(
    family: Family, row: ReadRow, count: Callable[[str], int]
) -> None:
    def compute(params: Any, context: JobContext) -> dict[str, Any]:
        context.progress(0.5, "before")
        context.save_artifact("plan.txt", b"plan", "text/plain")
        return summing(2)(params, context)

    parent_id, shards = family.split(compute)
    assert row(parent_id).progress["step"] == "shards"
    family.run_all(shards)
    family.settle()
    family.run(parent_id, compute)
    assert (row(parent_id).state, count("artifacts")) == ("succeeded", 1)


def test_a_waiting_parent_does_not_expire_and_may_go_on_after_its_deadline_but_its_shards_may_not(
    family: Family, row: ReadRow, put: Callable[..., None]
) -> None:
    parent_id, (first, second) = family.split(tolerating(2), deadline_at=utc_now() + timedelta(hours=1))
    family.run(first)
    for job_id in (parent_id, first, second):
        put(job_id, deadline_at=utc_now() - timedelta(seconds=1))
    with family.database.transaction() as session:
        expire_overdue(session)
    assert [row(job_id).state for job_id in (parent_id, first, second)] == ["waiting", "succeeded", "expired"]
    family.settle()
    with family.database.transaction() as session:
        expire_overdue(session)
    family.run(parent_id, tolerating(2))
    assert row(parent_id).result["shards"][1] == [1, None, {"code": "expired", "message": "the shard is expired"}]


def test_a_parent_that_is_killed_after_its_split_is_found_waiting(family: Family, row: ReadRow) -> None:
    """Given a worker that dies when its split is recorded, a second delivery of the message finds nothing to do."""
    parent_id, shards = family.split(summing(2))
    assert execute(family.station, family.catalogue.find(ECHO), echo_or_fail, parent_id) is None
    assert (row(parent_id).state, family.shards(parent_id)) == ("waiting", shards)


def test_a_resumed_parent_that_is_lost_runs_again_on_the_same_shards(
    family: Family, row: ReadRow, put: Callable[..., None]
) -> None:
    parent_id, shards = family.split(summing(2))
    family.run_all(shards)
    family.settle()

    def die(_params: Any, _context: JobContext) -> dict[str, Any]:
        with family.database.transaction() as session:
            session.execute(
                text("UPDATE jobs SET state = 'queued', fence = fence + 1 WHERE id = :id"), {"id": parent_id}
            )
        return {"late": True}

    assert family.run(parent_id, die) is None
    family.run(parent_id, summing(2))
    assert (row(parent_id).state, row(parent_id).result, family.shards(parent_id)) == ("succeeded", {"sum": 1}, shards)


def test_a_database_that_is_away_while_results_are_read_burns_no_attempt(
    family: Family, row: ReadRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent_id, shards = family.split(summing(3), max_attempts=1)
    family.run_all(shards)
    family.settle()
    away = iter([True, False, True])
    reach = Database.statements

    def reach_at_times(database: Database) -> Any:
        if next(away, False):
            raise OperationalError("SELECT", None, Exception("the database is away"))
        return reach(database)

    monkeypatch.setattr(Database, "statements", reach_at_times)
    family.run(parent_id, summing(3))
    assert next(away, None) is None
    assert (row(parent_id).state, row(parent_id).result) == ("succeeded", {"sum": 3})


def test_shards_are_listed_by_when_they_were_made_though_their_ids_bear_their_parents_time(family: Family) -> None:
    parent_id, shards = family.split(summing(2))
    later = utc_now() + timedelta(hours=1)
    with family.database.transaction() as session:
        session.execute(text("UPDATE jobs SET created_at = :later WHERE parent_id IS NOT NULL"), {"later": later})
        chosen = JobFilter(parent_id=parent_id, created_after=later - timedelta(minutes=1))
        found = list_jobs(session, family.admin.tenant_id, chosen, limit=10, newest_first=False).rows
        none = JobFilter(parent_id=parent_id, created_after=later + timedelta(minutes=1))
        assert list_jobs(session, family.admin.tenant_id, none, limit=10).rows == []
    assert [one.id for one in found] == shards
