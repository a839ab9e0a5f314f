"""Dramatiq's driver and actor: messages sent one by one, which is what it offers, results kept in Redis."""

import os
from typing import Any

import dramatiq  # type: ignore[import-not-found,unused-ignore] # installed in the peers' own environment
from dramatiq.brokers.redis import RedisBroker  # type: ignore[import-not-found,unused-ignore] # the same
from dramatiq.results import Results  # type: ignore[import-not-found,unused-ignore] # the same
from dramatiq.results.backends import RedisBackend  # type: ignore[import-not-found,unused-ignore] # the same
from redis import Redis

from job_sides.protocol import drive

broker = RedisBroker(url=os.environ["PEER_REDIS"])
broker.add_middleware(Results(backend=RedisBackend(url=os.environ["PEER_RESULTS"])))
dramatiq.set_broker(broker)


def echo(number: int) -> dict[str, int]:
    """Return what came in."""
    return {"n": number}


actor = dramatiq.actor(echo, store_results=True)


def main() -> None:
    """Drive until the input ends."""
    results: Any = Redis.from_url(os.environ["PEER_RESULTS"])
    expected = 0

    def submit(jobs: int) -> None:
        nonlocal expected
        results.flushdb()
        expected = jobs
        for number in range(jobs):
            actor.send(number)

    drive(submit, lambda: results.dbsize() >= expected)


if __name__ == "__main__":
    main()
