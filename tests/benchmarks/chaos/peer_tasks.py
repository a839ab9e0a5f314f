"""Bare Celery, as careful as its settings make it: late acknowledgement, nothing prefetched; every run is counted."""

import os
import time

from celery import Celery
from redis import Redis

from chaos.columns import SLOT_S

app = Celery("peer", broker=os.environ["PEER_BROKER"])
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": 10},
    beat_schedule={"tick": {"task": "peer.tick", "schedule": SLOT_S}},
)


def count(number: int) -> None:
    """Work a little, and count the run where no fault reaches."""
    time.sleep(0.01)
    _counts().hincrby("runs", str(number), 1)


def tick() -> None:
    """Count one firing of Beat."""
    _counts().incr("ticks")


def _counts() -> Redis:
    return Redis.from_url(os.environ["PEER_COUNTS"])


count_task = app.task(name="peer.count")(count)
tick_task = app.task(name="peer.tick")(tick)
