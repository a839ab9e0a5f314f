"""Cancelling in every state: at once where nobody works on the job, by request where somebody does."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Row

from core.database import Database, Listener
from core.jobs import cancellation, outcomes
from core.jobs.cancellation import AlreadyFinal
from core.jobs.leases import Claimed
from core.jobs.outcomes import Failure
from core.jobs.queries import JobMissing
from core.jobs.states import FINAL, IDLE, State
from core.platform.access import Principal


@pytest.fixture
def cancel(database: Database, admin: Principal) -> Callable[[UUID], None]:
    """Cancel a job as its tenant's admin."""

    def cancel_one(job_id: UUID) -> None:
        with database.transaction() as session:
            cancellation.cancel(session, admin.tenant_id, job_id)

    return cancel_one


@pytest.mark.parametrize("state", sorted(IDLE))
def test_a_job_that_nobody_works_on_is_cancelled_at_once(
    submit_job: Callable[..., UUID],
    cancel: Callable[[UUID], None],
    put: Callable[..., None],
    row: Callable[[UUID], Row[Any]],
    history: Callable[[UUID], list[str]],
    state: State,
) -> None:
    job_id = submit_job("platform.echo", {})
    put(job_id, state=state)
    cancel(job_id)
    now = row(job_id)
    assert (now.state, now.cancel_requested_at, now.due_at) == ("cancelled", now.finished_at, None)
    assert history(job_id)[-1] == "job.cancelled"


@pytest.mark.parametrize("state", sorted(FINAL))
def test_a_final_job_stays_as_it_is(
    submit_job: Callable[..., UUID],
    cancel: Callable[[UUID], None],
    put: Callable[..., None],
    history: Callable[[UUID], list[str]],
    state: State,
) -> None:
    job_id = submit_job("platform.echo", {})
    put(job_id, state=state)
    with pytest.raises(AlreadyFinal):
        cancel(job_id)
    assert history(job_id) == ["job.submitted", "job.queued"]


def test_the_worker_of_a_running_job_hears_of_it_once(
    database_url: str,
    submit_job: Callable[..., UUID],
    take: Callable[..., Claimed],
    cancel: Callable[[UUID], None],
    history: Callable[[UUID], list[str]],
) -> None:
    job_id = submit_job("platform.echo", {})
    take(job_id)
    listener = Listener(database_url, cancellation.CHANNEL)
    assert listener.wait(0.0) == []
    cancel(job_id)
    cancel(job_id)
    assert listener.wait(60.0) == [str(job_id)]
    assert listener.wait(0.0) == []
    listener.close()
    assert history(job_id)[-2:] == ["job.claimed", "job.cancel_requested"]


def test_two_cancels_at_once_are_one(
    submit_job: Callable[..., UUID],
    take: Callable[..., Claimed],
    cancel: Callable[[UUID], None],
    at_once: Callable[..., list[Any]],
    history: Callable[[UUID], list[str]],
) -> None:
    job_id = submit_job("platform.echo", {})
    take(job_id)
    assert at_once(lambda: cancel(job_id), 4) == [None] * 4
    assert history(job_id).count("job.cancel_requested") == 1


@pytest.mark.parametrize("again", ["retryable", "released"])
def test_a_cancelled_attempt_is_not_tried_again(
    database: Database,
    submit_job: Callable[..., UUID],
    take: Callable[..., Claimed],
    cancel: Callable[[UUID], None],
    row: Callable[[UUID], Row[Any]],
    again: str,
) -> None:
    """Given an attempt that fails or is given back just after the cancel, its job ends as cancelled."""
    claimed = take(submit_job("platform.echo", {}))
    cancel(claimed.id)
    failure = Failure("broken", "it broke", will_pass=True)
    outcome = (
        outcomes.released("the worker shuts down")
        if again == "released"
        else outcomes.failed(claimed, failure, usage={"run_s": 0.5}, delay_s=0.0)
    )
    with database.transaction() as session:
        recorded = outcomes.record(session, claimed, outcome)
    assert (recorded.outcome.state, row(claimed.id).state) == ("cancelled", "cancelled")


def test_a_result_that_came_first_counts(
    database: Database,
    submit_job: Callable[..., UUID],
    take: Callable[..., Claimed],
    cancel: Callable[[UUID], None],
    row: Callable[[UUID], Row[Any]],
) -> None:
    claimed = take(submit_job("platform.echo", {}))
    cancel(claimed.id)
    with database.transaction() as session:
        outcomes.record(session, claimed, outcomes.succeeded({}, receipt={}, usage={}))
    assert row(claimed.id).state == "succeeded"


def test_another_tenants_job_does_not_exist(database: Database, submit_job: Callable[..., UUID]) -> None:
    job_id = submit_job("platform.echo", {})
    with pytest.raises(JobMissing), database.transaction() as session:
        cancellation.cancel(session, uuid4(), job_id)
