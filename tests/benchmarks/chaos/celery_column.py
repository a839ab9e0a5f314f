"""Bare Celery's column: a broker that keeps nothing, and the runs counted in another."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from celery import Celery

from chaos.columns import SLOT_S
from chaos.victims import Victim, kept
from tests.acceptance.faults.empty_redis import EmptyRedis
from tests.waiting import eventually

BENCHMARKS = Path(__file__).parents[1]
REDELIVERED_S = 150.0
"""A visibility timeout of 10 s takes Celery up to 103 s by its defaults."""


class CeleryColumn:
    """Two workers, a driver, and what was counted."""

    name = "bare Celery, late acknowledgement"

    def __init__(self, root: Path, broker: EmptyRedis, counts: EmptyRedis) -> None:
        self._root, self._broker, self._counts = root, broker, counts
        self._app = Celery(broker=broker.url, set_as_current=False)
        self._sent = 0
        self.workers = [self._process(f"worker-{side}", "worker", "--hostname", f"{side}@%h") for side in "ab"]

    def submit(self, jobs: int) -> None:
        """Publish so many numbered tasks."""
        for number in range(self._sent, self._sent + jobs):
            self._app.send_task("peer.count", args=[number], ignore_result=True)
        self._sent += jobs

    def done(self) -> int:
        """Count the numbers that ran."""
        return int(self._client.hlen("runs"))

    def settle(self) -> None:
        """Wait until queue and unacknowledged messages are gone, or as long as a redelivery takes."""
        broker: Any = self._broker.client
        give_up_at = time.monotonic() + REDELIVERED_S
        while (broker.llen("celery") or broker.hlen("unacked")) and time.monotonic() < give_up_at:
            time.sleep(0.2)
        time.sleep(2.0)

    def doubled(self) -> int:
        """Count the numbers that ran more than once."""
        return sum(int(runs) > 1 for runs in self._client.hvals("runs"))

    def flush(self) -> None:
        """Make the broker forget everything."""
        self._broker.flush()

    def cancelled_ran(self) -> bool:
        """Revoke a task with no worker there, which is all that Celery offers."""
        for worker in self.workers:
            worker.kill()
        task = self._app.send_task("peer.count", args=["cancelled"], ignore_result=True)
        self._app.control.revoke(task.id)
        for worker in self.workers:
            worker.start()
        self.settle()
        return bool(self._client.hexists("runs", "cancelled"))

    def fired(self, slots: int) -> float:
        """Count the firings of two Beats."""
        beats = [
            self._process(f"beat-{side}", "beat", "--schedule", str(self._root / f"{side}.state")) for side in "ab"
        ]
        with kept(*beats):
            eventually(lambda: self._client.get("ticks"))
            before = int(self._client.get("ticks"))
            time.sleep(slots * SLOT_S)
            return (int(self._client.get("ticks")) - before) / slots

    @property
    def _client(self) -> Any:
        return self._counts.client

    def _process(self, name: str, *words: str) -> Victim:
        options = ("--concurrency", "2", "--without-gossip", "--without-mingle") if words[0] == "worker" else ()
        argv = (sys.executable, "-m", "celery", "--app", "chaos.peer_tasks", *words, *options)
        environ = {
            **os.environ,
            "PEER_BROKER": self._broker.url,
            "PEER_COUNTS": self._counts.url,
            "PYTHONPATH": str(BENCHMARKS),
        }
        return Victim(argv, environ, BENCHMARKS, self._root / f"{name}.log")


@contextmanager
def celery_column(root: Path) -> Iterator[CeleryColumn]:
    """Run Celery's side until the block ends."""
    root.mkdir(parents=True)
    broker, counts = EmptyRedis(root / "broker.log"), EmptyRedis(root / "counts.log")
    broker.start()
    counts.start()
    try:
        column = CeleryColumn(root, broker, counts)
        with kept(*column.workers):
            yield column
    finally:
        broker.kill()
        counts.kill()
