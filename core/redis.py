"""The Redis that carries hints: messages to workers and events to those who wait."""

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Disconnected
from redis.retry import Retry


def connect(url: str, *, timeout_s: float = 1.0) -> Redis:
    """Make a client that gives up fast: nothing durable depends on an answer.

    It tries again where the server hung up meanwhile, but not where one does not answer in time.
    """
    return Redis.from_url(
        url,
        socket_timeout=timeout_s,
        socket_connect_timeout=timeout_s,
        retry=Retry(NoBackoff(), 1, (Disconnected,)),
        health_check_interval=25,
        decode_responses=True,
    )
