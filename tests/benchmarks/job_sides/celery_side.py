"""Bare Celery's driver and task: no-ops whose results its own backend keeps, everything else as it comes."""

import os
from collections.abc import Callable
from typing import Any

from celery import Celery
from redis import Redis
from sqlalchemy import create_engine, text

from job_sides.protocol import drive

app = Celery("bench", broker=os.environ["PEER_BROKER"], backend=os.environ["PEER_RESULTS"])
app.conf.update(task_default_queue=os.environ["PEER_QUEUE"], broker_connection_retry_on_startup=True)


def echo(number: int) -> dict[str, int]:
    """Return what came in."""
    return {"n": number}


task = app.task(name="bench.echo")(echo)


def main() -> None:
    """Drive until the input ends."""
    done, forget = _counter(os.environ["PEER_RESULTS"])
    expected = 0

    def submit(jobs: int) -> None:
        nonlocal expected
        forget()
        expected = jobs
        for number in range(jobs):
            task.delay(number)

    def round_trip() -> None:
        task.delay(1).get(timeout=30)

    drive(submit, lambda: done() >= expected, round_trip)


def _counter(backend: str) -> tuple[Callable[[], int], Callable[[], object]]:
    """Return how to count the kept results and how to forget them."""
    if not backend.startswith("db+"):
        client: Any = Redis.from_url(backend)
        return client.dbsize, client.flushdb
    engine = create_engine(backend.removeprefix("db+"), isolation_level="AUTOCOMMIT")

    def ask(statement: str) -> int:
        with engine.connect() as connection:
            exists = connection.scalar(text("SELECT to_regclass('celery_taskmeta') IS NOT NULL"))
            return int(connection.scalar(text(statement)) or 0) if exists else 0

    return (
        lambda: ask("SELECT count(*) FROM celery_taskmeta WHERE status = 'SUCCESS'"),
        lambda: ask("WITH gone AS (DELETE FROM celery_taskmeta RETURNING 1) SELECT count(*) FROM gone"),
    )


if __name__ == "__main__":
    main()
