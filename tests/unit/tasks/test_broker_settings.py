"""What Celery is told of each sort of broker."""

import pytest

from core.jobs.queues import NAMES
from core.redis import read_watched
from tasks.broker_settings import broker_settings

WATCHED = "redis+sentinel://:p%20w@a:26379,b/3?master=main&sentinel_password=own"


def test_redis_is_taken_as_it_is() -> None:
    told = broker_settings("redis://:p@cache:6379/2", "maintenance")
    assert told["broker_url"] == "redis://:p@cache:6379/2"
    assert told["broker_transport_options"]["priority_steps"] == list(range(10))
    assert "task_queues" not in told


def test_each_sentinel_is_told_with_the_masters_login() -> None:
    told = broker_settings(WATCHED, "maintenance")
    assert told["broker_url"] == "sentinel://:p%20w@a:26379/3;sentinel://:p%20w@b:26379/3"
    options = told["broker_transport_options"]
    assert (options["master_name"], options["sentinel_kwargs"]["password"]) == ("main", "own")
    assert options["queue_order_strategy"] == "priority"


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        ("", {"x-queue-type": "quorum"}),
        ("?queues=quorum", {"x-queue-type": "quorum"}),
        ("?queues=classic", {"x-max-priority": 9}),
    ],
)
def test_rabbitmq_declares_all_queues_alike(query: str, arguments: dict[str, object]) -> None:
    told = broker_settings(f"amqp://me:p@rabbit:5672/vhost{query}", "maintenance")
    assert told["broker_url"] == "amqp://me:p@rabbit:5672/vhost"
    assert {queue.name for queue in told["task_queues"]} == {*NAMES, "maintenance"}
    assert all(queue.queue_arguments == arguments for queue in told["task_queues"])


def test_a_url_of_sentinels_is_read_with_its_defaults() -> None:
    watched = read_watched("redis+sentinel://a,b:1/")
    assert watched is not None
    assert (watched.sentinels, watched.master, watched.db) == ((("a", 26379), ("b", 1)), "mymaster", 0)
    assert (watched.username, watched.password, watched.sentinel_password) == (None, None, None)
    assert read_watched("redis://a/0") is None
