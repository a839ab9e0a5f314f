"""Claims, leases and fencing: one worker at a time, and nothing accepted from one that lost its right."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Row, func, text

from core.database import Database
from core.jobs import cancellation, leases, outcomes, rescue
from core.jobs.context import StopReason
from core.jobs.execution import Station
from core.jobs.leases import Claimed, LeaseLost
from core.jobs.outcomes import Failure, Outcome
from core.jobs.recording import DatabaseRecorder
from core.platform.access import Principal

USAGE = {"run_s": 0.1}


def make_outcome(name: str, claimed: Claimed) -> Outcome:
    match name:
        case "succeeded":
            return outcomes.succeeded({"a": 1}, receipt={}, usage=USAGE)
        case "failed":
            return outcomes.failed(claimed, Failure("broken", "it broke", will_pass=False), usage=USAGE, delay_s=0)
        case "retryable":
            return outcomes.failed(claimed, Failure("broken", "it broke", will_pass=True), usage=USAGE, delay_s=0)
        case "cancelled":
            return outcomes.cancelled(usage=USAGE)
        case _:
            return outcomes.released("the worker shuts down")


OUTCOMES = ("succeeded", "failed", "retryable", "cancelled", "released")


def test_of_many_workers_one_wins(
    database: Database, submit_job: Callable[..., UUID], at_once: Callable[..., list[Any]]
) -> None:
    job_id = submit_job("platform.echo", {})

    def claim() -> Claimed | None:
        with database.statements() as session:
            return leases.claim(session, job_id, worker="test:1", lease_s=30.0)

    won = [claimed for claimed in at_once(claim, 8) if claimed is not None]
    assert [(claimed.attempt, claimed.fence) for claimed in won] == [(1, 1)]


def test_a_claim_tells_all_that_an_attempt_needs(
    submit_job: Callable[..., UUID], take: Callable[..., Claimed], row: Callable[[UUID], Row[Any]]
) -> None:
    job_id = submit_job("platform.echo", {"a": [1, None]}, max_attempts=7, timeout_s=12.5, request_id="r-1")
    claimed = take(job_id, worker="w@host:12")
    now = row(job_id)
    assert (claimed.params, claimed.max_attempts, claimed.timeout_s) == ({"a": [1, None]}, 7, 12.5)
    assert (claimed.request_id, claimed.kind_version) == ("r-1", 1)
    assert (now.state, now.worker, now.attempt, now.fence) == ("running", "w@host:12", 1, 1)
    assert now.lease_expires_at - now.started_at == timedelta(seconds=30)


def test_a_second_delivery_finds_nothing(
    database: Database, submit_job: Callable[..., UUID], take: Callable[..., Claimed]
) -> None:
    job_id = submit_job("platform.echo", {})
    take(job_id)
    assert_nothing_to_claim(database, job_id)


@pytest.mark.parametrize("state", ["scheduled", "waiting", "retryable", "succeeded", "failed", "cancelled", "expired"])
def test_only_a_queued_job_is_claimed(
    database: Database, submit_job: Callable[..., UUID], put: Callable[..., None], state: str
) -> None:
    job_id = submit_job("platform.echo", {})
    put(job_id, state=state)
    assert_nothing_to_claim(database, job_id)


def test_an_overdue_job_is_not_started(
    database: Database, submit_job: Callable[..., UUID], put: Callable[..., None]
) -> None:
    job_id = submit_job("platform.echo", {})
    put(job_id, deadline_at=func.now())
    assert_nothing_to_claim(database, job_id)


def test_a_job_that_does_not_exist_is_nothing_to_do(database: Database) -> None:
    assert_nothing_to_claim(database, uuid4())


@pytest.mark.parametrize("name", OUTCOMES)
def test_an_outcome_is_refused_after_another_claim(
    database: Database, submit_job: Callable[..., UUID], take: Callable[..., Claimed], name: str
) -> None:
    job_id = submit_job("platform.echo", {})
    late = take(job_id)
    lose_lease(database, job_id)
    take(job_id, worker="test:2")
    with pytest.raises(LeaseLost), database.transaction() as session:
        outcomes.record(session, late, make_outcome(name, late))


@pytest.mark.parametrize("name", OUTCOMES)
def test_an_outcome_is_refused_after_a_rescue_before_anybody_claimed_again(
    database: Database,
    submit_job: Callable[..., UUID],
    take: Callable[..., Claimed],
    history: Callable[[UUID], list[str]],
    name: str,
) -> None:
    job_id = submit_job("platform.echo", {})
    late = take(job_id)
    lose_lease(database, job_id)
    with pytest.raises(LeaseLost), database.transaction() as session:
        outcomes.record(session, late, make_outcome(name, late))
    assert history(job_id)[-1] == "job.rescued"


@pytest.mark.parametrize("reason", [StopReason.CANCELLED, StopReason.TIME_LIMIT])
def test_a_warden_cannot_end_an_attempt_that_is_not_its_own_any_more(
    database: Database, submit_job: Callable[..., UUID], take: Callable[..., Claimed], reason: StopReason
) -> None:
    job_id = submit_job("platform.echo", {})
    late = take(job_id)
    lose_lease(database, job_id)
    with database.transaction() as session:
        assert not rescue.fail_stopped(session, job_id, late.fence, reason, "too late")


@pytest.mark.parametrize("name", OUTCOMES)
def test_an_outcome_is_recorded_once(
    database: Database, submit_job: Callable[..., UUID], take: Callable[..., Claimed], name: str
) -> None:
    claimed = take(submit_job("platform.echo", {}))
    with database.transaction() as session:
        assert outcomes.record(session, claimed, make_outcome(name, claimed)).version == 4
    with pytest.raises(LeaseLost), database.transaction() as session:
        outcomes.record(session, claimed, make_outcome(name, claimed))


def test_progress_of_a_late_writer_is_refused(
    station: Station, submit_job: Callable[..., UUID], take: Callable[..., Claimed], row: Callable[[UUID], Row[Any]]
) -> None:
    job_id = submit_job("platform.echo", {})
    recorder = make_recorder(station, take(job_id))
    lose_lease(station.database, job_id)
    with pytest.raises(LeaseLost):
        recorder.progress(0.5, "late", "")
    assert row(job_id).progress is None


def test_log_lines_of_a_late_writer_are_refused(
    station: Station, submit_job: Callable[..., UUID], take: Callable[..., Claimed], count: Callable[[str], int]
) -> None:
    job_id = submit_job("platform.echo", {})
    recorder = make_recorder(station, take(job_id))
    lose_lease(station.database, job_id)
    with pytest.raises(LeaseLost):
        recorder.log("info", "late", {})
    assert count("job_log_lines") == 0


def test_a_release_does_not_burn_the_attempt(
    database: Database,
    submit_job: Callable[..., UUID],
    take: Callable[..., Claimed],
    history: Callable[[UUID], list[str]],
    count: Callable[[str], int],
) -> None:
    job_id = submit_job("platform.echo", {}, max_attempts=1)
    claimed = take(job_id)
    with database.transaction() as session:
        outcomes.record(session, claimed, outcomes.released("the worker shuts down"))
    again = take(job_id)
    assert (again.attempt, again.fence) == (1, 2)
    assert count("job_outbox") == 2
    assert history(job_id)[2:] == ["job.claimed", "job.released", "job.claimed"]


def test_a_heartbeat_renews_what_is_held_and_omits_the_rest(
    database: Database,
    submit_job: Callable[..., UUID],
    take: Callable[..., Claimed],
    put: Callable[..., None],
    row: Callable[[UUID], Row[Any]],
) -> None:
    held, others = submit_job("platform.echo", {}), submit_job("platform.echo", {})
    take(held)
    take(others, worker="test:2")
    put(held, lease_expires_at=func.now())
    pairs = [(held, "test:1"), (others, "test:1"), (uuid4(), "test:1")]
    with database.statements() as session:
        renewed = leases.renew(session, pairs, lease_s=30.0)
    assert [(one.id, one.fence, one.cancel_requested) for one in renewed] == [(held, 1, False)]
    with database.statements() as session:
        left_s = session.scalar(text("SELECT extract(epoch FROM lease_expires_at - now()) FROM jobs"))
    assert left_s is not None
    assert row(held).lease_expires_at > row(held).started_at + timedelta(seconds=29)


def test_a_heartbeat_hears_of_a_cancel(
    database: Database, admin: Principal, submit_job: Callable[..., UUID], take: Callable[..., Claimed]
) -> None:
    job_id = submit_job("platform.echo", {})
    take(job_id)
    with database.transaction() as session:
        cancellation.cancel(session, admin.tenant_id, job_id)
    with database.statements() as session:
        (held,) = leases.renew(session, [(job_id, "test:1")], lease_s=30.0)
    assert held.cancel_requested


def test_a_heartbeat_for_nothing_asks_nothing(database: Database) -> None:
    with database.statements() as session:
        assert leases.renew(session, [], lease_s=30.0) == ()


def assert_nothing_to_claim(database: Database, job_id: UUID) -> None:
    with database.statements() as session:
        assert leases.claim(session, job_id, worker="test:2", lease_s=30.0) is None


def lose_lease(database: Database, job_id: UUID) -> None:
    with database.transaction() as session:
        session.execute(text("UPDATE jobs SET lease_expires_at = now() WHERE id = :id"), {"id": job_id})
    with database.transaction() as session:
        assert rescue.rescue_expired(session) == 1


def make_recorder(station: Station, claimed: Claimed) -> DatabaseRecorder:
    return DatabaseRecorder(
        station.database,
        station.storage,
        claimed,
        station.clock,
        station.monotonic,
        told_to_stop=lambda: None,
        announce=lambda _version, _state: None,
    )
