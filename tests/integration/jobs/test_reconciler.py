"""The reconciler's chores: each idempotent, each safe when two run at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, func, text
from sqlalchemy.orm import Session

from core.clock import utc_now
from core.database import Database
from core.jobs import reconciler, rescue
from core.jobs.leases import Claimed
from core.jobs.outbox import take_batch
from core.jobs.reconciler import expire_overdue, promote_due, reconcile, resend_lost
from core.jobs.states import FINAL, IDLE, State

Chore = Callable[[Session], int]
LONG_AGO = func.now() - timedelta(minutes=1)


@pytest.fixture
def do(database: Database) -> Callable[[Chore], int]:
    """Do a chore in a transaction of its own."""

    def do_once(chore: Chore) -> int:
        with database.transaction() as session:
            return chore(session)

    return do_once


@pytest.fixture
def lost(submit_job: Callable[..., UUID], put: Callable[..., None], database: Database) -> Callable[..., UUID]:
    """Submit a job whose message was carried to the broker, and lost there, a minute ago."""

    def lose_one(kind: str = "platform.echo", **options: Any) -> UUID:
        job_id = submit_job(kind, {}, **options)
        with database.transaction() as session:
            take_batch(session, {"default": 10})
        put(job_id, queued_at=LONG_AGO)
        return job_id

    return lose_one


@pytest.mark.parametrize("state", ["scheduled", "retryable"])
def test_what_is_due_is_queued_once(
    do: Callable[[Chore], int],
    submit_job: Callable[..., UUID],
    put: Callable[..., None],
    row: Callable[[UUID], Row[Any]],
    count: Callable[[str], int],
    state: str,
) -> None:
    due, not_due = (submit_job("platform.echo", {}, run_at=utc_now() + timedelta(hours=1)) for _ in range(2))
    put(due, state=state, due_at=func.now())
    put(not_due, state=state)
    assert [do(promote_due), do(promote_due)] == [1, 0]
    assert (row(due).state, row(due).due_at, row(not_due).state) == ("queued", None, state)
    assert count("job_outbox") == 1


@pytest.mark.parametrize("state", sorted(State))
def test_only_what_was_not_started_before_its_deadline_expires(
    do: Callable[[Chore], int],
    submit_job: Callable[..., UUID],
    put: Callable[..., None],
    row: Callable[[UUID], Row[Any]],
    state: State,
) -> None:
    late = submit_job("platform.echo", {}, deadline_at=utc_now() + timedelta(hours=1))
    on_time = submit_job("platform.echo", {}, deadline_at=utc_now() + timedelta(hours=1))
    put(late, state=state, deadline_at=LONG_AGO)
    put(on_time, state=state)
    assert do(expire_overdue) == (state in IDLE)
    assert row(late).state == ("expired" if state in IDLE else state)
    assert row(on_time).state == state


@pytest.mark.parametrize("case", ["again", "poison", "cancelled"])
def test_a_job_whose_lease_ran_out_is_settled(
    do: Callable[[Chore], int],
    submit_job: Callable[..., UUID],
    take: Callable[..., Claimed],
    put: Callable[..., None],
    row: Callable[[UUID], Row[Any]],
    history: Callable[[UUID], list[str]],
    case: str,
) -> None:
    """Given a worker that is gone, its job is queued again, failed after its last attempt, or cancelled as asked."""
    job_id, other = (submit_job("platform.echo", {}, max_attempts=1 if case == "poison" else 2) for _ in range(2))
    take(job_id)
    take(other)
    put(job_id, lease_expires_at=LONG_AGO, cancel_requested_at=LONG_AGO if case == "cancelled" else None)
    assert [do(rescue.rescue_expired), do(rescue.rescue_expired)] == [1, 0]
    state, event, code = {
        "again": ("queued", "job.rescued", None),
        "poison": ("failed", "job.failed", "worker_lost"),
        "cancelled": ("cancelled", "job.cancelled", None),
    }[case]
    now = row(job_id)
    assert (now.state, now.attempt, (now.error or {}).get("code")) == (state, 1, code)
    assert history(job_id)[-1] == event
    assert row(other).state == "running"


def test_a_poison_job_ends_after_its_attempts(
    do: Callable[[Chore], int],
    submit_job: Callable[..., UUID],
    take: Callable[..., Claimed],
    row: Callable[[UUID], Row[Any]],
) -> None:
    job_id = submit_job("platform.echo", {}, max_attempts=3)
    for number in range(3):
        take(job_id, worker=f"w:{number}")
        assert do(lambda session, worker=f"w:{number}": rescue.rescue_dead(session, job_id, worker))  # type: ignore[misc]  # a default freezes the loop's value
    assert (row(job_id).state, row(job_id).attempt, row(job_id).error["attempt"]) == ("failed", 3, 3)


def test_the_death_of_one_worker_is_not_that_of_another(
    do: Callable[[Chore], int],
    submit_job: Callable[..., UUID],
    take: Callable[..., Claimed],
    row: Callable[[UUID], Row[Any]],
) -> None:
    job_id = submit_job("platform.echo", {})
    take(job_id, worker="w:2")
    assert not do(lambda session: rescue.rescue_dead(session, job_id, "w:1"))
    assert row(job_id).state == "running"


def test_a_lost_message_is_sent_again_once(
    do: Callable[[Chore], int], lost: Callable[..., UUID], count: Callable[[str], int]
) -> None:
    lost()
    assert do(lambda session: resend_lost(session, lambda _queue: 0)) == 1
    assert do(lambda session: resend_lost(session, lambda _queue: 0)) == 0
    assert count("job_outbox") == 1


def test_no_message_is_sent_again_while_the_broker_holds_as_many_as_there_are_jobs(
    do: Callable[[Chore], int], lost: Callable[..., UUID]
) -> None:
    for _ in range(3):
        lost()
    assert do(lambda session: resend_lost(session, lambda _queue: 3)) == 0
    assert do(lambda session: resend_lost(session, lambda _queue: 1)) == 2


def test_a_queue_is_not_taken_for_another(
    do: Callable[[Chore], int], lost: Callable[..., UUID], put: Callable[..., None], database: Database
) -> None:
    lost()
    put(lost(), queue="io")
    assert do(lambda session: resend_lost(session, lambda queue: 1 if queue == "default" else 0)) == 1
    with database.statements() as session:
        assert session.scalars(text("SELECT queue FROM job_outbox")).all() == ["io"]


def test_a_message_lost_long_ago_is_not_hidden_by_new_ones(
    do: Callable[[Chore], int], lost: Callable[..., UUID], put: Callable[..., None], database: Database
) -> None:
    """Given a busy queue, whose broker holds messages of jobs that have only come, the old job gets its message."""
    for _ in range(3):
        put(lost(), queued_at=func.now())
    forgotten = lost()
    assert do(lambda session: resend_lost(session, lambda _queue: 3)) == 1
    with database.statements() as session:
        assert session.scalars(text("SELECT job_id FROM job_outbox")).all() == [forgotten]


def test_messages_that_the_relay_has_yet_to_carry_are_not_lost(
    do: Callable[[Chore], int], lost: Callable[..., UUID], submit_job: Callable[..., UUID], put: Callable[..., None]
) -> None:
    """Given one job in the broker and one in the outbox, nothing is missing."""
    lost()
    put(submit_job("platform.echo", {}), queued_at=LONG_AGO)
    assert do(lambda session: resend_lost(session, lambda _queue: 1)) == 0


def test_a_young_job_without_a_message_is_given_time(
    do: Callable[[Chore], int], lost: Callable[..., UUID], put: Callable[..., None]
) -> None:
    put(lost(), queued_at=func.now())
    assert do(lambda session: resend_lost(session, lambda _queue: 0)) == 0


@pytest.mark.parametrize("state", sorted(FINAL | {State.RUNNING, State.SCHEDULED, State.WAITING}))
def test_only_queued_jobs_need_messages(
    do: Callable[[Chore], int], lost: Callable[..., UUID], put: Callable[..., None], state: State
) -> None:
    put(lost(), state=state)
    assert do(lambda session: resend_lost(session, lambda _queue: 0)) == 0


@pytest.mark.parametrize("chore", [promote_due, expire_overdue, rescue.rescue_expired], ids=lambda one: one.__name__)
def test_two_at_once_touch_each_job_once(
    do: Callable[[Chore], int],
    submit_job: Callable[..., UUID],
    put: Callable[..., None],
    history: Callable[[UUID], list[str]],
    at_once: Callable[..., list[Any]],
    chore: Chore,
) -> None:
    sources: dict[Chore, str] = {promote_due: "scheduled", expire_overdue: "waiting", rescue.rescue_expired: "running"}
    jobs = [submit_job("platform.echo", {}) for _ in range(20)]
    past = dict.fromkeys(("due_at", "deadline_at", "lease_expires_at"), LONG_AGO)
    for job_id in jobs:
        put(job_id, state=sources[chore], attempt=1, **past)
    assert sum(at_once(lambda: do(chore), 4)) == 20
    assert {len(history(job_id)) for job_id in jobs} == {3}


def test_of_many_reconcilers_one_has_its_turn(database: Database, at_once: Callable[..., list[Any]]) -> None:
    came = at_once(lambda: reconcile(database, lambda _queue: 0, every_s=3600.0), 6)
    assert sorted(map(len, came)) == [0, 0, 0, 0, 0, 8]
    assert reconcile(database, lambda _queue: 0, every_s=0.0) == dict.fromkeys(next(one for one in came if one), 0)


def test_a_broker_that_is_away_does_not_keep_the_other_chores_from_being_done(
    database: Database,
    lost: Callable[..., UUID],
    submit_job: Callable[..., UUID],
    put: Callable[..., None],
    row: Callable[[UUID], Row[Any]],
) -> None:
    def away(_queue: str) -> int:
        raise ConnectionError

    lost()
    overdue = submit_job("platform.echo", {})
    put(overdue, deadline_at=LONG_AGO)
    with pytest.raises(ConnectionError):
        reconcile(database, away)
    assert row(overdue).state == "expired"


def test_a_message_that_was_sent_again_is_the_oldest_jobs(
    database: Database, lost: Callable[..., UUID], put: Callable[..., None]
) -> None:
    lost()
    oldest = lost()
    put(oldest, queued_at=func.now() - timedelta(hours=1))
    with database.transaction() as session:
        assert reconciler.resend_lost(session, lambda _queue: 1) == 1
        (message,) = take_batch(session, {"default": 10}).messages
    assert message.job_id == oldest
