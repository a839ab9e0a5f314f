"""Messages that the broker lost are written again: as many as are missing, for those who wait longest."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import text

from core.database import Database
from core.jobs import outbox
from core.jobs.reconciler import resend_lost


@pytest.fixture
def settled(database: Database, submit_job: Callable[..., UUID]) -> list[UUID]:
    """Three jobs, each queued a minute before the next, whose messages are all gone from the outbox."""
    job_ids = [submit_job("platform.echo", {"n": n}) for n in range(3)]
    with database.transaction() as session:
        for place, job_id in enumerate(job_ids):
            moved = "UPDATE jobs SET queued_at = now() - make_interval(mins => :minutes) WHERE id = :id"
            session.execute(text(moved), {"minutes": 9 - place, "id": job_id})
        outbox.take_batch(session, {"default": 10})
    return job_ids


def resent(database: Database, *, in_broker: int) -> list[UUID]:
    with database.transaction() as session:
        resend_lost(session, lambda _queue: in_broker)
        return [message.job_id for message in outbox.take_batch(session, {"default": 10}).messages]


def test_an_empty_broker_gets_every_message_again(database: Database, settled: list[UUID]) -> None:
    assert resent(database, in_broker=0) == settled


def test_as_many_messages_as_are_missing_go_to_those_who_wait_longest(database: Database, settled: list[UUID]) -> None:
    assert resent(database, in_broker=2) == settled[:1]


def test_nothing_is_sent_while_the_broker_holds_a_message_for_each_job(database: Database, settled: list[UUID]) -> None:
    assert resent(database, in_broker=3) == []


def test_a_message_still_in_the_outbox_is_not_doubled(
    database: Database, settled: list[UUID], submit_job: Callable[..., UUID]
) -> None:
    with database.transaction() as session:
        resend_lost(session, lambda _queue: 0)
        resend_lost(session, lambda _queue: 0)
        assert [message.job_id for message in outbox.take_batch(session, {"default": 10}).messages] == settled
