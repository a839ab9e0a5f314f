"""Retrying a final job: one more attempt, whatever it ended as."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Row, func

from core.catalogue import Catalogue
from core.database import Database
from core.jobs import queries, retrying
from core.jobs.context import JobContext
from core.jobs.execution import Station, execute
from core.jobs.queries import JobMissing
from core.jobs.retrying import NotFinal, UniqueKeyHeld
from core.jobs.states import FINAL, State
from core.platform.access import Principal


@pytest.fixture
def retry(database: Database, admin: Principal) -> Callable[[UUID], None]:
    """Retry a job as its tenant's admin."""

    def retry_one(job_id: UUID) -> None:
        with database.transaction() as session:
            retrying.retry(session, admin.tenant_id, job_id)

    return retry_one


@pytest.mark.parametrize("state", sorted(FINAL))
def test_a_final_job_is_queued_for_one_more_attempt(
    submit_job: Callable[..., UUID],
    retry: Callable[[UUID], None],
    put: Callable[..., None],
    row: Callable[[UUID], Row[Any]],
    history: Callable[[UUID], list[str]],
    state: State,
) -> None:
    job_id = submit_job("platform.echo", {})
    over = {"attempt": 3, "max_attempts": 3, "error": {"code": "broken"}, "result": {"old": 1}, "usage": {"run_s": 1}}
    put(job_id, state=state, finished_at=func.now(), deadline_at=func.now(), cancel_requested_at=func.now(), **over)
    retry(job_id)
    now = row(job_id)
    assert (now.state, now.attempt, now.max_attempts) == ("queued", 3, 4)
    cleared = (now.error, now.result, now.usage, now.finished_at, now.deadline_at, now.cancel_requested_at)
    assert cleared == (None,) * len(cleared)
    assert history(job_id)[-1] == "job.retried"


@pytest.mark.parametrize("state", sorted(set(State) - FINAL))
def test_a_job_that_is_not_final_is_not_retried(
    submit_job: Callable[..., UUID], retry: Callable[[UUID], None], put: Callable[..., None], state: State
) -> None:
    job_id = submit_job("platform.echo", {})
    put(job_id, state=state)
    with pytest.raises(NotFinal):
        retry(job_id)


def test_another_tenants_job_does_not_exist(
    database: Database, submit_job: Callable[..., UUID], put: Callable[..., None]
) -> None:
    job_id = submit_job("platform.echo", {})
    put(job_id, state="failed")
    with pytest.raises(JobMissing), database.transaction() as session:
        retrying.retry(session, uuid4(), job_id)


def test_of_many_retries_at_once_one_counts(
    submit_job: Callable[..., UUID],
    retry: Callable[[UUID], None],
    put: Callable[..., None],
    at_once: Callable[..., list[Any]],
    count: Callable[[str], int],
) -> None:
    job_id = submit_job("platform.echo", {})
    put(job_id, state="failed")
    came = at_once(lambda: retry(job_id), 4)
    assert sorted(type(one).__name__ for one in came) == ["NoneType", "NotFinal", "NotFinal", "NotFinal"]
    assert count("job_outbox") == 2


def test_a_retry_does_not_break_into_a_unique_key_that_another_job_holds(
    submit_job: Callable[..., UUID],
    retry: Callable[[UUID], None],
    put: Callable[..., None],
    row: Callable[[UUID], Row[Any]],
) -> None:
    first = submit_job("platform.echo", {}, unique_key="plan")
    put(first, state="failed")
    submit_job("platform.echo", {}, unique_key="plan")
    with pytest.raises(UniqueKeyHeld):
        retry(first)
    assert row(first).state == "failed"


def test_a_retried_job_replaces_the_artifacts_it_left(
    station: Station,
    submit_job: Callable[..., UUID],
    retry: Callable[[UUID], None],
    catalogue: Catalogue,
) -> None:
    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        context.save_artifact("plan.txt", f"attempt {context.attempt}".encode(), "text/plain")
        return {}

    job_id = submit_job("platform.echo", {})
    execute(station, catalogue.find("platform.echo"), compute, job_id)
    retry(job_id)
    execute(station, catalogue.find("platform.echo"), compute, job_id)
    with station.database.statements() as session:
        (left,) = queries.list_artifacts(session, job_id)
    with station.storage.open(left.sha256) as stream:
        assert stream.read() == b"attempt 2"
