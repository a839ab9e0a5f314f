"""A paused queue starts nothing, loses nothing, and goes on where it stood."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, text

from core.database import Database
from core.jobs import leases, outbox, outcomes, pausing, queues
from core.jobs.pausing import QueueMissing
from core.jobs.reconciler import resend_lost

ROOM = {"default": 10, "science": 10}


@pytest.fixture
def pause(database: Database) -> Callable[[], None]:
    def pause_default() -> None:
        with database.transaction() as session:
            pausing.pause(session, "default")

    return pause_default


def resume(database: Database) -> int:
    with database.transaction() as session:
        return pausing.resume(session, "default")


def taken(database: Database) -> list[UUID]:
    with database.transaction() as session:
        return [message.job_id for message in outbox.take_batch(session, ROOM).messages]


def test_nothing_leaves_the_outbox_for_a_paused_queue(
    database: Database, submit_job: Callable[..., UUID], pause: Callable[[], None]
) -> None:
    pause()
    pause()
    job_id = submit_job("platform.echo", {})
    assert taken(database) == []
    assert resume(database) == 0
    assert resume(database) == 0
    assert taken(database) == [job_id]


def test_messages_in_the_broker_do_nothing_and_are_written_again(
    database: Database, submit_job: Callable[..., UUID], pause: Callable[[], None]
) -> None:
    sent, waiting = submit_job("platform.echo", {}), submit_job("platform.echo", {}, concurrency_key="a")
    assert taken(database) == [sent, waiting]
    pause()
    for job_id in (sent, waiting):
        assert leases.claim(database, job_id, worker="test:1", lease_s=30.0) is None
    assert taken(database) == []
    assert resume(database) == 2
    assert taken(database) == [sent, waiting]
    assert leases.claim(database, sent, worker="test:1", lease_s=30.0) is not None


def test_who_runs_goes_on(database: Database, submit_job: Callable[..., UUID], pause: Callable[[], None]) -> None:
    job_id = submit_job("platform.echo", {})
    claimed = leases.claim(database, job_id, worker="test:1", lease_s=30.0)
    assert claimed is not None
    pause()
    assert outcomes.record(database, claimed, outcomes.succeeded({}, receipt={}, usage={})).version == 4


def test_the_reconciler_leaves_a_paused_queue_alone(
    database: Database, submit_job: Callable[..., UUID], pause: Callable[[], None], put: Callable[..., None]
) -> None:
    job_id = submit_job("platform.echo", {})
    taken(database)
    put(job_id, queued_at=func.now() - timedelta(minutes=5))
    pause()
    with database.transaction() as session:
        assert resend_lost(session, lambda _queue: 0) == 0
        session.execute(text("DELETE FROM queue_pauses"))
        assert resend_lost(session, lambda _queue: 0) == 1


def test_a_paused_job_holds_no_place_of_its_tenant(
    database: Database, submit_job: Callable[..., UUID], pause: Callable[[], None], count: Callable[[str], int]
) -> None:
    submit_job("platform.echo", {}, concurrency_key="a")
    taken(database)
    assert count("job_admissions") == 1
    pause()
    assert count("job_admissions") == 0


def test_a_queue_tells_since_when_it_is_paused(database: Database, pause: Callable[[], None]) -> None:
    pause()
    with database.statements() as session:
        paused = {queue.name for queue in queues.read_queues(session) if queue.paused_at is not None}
    assert paused == {"default"}


def test_a_queue_that_is_not_there_is_missing(database: Database) -> None:
    with database.transaction() as session:
        with pytest.raises(QueueMissing):
            pausing.pause(session, "nothing")
        with pytest.raises(QueueMissing):
            pausing.resume(session, "nothing")
