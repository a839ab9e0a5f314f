"""Figures of the stream processes, left in Redis by each: they have no database to write to, and many ports."""

from collections.abc import Mapping
from typing import Any

from redis import Redis

KEPT_FOR_S = 20
_PROCESSES = "penstock:stream:processes"
_FIGURES = "penstock:stream:figures:"


def write(redis: Redis, process: str, figures: Mapping[str, int]) -> None:
    """Leave the figures of a process; to be done again before `KEPT_FOR_S`. Raises `RedisError`."""
    pipeline = redis.pipeline(transaction=False)
    pipeline.sadd(_PROCESSES, process)
    pipeline.hset(_FIGURES + process, mapping=dict(figures))
    pipeline.expire(_FIGURES + process, KEPT_FOR_S)
    pipeline.execute()


def forget(redis: Redis, process: str) -> None:
    """Take away the figures of a process that ends; raises `RedisError`."""
    redis.delete(_FIGURES + process)
    redis.srem(_PROCESSES, process)


def read(redis: Redis) -> dict[str, dict[str, int]]:
    """Return the figures of all processes that live; raises `RedisError`."""
    processes: Any = redis.smembers(_PROCESSES)
    found = {}
    for process in sorted(processes):
        figures: Any = redis.hgetall(_FIGURES + process)
        if figures:
            found[process] = {name: int(value) for name, value in figures.items()}
        else:
            redis.srem(_PROCESSES, process)
    return found
