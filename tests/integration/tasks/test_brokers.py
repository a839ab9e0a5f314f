"""Each broker that a URL may name carries hints as Redis does: whole, urgent first, counted, sent again when lost."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from queue import Empty
from typing import Any
from uuid import UUID, uuid4

import pytest
from celery import Celery
from sqlalchemy import func, text

from core.database import Database
from core.jobs.outbox import Message
from core.jobs.pausing import pause, resume
from core.jobs.queues import NAMES
from tasks.broker import Broker
from tasks.broker_settings import broker_settings
from tasks.configuration import MAINTENANCE_QUEUE, configuration
from tests.brokers import rabbitmq_vhost, redis_with_sentinel

MakeRelay = Callable[[Celery], Any]
QUORUM, CLASSIC, SENTINEL = "RabbitMQ, quorum queues", "RabbitMQ, classic queues", "Redis behind a Sentinel"
SORTS = (QUORUM, pytest.param(CLASSIC, marks=pytest.mark.deep), SENTINEL)
# All tests of a broker in one process of the suite: making a virtual host takes RabbitMQ's tool seconds.
pytestmark = pytest.mark.xdist_group("brokers")


@pytest.fixture(scope="module", params=SORTS)
def broker_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == SENTINEL:
        with redis_with_sentinel(tmp_path_factory.mktemp("sentinel")) as url:
            yield url
        return
    with rabbitmq_vhost() as url:
        yield url if request.param == QUORUM else f"{url}?queues=classic"


@pytest.fixture
def celery(broker_url: str) -> Iterator[Celery]:
    """An application on the broker, whose queues are empty."""
    app = Celery("test", set_as_current=False)
    app.conf.update({**configuration(Path()), **broker_settings(broker_url, MAINTENANCE_QUEUE)})
    with Broker(app) as broker:
        assert {broker.backlog(queue) for queue in NAMES} == {0}
    yield app
    for queue in NAMES:
        arrived(app, queue)


def arrived(celery: Celery, queue: str = "default") -> list[str]:
    """Take all messages off a queue, in the order in which workers get them; return their jobs."""
    found: list[str] = []
    with celery.connection_for_read() as connection:
        simple = connection.SimpleQueue(celery.amqp.queues[queue](connection.default_channel))
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


def test_the_backlog_counts_what_waits(celery: Celery) -> None:
    messages = [Message(uuid4(), "platform.echo", "science", 5) for _ in range(3)]
    with Broker(celery) as broker:
        broker.publish(messages)
    with Broker(celery) as broker:
        assert broker.backlogs(["default", "science"]) == {"default": 0, "science": 3}
        assert broker.backlog("never heard of") == 0
        assert broker.backlog("science") == 3


def test_what_came_later_overtakes_in_the_broker_where_it_has_priorities(celery: Celery) -> None:
    """Quorum queues of RabbitMQ 3 have none, so there an urgent job waits for a window's worth of others."""
    early, late = uuid4(), uuid4()
    with Broker(celery) as broker:
        broker.publish([Message(early, "platform.echo", "default", 1)])
        broker.publish([Message(late, "platform.echo", "default", 9)])
    assert set(found := arrived(celery)) == {str(early), str(late)}
    if "x-queue-type" not in str(celery.conf.task_queues and celery.conf.task_queues[0].queue_arguments):
        assert found == [str(late), str(early)]


def test_a_paused_queue_sends_nothing_until_it_is_resumed(
    make_relay: MakeRelay, celery: Celery, database: Database, submit_job: Callable[..., UUID]
) -> None:
    with database.transaction() as session:
        pause(session, "default")
    job_id = submit_job("platform.echo", {})
    relay = make_relay(celery)
    relay.round()
    assert arrived(celery) == []
    with database.transaction() as session:
        resume(session, "default")
    relay.round()
    assert arrived(celery) == [str(job_id)]


def test_a_lost_broker_gets_its_messages_again(
    make_relay: MakeRelay,
    celery: Celery,
    database: Database,
    submit_job: Callable[..., UUID],
    put: Callable[..., None],
) -> None:
    jobs = {str(submit_job("platform.echo", {})) for _ in range(3)}
    make_relay(celery).round()
    assert set(arrived(celery)) == jobs  # and whoever took them is never heard of again
    for job_id in jobs:
        put(UUID(job_id), queued_at=func.now() - timedelta(minutes=1))
    with database.transaction() as session:
        session.execute(text("UPDATE chores SET last_run_at = now() - interval '1 hour'"))
    make_relay(celery).round()
    assert set(arrived(celery)) == jobs
