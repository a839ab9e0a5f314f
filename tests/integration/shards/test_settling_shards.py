"""Settling the ends of shards: nobody is forgotten however many settle at once, and thousands cost little."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, func, text

from core.database import Database
from core.jobs import settling
from core.jobs import shards as shards_module
from core.jobs.context import JobContext
from core.jobs.stage_reading import PAGE
from tests.integration.shards.computations import ECHO, numbers, summing
from tests.integration.shards.conftest import Family

ReadRow = Callable[[UUID], Row[Any]]
Statements = Callable[[Callable[[], object]], int]
MANY = 5_000


def end_shards(database: Database, parent_id: UUID, *, up_to: int) -> None:
    """Have shards succeed below the surface, as their workers would have it, each end to be settled."""
    done = "UPDATE jobs SET state = 'succeeded', result = params WHERE parent_id = :id AND shard_index < :up_to"
    told = "INSERT INTO job_settlements (job_id) SELECT id FROM changed"
    still = " AND state <> 'succeeded' RETURNING id"
    with database.transaction() as session:
        session.execute(text(f"WITH changed AS ({done}{still}) {told}"), {"id": parent_id, "up_to": up_to})


def test_of_many_who_settle_at_once_the_last_sees_all_ended(
    family: Family, row: ReadRow, history: Callable[[UUID], list[str]], at_once: Callable[..., list[Any]]
) -> None:
    parents = [family.split(summing(4)) for _ in range(6)]
    waiting = [shard for _, shards in parents for shard in shards]

    def run_and_settle() -> None:
        while waiting:
            family.run(waiting.pop())
            family.settle()

    assert at_once(run_and_settle, 4) == [None] * 4
    for parent_id, _ in parents:
        assert (row(parent_id).state, history(parent_id).count("job.queued")) == ("queued", 2)


def test_one_end_settled_twice_resumes_once(family: Family, history: Callable[[UUID], list[str]]) -> None:
    parent_id, shards = family.split(summing(2))
    family.run_all(shards)
    family.settle()
    with family.database.transaction() as session:
        session.execute(text("INSERT INTO job_settlements (job_id) SELECT id FROM jobs WHERE parent_id IS NOT NULL"))
    family.settle()
    assert history(parent_id)[3:] == ["job.waiting", "job.queued"]


def test_progress_is_told_at_most_once_a_second(
    family: Family,
    row: ReadRow,
    history: Callable[[UUID], list[str]],
    put: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Given a second that lasts an hour, as a busy machine may take more than one for this test."""
    monkeypatch.setattr(shards_module, "PROGRESS_EVERY_S", 3600.0)
    parent_id, shards = family.split(summing(4))
    age_events(family.database, parent_id)
    put(shards[3], progress={"fraction": 0.5})
    put(parent_id, started_at=func.now() - timedelta(seconds=30))
    for one in shards[:3]:
        family.run(one)
        family.settle()
        assert history(parent_id).count("job.progress") == 1
    told = row(parent_id).progress
    assert (told["fraction"], told["step"], told["message"]) == (round(0.95 * 1.5 / 4, 4), "shards", "1 of 4")
    assert 30 * 2.5 / 1.5 <= told["eta_s"] < 600
    age_events(family.database, parent_id)
    family.run(shards[3])
    family.settle()
    assert history(parent_id)[-1] == "job.queued"


def test_the_progress_of_a_retried_parent_is_told_without_a_guess_when_it_will_end(
    family: Family, row: ReadRow
) -> None:
    failing = summing(3, failing=[0, 1])
    parent_id, (first, *others) = family.split(failing)
    family.run_all([first, *others])
    family.settle()
    family.run(parent_id, failing)
    family.retry(parent_id)
    age_events(family.database, parent_id)
    family.run(first)
    while family.settle():
        pass
    told = row(parent_id).progress
    assert (row(parent_id).state, told["message"], told["eta_s"]) == ("waiting", "2 of 3", None)


def test_five_thousand_shards_are_recorded_and_resumed_in_few_statements(
    family: Family, row: ReadRow, statements: Statements, count: Callable[[str], int]
) -> None:
    parent_id = family.submit()
    assert statements(lambda: family.run(parent_id, summing(MANY))) <= 10
    assert count("jobs") == MANY + 1
    end_shards(family.database, parent_id, up_to=MANY)
    batches = MANY // settling.BATCH
    assert all(0 < statements(family.settle) <= 10 for _ in range(batches))
    assert count("job_settlements") == 0
    assert row(parent_id).state == "queued"
    asked = statements(lambda: family.run(parent_id, summing(MANY)))
    assert asked <= MANY / PAGE + 10
    assert row(parent_id).result == {"sum": sum(range(MANY))}


def test_settling_an_end_takes_as_many_statements_among_many_as_among_few(
    family: Family, statements: Statements
) -> None:
    def settle_one(count: int) -> int:
        parent_id, _ = family.split(summing(count))
        end_shards(family.database, parent_id, up_to=1)
        return statements(family.settle)

    assert 0 < settle_one(2) == settle_one(2_000)


def test_results_are_read_in_pages_as_they_are_asked_for(family: Family, statements: Statements, row: ReadRow) -> None:
    count = 2 * PAGE + 1
    parent_id, _ = family.split(summing(count))
    end_shards(family.database, parent_id, up_to=count)
    while family.settle():
        pass
    seen: list[int] = []

    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        results = context.map(ECHO, numbers(count))
        seen.append(statements(lambda: [next(results) for _ in range(PAGE)]))
        seen.append(statements(lambda: list(results)))
        return {}

    family.run(parent_id, compute)
    assert row(parent_id).state == "succeeded", row(parent_id).error
    assert seen == [1, 2]


def age_events(database: Database, job_id: UUID) -> None:
    """Move a job's events into the past."""
    with database.transaction() as session:
        session.execute(text("UPDATE job_events SET at = at - interval '2 hours' WHERE job_id = :id"), {"id": job_id})
