"""A 202 is a promise: what is killed between submission and result costs time; without the mechanism, the job."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, text

from core import redis
from core.catalogue import Catalogue
from core.clock import utc_now
from core.database import Database
from core.jobs import reconciler
from core.jobs.outbox import Message
from core.jobs.submission import JobRequest, submit
from core.platform.access import Principal
from tasks.broker import Broker
from tests.integration.guarantees.conftest import Works
from tests.waiting import eventually

ReadRow = Callable[[UUID], Row[Any]]


@contextmanager
def nobody_does(chore: str) -> Iterator[None]:
    """Leave one chore out of the reconciler's."""
    chores = reconciler._chores

    def without_it(backlog: reconciler.Backlog) -> dict[str, Any]:
        left = chores(backlog)
        assert left.keys() >= {chore}
        return {name: left[name] for name in left if name != chore}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reconciler, "_chores", without_it)
        yield


def lose_message(database: Database) -> None:
    """Commit, and be killed before publishing: what happens to whoever has no outbox."""
    with database.transaction() as session:
        session.execute(text("TRUNCATE job_outbox"))


def settle(works: Works) -> None:
    """Let time pass, a relay carry what there is, and a worker work."""
    works.age()
    works.carry()
    works.work()


def test_a_process_killed_between_commit_and_publication(
    works: Works, database: Database, submit_job: Callable[..., UUID], row: ReadRow
) -> None:
    """Outbox and reconciler each would do; with neither the job is forgotten."""
    with nobody_does("resent"):
        forgotten = submit_job("platform.echo", {})
        lose_message(database)
        kept = submit_job("platform.echo", {})
        for _ in range(3):
            settle(works)
        assert (row(forgotten).state, row(kept).state) == ("queued", "succeeded")
    works.age()
    works.carry()
    works.carry()
    works.work()
    assert row(forgotten).state == "succeeded"


def test_a_message_that_overtakes_its_commit(
    works: Works, database: Database, admin: Principal, catalogue: Catalogue, row: ReadRow
) -> None:
    """Published before the commit, a message finds no row; carried by the relay, it cannot come too early."""
    request = JobRequest(catalogue.find("platform.echo"), {})
    with nobody_does("resent"), database.transaction() as session:
        early = submit(session, admin, request, clock=utc_now).job_id
        session.execute(text("DELETE FROM job_outbox"))
        with Broker(works.broker) as broker:
            broker.publish([Message(early, "platform.echo", "default", 5)])
        works.work()
    with database.transaction() as session:
        held_back = submit(session, admin, request, clock=utc_now).job_id
        works.carry()
        works.work()
    works.carry()
    works.work()
    assert (row(early).state, row(held_back).state) == ("queued", "succeeded")


def test_a_broker_that_forgets_all_it_held(
    works: Works, redis_url: str, submit_job: Callable[..., UUID], row: ReadRow
) -> None:
    job_id = submit_job("platform.echo", {})
    works.carry()
    redis.connect(redis_url).flushdb()
    with nobody_does("resent"):
        settle(works)
        assert row(job_id).state == "queued"
    settle(works)
    assert row(job_id).state == "succeeded"


def test_a_worker_that_dies_with_a_fetched_message(works: Works, submit_job: Callable[..., UUID], row: ReadRow) -> None:
    job_id = submit_job("platform.echo", {})
    works.carry()
    assert works.fetch() == [job_id]
    with nobody_does("resent"):
        settle(works)
        assert row(job_id).state == "queued"
    settle(works)
    assert row(job_id).state == "succeeded"


def test_a_worker_that_dies_while_it_computes(
    works: Works, submit_job: Callable[..., UUID], take: Callable[..., Any], row: ReadRow
) -> None:
    job_id = submit_job("platform.echo", {})
    take(job_id)
    with nobody_does("rescued"):
        for _ in range(3):
            settle(works)
        assert row(job_id).state == "running"
    settle(works)
    assert (row(job_id).state, row(job_id).attempt) == ("succeeded", 2)


def test_a_relay_killed_between_publication_and_commit(
    works: Works, submit_job: Callable[..., UUID], row: ReadRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Published first, a message is sent twice and does its work once; committed first, it is gone."""
    twice = submit_job("platform.echo", {})
    relay = works.relay(works.broker)
    publish = relay._broker.publish

    def publish_and_die(messages: Any) -> None:
        publish(messages)
        raise KeyboardInterrupt

    monkeypatch.setattr(relay._broker, "publish", publish_and_die)
    with pytest.raises(KeyboardInterrupt):
        relay.round()
    works.carry()
    works.work()
    assert works.begun == [twice]

    gone = submit_job("platform.echo", {})
    with nobody_does("resent"):
        monkeypatch.setattr(relay._broker, "publish", lambda _messages: None)  # dies here, having committed
        relay.round()
        settle(works)
        assert row(gone).state == "queued"


def test_a_broker_without_memory_does_not_end_the_relay(
    works: Works, redis_url: str, submit_job: Callable[..., UUID]
) -> None:
    """A batch that the broker refused in part raises another error than a broker that is away."""
    client: Any = redis.connect(redis_url)
    relay, memory = works.relay(works.broker), client.config_get("maxmemory")["maxmemory"]
    running = Thread(target=relay.run)
    running.start()
    first = submit_job("platform.echo", {})
    assert eventually(works.fetch) == [first]
    client.config_resetstat()
    client.config_set("maxmemory", "1kb")
    try:
        job_id = submit_job("platform.echo", {})
        eventually(lambda: client.info("errorstats").get("errorstat_OOM"))
    finally:
        client.config_set("maxmemory", memory)
    assert eventually(works.fetch) == [job_id]
    relay.stopping.set()
    running.join(60)


def test_jobs_that_nobody_promotes(works: Works, submit_job: Callable[..., UUID], put: Any, row: ReadRow) -> None:
    job_id = submit_job("platform.echo", {})
    put(job_id, state="retryable", due_at=row(job_id).created_at)
    with pytest.MonkeyPatch.context() as patch, nobody_does("promoted"):
        patch.setattr(reconciler, "promote_due", lambda _session: 0)
        settle(works)
        assert row(job_id).state == "retryable"
    works.carry()
    works.work()
    assert row(job_id).state == "succeeded"
