"""Bare Celery, as careful as its settings make it: late acknowledgement, nothing prefetched; every run is counted."""

import json
import os
import signal
import time

from celery import Celery
from redis import Redis

from guarantee_sides.columns import SLOT_S

app = Celery("peer", broker=os.environ["PEER_BROKER"])
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    broker_connection_retry_on_startup=True,
    broker_transport_options=json.loads(os.environ["PEER_TRANSPORT"]),
    beat_schedule={"tick": {"task": "peer.tick", "schedule": SLOT_S}},
)


def work(job: str, seconds: float) -> None:
    """Work so long, and count beginning and end where no fault reaches."""
    counts = _counts()
    counts.hincrby("starts", job, 1)
    time.sleep(seconds)
    counts.hincrby("effects", job, 1)


def poison(job: str) -> None:
    """Kill the process that runs this."""
    _counts().hincrby("starts", job, 1)
    os.kill(os.getpid(), signal.SIGKILL)


def tick() -> None:
    """Count one firing of Beat."""
    _counts().incr("ticks")


def _counts() -> Redis:
    return Redis.from_url(os.environ["PEER_COUNTS"])


work_task = app.task(name="peer.work")(work)
poison_task = app.task(name="peer.poison")(poison)
tick_task = app.task(name="peer.tick")(tick)
