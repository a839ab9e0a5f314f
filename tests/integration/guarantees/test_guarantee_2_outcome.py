"""One recorded outcome: messages come twice, workers come back late; without claim and fence that shows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row

from core.catalogue import Catalogue
from core.clock import utc_now
from core.database import Database
from core.jobs import execution, leases, outcomes, rescue
from core.jobs.context import JobContext
from core.jobs.execution import Station, execute
from core.jobs.leases import Claimed, LeaseLost
from core.jobs.outcomes import Outcome, Recorded
from core.jobs.recording import DatabaseRecorder
from tests.integration.guarantees.conftest import Works
from tests.integration.guarantees.switched_off import FENCE, STATE, without

ReadRow = Callable[[UUID], Row[Any]]


def test_a_message_delivered_twice_is_one_computation(works: Works, submit_job: Callable[..., UUID]) -> None:
    blind, claimed = submit_job("platform.echo", {}), submit_job("platform.echo", {})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leases, "_CLAIM", without(leases._CLAIM, STATE))
        works.attempt(blind)
        works.attempt(blind)
    works.attempt(claimed)
    works.attempt(claimed)
    assert works.begun == [blind, blind, claimed]


@pytest.fixture
def overtaken(database: Database, submit_job: Callable[..., UUID], take: Callable[..., Claimed]) -> Any:
    """Freeze a worker past its lease: another has its job by now; return what both hold."""

    def overtake() -> tuple[Claimed, Claimed]:
        job_id = submit_job("platform.echo", {})
        late = take(job_id, worker="late:1")
        with database.transaction() as session:
            assert rescue.rescue_dead(session, job_id, "late:1")
        return late, take(job_id, worker="second:1")

    return overtake


def outcome(who: str) -> Outcome:
    return outcomes.succeeded({"by": who}, receipt={}, usage={})


def test_a_worker_that_wakes_after_its_lease_cannot_record(
    database: Database, overtaken: Callable[[], tuple[Claimed, Claimed]], row: ReadRow
) -> None:
    late, rightful = overtaken()
    with pytest.MonkeyPatch.context() as patch, database.transaction() as session:
        patch.setattr(outcomes, "_SUCCEED", without(outcomes._SUCCEED, FENCE))
        outcomes.record(session, late, outcome("late"))
    with pytest.raises(LeaseLost), database.transaction() as session:
        outcomes.record(session, rightful, outcome("rightful"))
    assert row(late.id).result == {"by": "late"}

    late, rightful = overtaken()
    with pytest.raises(LeaseLost), database.transaction() as session:
        outcomes.record(session, late, outcome("late"))
    with database.transaction() as session:
        outcomes.record(session, rightful, outcome("rightful"))
    assert row(late.id).result == {"by": "rightful"}


def test_a_job_that_was_recorded_is_not_recorded_again(
    database: Database,
    submit_job: Callable[..., UUID],
    take: Callable[..., Claimed],
    history: Callable[[UUID], list[str]],
) -> None:
    """A commit whose answer is lost is repeated by the worker."""
    careless, careful = (take(submit_job("platform.echo", {})) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outcomes, "_SUCCEED", without(outcomes._SUCCEED, STATE))
        for _ in range(2):
            with database.transaction() as session:
                outcomes.record(session, careless, outcome("me"))
    with database.transaction() as session:
        outcomes.record(session, careful, outcome("me"))
    with pytest.raises(LeaseLost), database.transaction() as session:
        outcomes.record(session, careful, outcome("me"))
    finals = [history(claimed.id).count("job.succeeded") for claimed in (careless, careful)]
    assert finals == [2, 1]


def in_two_transactions(station: Station, claimed: Claimed, recorder: DatabaseRecorder, landing: Outcome) -> Recorded:
    with station.database.transaction() as session:
        recorder.flush(session)
    with station.database.transaction() as session:
        return outcomes.record(session, claimed, landing)


@pytest.mark.parametrize(("record_once", "left"), [(in_two_transactions, 1), (execution._record_once, 0)])
def test_what_an_attempt_leaves_lands_together_or_not_at_all(
    station: Station,
    submit_job: Callable[..., UUID],
    catalogue: Catalogue,
    count: Callable[[str], int],
    monkeypatch: pytest.MonkeyPatch,
    record_once: Callable[..., Recorded],
    left: int,
) -> None:
    """The worker dies when its artifact is written and its outcome is not yet."""

    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        context.save_artifact("plot", b"half", "text/plain")
        return {}

    def die(*_: Any, **__: Any) -> Recorded:
        raise KeyboardInterrupt

    monkeypatch.setattr(execution, "_record_once", record_once)
    monkeypatch.setattr(outcomes, "record", die)
    with pytest.raises(KeyboardInterrupt):
        execute(station, catalogue.find("platform.echo"), compute, submit_job("platform.echo", {}))
    assert count("artifacts") == left


def test_a_worker_whose_clock_is_an_hour_slow_keeps_its_lease(
    database: Database, submit_job: Callable[..., UUID], row: ReadRow
) -> None:
    """Were a lease's end written by the worker's clock, it would be over at once, and the job run twice."""
    by_worker, by_database = submit_job("platform.echo", {}), submit_job("platform.echo", {})
    slow = "(now() - interval '1 hour') + make_interval"
    with database.transaction() as session, pytest.MonkeyPatch.context() as patch:
        patch.setattr(leases, "_CLAIM", without(leases._CLAIM, r"now\(\) \+ make_interval", instead=slow))
        assert leases.claim(session, by_worker, worker="slow:1", lease_s=30.0)
    with database.transaction() as session:
        assert leases.claim(session, by_database, worker="slow:2", lease_s=30.0)
    with database.transaction() as session:
        rescue.rescue_expired(session)
    assert (row(by_worker).state, row(by_database).state) == ("queued", "running")


def test_a_worker_whose_clock_is_an_hour_off_records_the_databases_times(
    station: Station, works: Works, submit_job: Callable[..., UUID], row: ReadRow
) -> None:
    for off in (timedelta(hours=-1), timedelta(hours=1)):
        job_id = submit_job("platform.echo", {})
        works.station = replace(station, clock=partial(_off_by, off))
        works.attempt(job_id)
        done = row(job_id)
        assert done.state == "succeeded"
        assert done.created_at <= done.queued_at <= done.started_at <= done.finished_at
        assert done.finished_at - done.created_at < timedelta(minutes=5)
        assert 0 <= done.usage["queue_s"] < 300


def _off_by(difference: timedelta) -> datetime:
    return utc_now() + difference
