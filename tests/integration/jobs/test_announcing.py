"""Announcements are heard, survive a cut connection, and cost no time while Redis is away."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from redis import Redis
from redis.client import PubSub

from core import redis
from core.platform.events import CHANNEL, SILENCE_S, TRUSTED_S, Announcer
from tests.waiting import eventually


@pytest.fixture
def server(redis_url: str) -> Redis:
    """A client that looks on."""
    return redis.connect(redis_url)


@pytest.fixture
def job_id() -> UUID:
    """The job that is announced; others' announcements cross a server that other tests share."""
    return uuid4()


@pytest.fixture
def hear(server: Redis, job_id: UUID) -> Callable[[], Any]:
    """Return the job's next announcement."""
    channel: PubSub = server.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]  # redis-py leaves it so
    channel.subscribe(CHANNEL)  # type: ignore[no-untyped-call]  # redis-py leaves it without annotations
    channel.get_message(timeout=1.0)

    def heard() -> Iterator[Any]:
        while True:
            told = json.loads(eventually(lambda: channel.get_message(timeout=1.0))["data"])
            if told["job_id"] == str(job_id):
                yield told

    return heard().__next__


@pytest.fixture
def speaker(redis_url: str, job_id: UUID) -> Redis:
    """The client that announces, known to the server by the job."""
    client = redis.connect(redis_url)
    client.connection_pool.connection_kwargs["client_name"] = str(job_id)
    return client


@pytest.fixture
def cut(server: Redis, job_id: UUID) -> Callable[[], None]:
    """Cut the connection on which it is announced, and no other: tests may share the server."""

    def end_it() -> None:
        clients: Any = server.client_list()
        (number,) = [client["id"] for client in clients if client["name"] == str(job_id)]
        server.client_kill_filter(_id=number)

    return end_it


def test_announcements_are_heard_in_their_order(redis_url: str, job_id: UUID, hear: Callable[[], Any]) -> None:
    announcer = Announcer(redis.connect(redis_url))
    assert all(announcer.announce(job_id, version, "running") for version in range(100))
    heard = [hear() for _ in range(100)]
    assert heard == [{"job_id": str(job_id), "version": version, "state": "running"} for version in range(100)]


def test_a_cut_connection_is_made_anew(
    speaker: Redis, cut: Callable[[], None], job_id: UUID, hear: Callable[[], Any]
) -> None:
    now = [0.0]
    announcer = Announcer(speaker, clock=lambda: now[0])
    announcer.announce(job_id, 1, "running")
    assert hear()["version"] == 1
    cut()
    now[0] += 2 * TRUSTED_S
    assert announcer.announce(job_id, 2, "running")
    assert hear()["version"] == 2


def test_a_connection_cut_a_moment_ago_silences_for_a_while_at_most(
    speaker: Redis, cut: Callable[[], None], job_id: UUID, hear: Callable[[], Any]
) -> None:
    now = [0.0]
    announcer = Announcer(speaker, clock=lambda: now[0])
    announcer.announce(job_id, 1, "running")
    assert hear()["version"] == 1
    cut()
    eventually(lambda: not announcer.announce(job_id, 2, "running"))
    now[0] += 2 * SILENCE_S
    assert announcer.announce(job_id, 3, "running")
    assert hear()["version"] == 3


def test_a_redis_that_is_away_is_asked_once_in_a_while() -> None:
    announcer = Announcer(redis.connect("redis://127.0.0.1:1/0"), clock=lambda: 0.0)
    assert not announcer.announce(uuid4(), 1, "running")
    assert not announcer.announce(uuid4(), 1, "running")
    assert announcer._silent_until == SILENCE_S


def test_what_the_pool_gets_back_answers(redis_url: str) -> None:
    client = redis.connect(redis_url)
    announcer = Announcer(client)
    announcer.announce(uuid4(), 1, "running")
    announcer._hang_up()
    assert client.ping() is True
