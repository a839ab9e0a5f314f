"""What Celery is told of the broker that a URL names: Redis, a Redis that Sentinels watch over, RabbitMQ.

Messages are hints on any of them: acknowledged when a child takes them, sent again by the reconciler when one is lost.
"""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from kombu.entity import Exchange, Queue

from core.jobs.queues import NAMES
from core.redis import Watched, read_watched

QUORUM, CLASSIC = "quorum", "classic"
PRIORITIES = 10
REDIS_OPTIONS: dict[str, Any] = {
    "priority_steps": list(range(PRIORITIES)),
    "queue_order_strategy": "priority",
    "ack_emulation": False,  # keeping fetched messages in Redis cost a third of the parent's work on a job
    "socket_connect_timeout": 3,
    "socket_keepalive": True,
    "health_check_interval": 25,
}


def broker_settings(url: str, maintenance: str) -> dict[str, Any]:
    """Return Celery's settings for a broker; `maintenance` is the queue of the platform's own entries."""
    if urlsplit(url).scheme in {"amqp", "amqps"}:
        return _of_rabbitmq(url, [*NAMES, maintenance])
    watched = read_watched(url)
    return {"broker_url": url, "broker_transport_options": REDIS_OPTIONS} if watched is None else _of_sentinel(watched)


def _of_sentinel(watched: Watched) -> dict[str, Any]:
    login = "" if watched.password is None else f"{quote(watched.username or '')}:{quote(watched.password, safe='')}@"
    places = (f"sentinel://{login}{host}:{port}/{watched.db}" for host, port in watched.sentinels)
    theirs = {"password": watched.sentinel_password, "socket_connect_timeout": REDIS_OPTIONS["socket_connect_timeout"]}
    return {
        "broker_url": ";".join(places),
        "broker_transport_options": {**REDIS_OPTIONS, "master_name": watched.master, "sentinel_kwargs": theirs},
    }


def _of_rabbitmq(url: str, names: list[str]) -> dict[str, Any]:
    """Have whoever comes first declare the queues, all alike: RabbitMQ drops what goes to a queue that is not there.

    Quorum queues outlive the loss of a node; `?queues=classic` takes those of one node, with all ten priorities.
    """
    parts = urlsplit(url)
    sort = parse_qs(parts.query).get("queues", [QUORUM])[-1]
    arguments = {"x-queue-type": QUORUM} if sort == QUORUM else {"x-max-priority": PRIORITIES - 1}
    return {
        "broker_url": parts._replace(query="").geturl(),
        "broker_transport_options": {},
        "broker_heartbeat": 30,
        "task_queues": [_queue(name, arguments) for name in dict.fromkeys(names)],
        "task_default_queue_type": sort,
        "worker_detect_quorum_queues": True,
    }


def _queue(name: str, arguments: dict[str, Any]) -> Any:
    """Describe a queue that the default exchange leads to by its name."""
    described: Any = Queue  # Kombu leaves it without annotations, and the exchange as well
    return described(name, Exchange(""), routing_key=name, durable=True, queue_arguments=arguments)  # type: ignore[no-untyped-call]  # see above
