"""The relay carries each message to the broker, and loses none while either side is away."""

from collections.abc import Callable
from datetime import timedelta
from queue import Empty
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from celery import Celery
from kombu.exceptions import OperationalError
from sqlalchemy import Row, func, text

from core import redis
from core.clock import utc_now
from core.database import Database
from core.jobs import leases, outbox, outcomes
from core.jobs.outbox import Message
from tasks.broker import Broker

MakeRelay = Callable[[Celery], Any]


def arrived(celery: Celery, queue: str = "default") -> list[str]:
    """Take all messages off a queue, in the order in which workers get them; return their jobs."""
    found: list[str] = []
    with celery.connection_for_read() as connection:
        simple = connection.SimpleQueue(queue)
        while True:
            try:
                message = simple.get(block=False)
            except Empty:
                simple.close()
                return found
            message.ack()
            found.append(message.payload[0][0])
            assert message.headers["id"] == found[-1]


def test_every_message_arrives_once_and_urgent_ones_first(
    make_relay: MakeRelay, celery: Celery, submit_job: Callable[..., UUID], count: Callable[[str], int]
) -> None:
    low, first, second, high = (submit_job("platform.echo", {}, priority=priority) for priority in (0, 5, 5, 9))
    make_relay(celery).round()
    assert arrived(celery) == [str(job_id) for job_id in (high, first, second, low)]
    assert count("job_outbox") == 0


def test_two_relays_at_once_send_each_message_once(
    make_relay: MakeRelay, celery: Celery, submit_job: Callable[..., UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.window.SMALLEST", 60)
    jobs = {str(submit_job("platform.echo", {})) for _ in range(60)}
    relays = [Thread(target=make_relay(celery).round) for _ in range(2)]
    for relay in relays:
        relay.start()
    for relay in relays:
        relay.join()
    found = arrived(celery)
    assert (len(found), set(found)) == (60, jobs)


def test_nothing_is_lost_while_the_broker_is_away(
    make_relay: MakeRelay,
    celery: Celery,
    celery_nowhere: Celery,
    submit_job: Callable[..., UUID],
    count: Callable[[str], int],
) -> None:
    job_id = submit_job("platform.echo", {})
    with pytest.raises((OperationalError, OSError)):
        make_relay(celery_nowhere).round()
    assert count("job_outbox") == 1
    make_relay(celery).round()
    assert arrived(celery) == [str(job_id)]


def test_overdue_jobs_end_though_the_broker_is_away(
    make_relay: MakeRelay,
    celery_nowhere: Celery,
    submit_job: Callable[..., UUID],
    put: Callable[..., None],
    row: Callable[[UUID], Row[Any]],
) -> None:
    job_id = submit_job("platform.echo", {})
    put(job_id, deadline_at=func.now() - timedelta(minutes=1))
    with pytest.raises((OperationalError, OSError)):
        make_relay(celery_nowhere).round()
    assert row(job_id).state == "expired"


def test_what_is_due_is_queued_and_carried_in_one_round(
    make_relay: MakeRelay, celery: Celery, submit_job: Callable[..., UUID], put: Callable[..., None]
) -> None:
    job_id = submit_job("platform.echo", {}, run_at=utc_now() + timedelta(hours=1))
    put(job_id, due_at=func.now())
    make_relay(celery).round()
    assert arrived(celery) == [str(job_id)]


def test_a_relay_runs_on_after_its_connections_were_cut(
    make_relay: MakeRelay, celery: Celery, database: Database, submit_job: Callable[..., UUID]
) -> None:
    relay = make_relay(celery)
    relay.round()
    running = Thread(target=relay.run)
    running.start()
    with database.statements() as session:
        others = "pid <> pg_backend_pid() AND datname = current_database()"
        session.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
    job_id = submit_job("platform.echo", {})
    try:
        with celery.connection_for_read() as connection:
            message = connection.SimpleQueue("default").get(timeout=60)
            message.ack()
    finally:
        relay.stopping.set()
        running.join(60)
    assert (message.payload[0][0], running.is_alive()) == (str(job_id), False)


def test_a_lost_broker_gets_its_messages_again(
    make_relay: MakeRelay,
    celery: Celery,
    redis_url: str,
    database: Database,
    submit_job: Callable[..., UUID],
    put: Callable[..., None],
) -> None:
    """Given a broker that forgot all it held, the next round finds the rows outnumber the messages."""
    jobs = {str(submit_job("platform.echo", {})) for _ in range(3)}
    make_relay(celery).round()
    redis.connect(redis_url).flushdb()
    for job_id in jobs:
        put(UUID(job_id), queued_at=func.now() - timedelta(minutes=1))
    with database.transaction() as session:
        session.execute(text("UPDATE chores SET last_run_at = now() - interval '1 hour'"))
    make_relay(celery).round()
    assert set(arrived(celery)) == jobs


def test_a_commit_wakes_who_listens(
    make_relay: MakeRelay, celery: Celery, database: Database, submit_job: Callable[..., UUID]
) -> None:
    relay = make_relay(celery)
    relay.round()
    submit_job("platform.echo", {})
    assert relay._wake_ups.wait(60.0) != []


def test_the_backlog_counts_what_waits_and_nothing_is_kept_of_what_was_fetched(
    celery: Celery, redis_url: str, submit_job: Callable[..., UUID]
) -> None:
    messages = [Message(submit_job("platform.echo", {}), "platform.echo", "default", 5) for _ in range(3)]
    with Broker(celery) as broker:
        assert broker.backlog("default") == 0
        broker.publish(messages)
        assert (broker.backlog("default"), broker.backlog("science")) == (3, 0)
        with celery.connection_for_read() as connection:
            connection.SimpleQueue("default").get(block=False).ack()
            assert broker.backlog("default") == 2
            assert redis.connect(redis_url).exists("unacked", "unacked_index") == 0


def test_a_batch_is_no_larger_than_asked_for(database: Database, submit_job: Callable[..., UUID]) -> None:
    for _ in range(5):
        submit_job("platform.echo", {})
    with database.transaction() as session:
        assert [len(outbox.take_batch(session, {"default": 2}).messages) for _ in range(4)] == [2, 2, 1, 0]
        assert outbox.depth(session) == 0
        session.rollback()
    with database.transaction() as session:
        assert outbox.depth(session) == 5


def test_the_broker_gets_a_window_and_the_rest_stays(
    make_relay: MakeRelay, celery: Celery, submit_job: Callable[..., UUID], count: Callable[[str], int]
) -> None:
    """Given nobody who takes messages, what more rounds carry is nothing; others go as soon as somebody does."""
    jobs = [str(submit_job("platform.echo", {})) for _ in range(20)]
    relay = make_relay(celery)
    for _ in range(3):
        relay.round()
    held = 20 - count("job_outbox")
    assert 0 < held < 20
    found = arrived(celery)
    assert len(found) == held
    while len(found) < 20:
        relay.round()
        found += arrived(celery)
    assert found == jobs


def test_a_limited_job_goes_when_the_one_before_it_ended(
    make_relay: MakeRelay, celery: Celery, database: Database, submit_job: Callable[..., UUID]
) -> None:
    first, second = (submit_job("platform.echo", {}, concurrency_key="a") for _ in range(2))
    relay = make_relay(celery)
    relay.round()
    assert arrived(celery) == [str(first)]
    claimed = leases.claim(database, first, worker="test:1", lease_s=30.0)
    assert claimed is not None
    relay.round()
    outcomes.record(database, claimed, outcomes.succeeded({}, receipt={}, usage={}))
    relay._heed(relay._wake_ups.wait(60.0))
    relay.round()
    assert arrived(celery) == [str(second)]
