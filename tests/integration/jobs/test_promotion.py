"""Promotion and expiry of many at once: in bounded transactions, the urgent first, nobody waiting for anybody."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.catalogue import Catalogue
from core.clock import utc_now
from core.database import Database
from core.jobs import insertion, reconciler
from core.jobs.reconciler import AT_ONCE, BATCHES, expire_overdue, promote_due, reconcile
from core.jobs.submission import JobRequest, job_row
from core.platform.access import Principal

_QUEUED = text("SELECT priority FROM jobs WHERE state = 'queued' ORDER BY priority")
_OVERDUE = text("UPDATE jobs SET deadline_at = now() - interval '1 minute'")
_HOLD = text("SELECT id FROM jobs ORDER BY id LIMIT 10 FOR UPDATE")


@pytest.fixture
def become_due(database: Database, admin: Principal, catalogue: Catalogue) -> Callable[[list[int]], None]:
    """Submit a job of each of these priorities, scheduled for now; the last ones have been due for longest."""

    def submit_all(priorities: list[int]) -> None:
        kind, now = catalogue.find("platform.echo"), utc_now()
        ahead = now + timedelta(hours=1)
        rows = [
            job_row(admin, JobRequest(kind, {}, priority=priority, run_at=ahead), now=now) for priority in priorities
        ]
        for number, one in enumerate(rows):
            one["due_at"] = (now - timedelta(seconds=number)).isoformat()
        with database.transaction() as session:
            insertion.insert_jobs(session, rows)

    return submit_all


@pytest.fixture
def promote(database: Database) -> Callable[[], int]:
    def promote_batch() -> int:
        with database.transaction() as session:
            return promote_due(session)

    return promote_batch


@pytest.mark.parametrize(("due", "batches"), [(AT_ONCE, [1_000, 0]), (AT_ONCE + 1, [1_000, 1, 0])])
def test_a_transaction_queues_so_many_and_no_more(
    become_due: Callable[[list[int]], None], promote: Callable[[], int], due: int, batches: list[int]
) -> None:
    become_due([5] * due)
    assert [promote() for _ in batches] == batches


def test_the_urgent_go_first_however_long_others_have_been_due(
    become_due: Callable[[list[int]], None], promote: Callable[[], int], database: Database
) -> None:
    become_due([9, 7] * 300 + [0, 3] * 400)
    assert promote() == AT_ONCE
    with database.statements() as session:
        assert session.scalars(_QUEUED).all() == [3] * 400 + [7] * 300 + [9] * 300
    assert promote() == 400


def test_rows_that_somebody_has_locked_are_left_for_later(
    become_due: Callable[[list[int]], None], promote: Callable[[], int], database: Database
) -> None:
    become_due([5] * 30)
    with database.transaction() as session:
        session.execute(_HOLD)
        assert promote() == 20
    assert promote() == 10


def test_many_at_once_queue_each_job_once(
    become_due: Callable[[list[int]], None],
    promote: Callable[[], int],
    at_once: Callable[..., list[Any]],
    count: Callable[[str], int],
) -> None:
    become_due([5, 6] * 1_500)
    promoted = sum(at_once(promote, 4))
    while rest := promote():
        promoted += rest
    assert promoted == count("job_outbox") == 3_000


def test_overdue_jobs_expire_in_batches_and_locked_ones_later(
    become_due: Callable[[list[int]], None], database: Database
) -> None:
    become_due([5] * (AT_ONCE + 20))
    with database.transaction() as session:
        session.execute(_OVERDUE)
    with database.transaction() as holder:
        holder.execute(_HOLD)
        with database.transaction() as session:
            assert [expire_overdue(session), expire_overdue(session)] == [AT_ONCE, 10]
    with database.transaction() as session:
        assert [expire_overdue(session), expire_overdue(session)] == [10, 0]


def test_a_turn_takes_many_batches_but_not_any_number(
    become_due: Callable[[list[int]], None], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    become_due([5] * 2)
    monkeypatch.setattr(reconciler, "expire_overdue", lambda _session: AT_ONCE)
    counts = reconcile(database, lambda _queue: 0, every_s=0.0)
    assert (counts["expired"], counts["promoted"]) == (BATCHES * AT_ONCE, 2)
