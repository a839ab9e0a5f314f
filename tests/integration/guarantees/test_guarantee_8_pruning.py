"""Nothing is forgotten silently: what is pruned is counted, and what others wait for stays."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from core.clock import monotonic
from core.database import Database
from core.jobs import pruning
from tests.integration.guarantees.conftest import Works

AGED = "UPDATE jobs SET finished_at = now() - interval '90 days' WHERE state = 'succeeded'"
ACCOUNTED = "SELECT (SELECT count(*) FROM jobs) + (SELECT coalesce(sum(count), 0) FROM pruned_counts)"


@contextmanager
def cut(condition: str, instead: str) -> Iterator[None]:
    """Take one part of the pruning statement out."""
    assert condition in pruning._PRUNE.text
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pruning, "_PRUNE", text(pruning._PRUNE.text.replace(condition, instead)))
        yield


@pytest.fixture
def prune(database: Database) -> Callable[[], int]:
    """Age what has succeeded, and prune."""

    def prune_once() -> int:
        with database.transaction() as session:
            session.execute(text(AGED))
        return pruning.prune(database, retention=timedelta(days=30), every_s=0.0, monotonic=monotonic)

    return prune_once


def done(works: Works, submit_job: Callable[..., UUID], jobs: int) -> list[UUID]:
    job_ids = [submit_job("platform.echo", {}) for _ in range(jobs)]
    for job_id in job_ids:
        works.attempt(job_id)
    return job_ids


def test_every_job_that_ever_was_is_there_or_counted(
    works: Works, database: Database, submit_job: Callable[..., UUID], prune: Callable[[], int]
) -> None:
    done(works, submit_job, 3)
    with cut("FROM old GROUP BY", "FROM old WHERE false GROUP BY"):
        assert prune() == 3
    with database.statements() as session:
        assert session.scalar(text(ACCOUNTED)) == 0
    done(works, submit_job, 4)
    assert prune() == 4
    with database.statements() as session:
        assert session.scalar(text(ACCOUNTED)) == 4


def test_a_job_that_another_waits_for_is_not_pruned(
    works: Works, submit_job: Callable[..., UUID], prune: Callable[[], int], count: Callable[[str], int]
) -> None:
    """A dependent whose prerequisite is gone could never tell whether it may run."""
    (needed,) = done(works, submit_job, 1)
    submit_job("platform.echo", {}, depends_on=[needed])
    assert prune() == 0
    with cut("WHERE edge.on_job_id = jobs.id", "WHERE false AND edge.on_job_id = jobs.id"):
        assert prune() == 1
    assert count("job_dependencies") == 0
