"""Bare Celery's column: a broker that keeps nothing, and the runs counted in another."""

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from celery import Celery
from celery.schedules import crontab

from guarantee_sides.columns import CHANGE, SHORT_S, SLOT_S, TWO_HOURS
from guarantee_sides.victims import Victim, down, kept
from tests.acceptance.faults.empty_redis import EmptyRedis
from tests.waiting import eventually

BENCHMARKS = Path(__file__).parents[1]
TRANSPORT = {"visibility_timeout": 10}
HASTY_TRANSPORT = {"visibility_timeout": 3, "unacked_restore_interval": 1, "unacked_restore_throttle": 1}
REDELIVERED_S = 150.0
"""A visibility timeout of 10 s takes Celery up to 103 s by its defaults."""


class CeleryColumn:
    """Two workers, a driver, and what was counted."""

    name = "bare Celery, late acknowledgement"

    def __init__(self, root: Path, broker: EmptyRedis, counts: EmptyRedis) -> None:
        self.folder, self.broker, self._counts = root, broker, counts
        self._app = Celery(broker=broker.url, set_as_current=False)
        self._sent = 0
        self.workers: Sequence[Victim] = [
            self._process(f"worker-{side}", "worker", "--hostname", f"{side}@%h") for side in "ab"
        ]

    def submit(self, jobs: int, seconds: float = SHORT_S, *, tenant: str | None = None) -> Sequence[str]:
        """Publish so many numbered tasks; tenants are unknown here."""
        del tenant
        numbers = [str(number) for number in range(self._sent, self._sent + jobs)]
        for number in numbers:
            self._app.send_task("peer.work", args=[number, seconds], ignore_result=True, task_id=number)
        self._sent += jobs
        return numbers

    def submit_poison(self) -> str:
        """Publish a task that kills its process."""
        self._app.send_task("peer.poison", args=["poison"], ignore_result=True)
        return "poison"

    def starts(self, job: str) -> int:
        """Count how often it began."""
        return int(self._client.hget("starts", job) or 0)

    def effects(self, job: str) -> int:
        """Count how often it came to its end."""
        return int(self._client.hget("effects", job) or 0)

    def done(self) -> int:
        """Count the numbers that ran."""
        return int(self._client.hlen("effects"))

    def settle(self) -> None:
        """Wait until queue and unacknowledged messages are gone, or as long as a redelivery takes."""
        broker: Any = self.broker.client
        give_up_at = time.monotonic() + REDELIVERED_S
        while (broker.llen("celery") or broker.hlen("unacked")) and time.monotonic() < give_up_at:
            left = broker.llen("celery")
            time.sleep(0.2)
            if broker.llen("celery") < left:
                give_up_at = time.monotonic() + REDELIVERED_S
        time.sleep(2.0)

    def doubled(self) -> int:
        """Count the numbers that ran more than once."""
        return sum(int(runs) > 1 for runs in self._client.hvals("effects"))

    def is_over(self, job: str) -> bool:
        """Tell whether no message of a lone task is left."""
        del job
        broker: Any = self.broker.client
        return not broker.llen("celery") and not broker.hlen("unacked")

    def cancel(self, job: str) -> None:
        """Revoke it, which is all that Celery offers."""
        self._app.control.revoke(job)

    def burnt(self, jobs: Sequence[str]) -> int:
        """Count those that began more than once."""
        return sum(self.starts(job) > 1 for job in jobs)

    def redelivered(self, seconds: float) -> str:
        """Run a task for longer than an unacknowledged message is believed in, which is looked after every second."""
        self._run_with(HASTY_TRANSPORT)
        (job,) = self.submit(1, seconds)
        eventually(lambda: self.effects(job), 60.0 + seconds)
        self.settle()
        self._run_with(TRANSPORT)
        return job

    def fired(self, slots: int) -> float:
        """Count the firings of two Beats."""
        beats = [
            self._process(f"beat-{side}", "beat", "--schedule", str(self.folder / f"{side}.state")) for side in "ab"
        ]
        with kept(*beats):
            eventually(lambda: self._client.get("ticks"))
            before = int(self._client.get("ticks"))
            time.sleep(slots * SLOT_S)
            return (int(self._client.get("ticks")) - before) / slots

    def made_up(self) -> str:
        """Ask the rule as Beat does, after two hours without it."""
        now, last, runs = CHANGE + TWO_HOURS, CHANGE, 0
        app = Celery(set_as_current=False)
        app.conf.update(timezone="Europe/Berlin")
        rule = crontab(minute="*/15", nowfun=lambda: now, app=app)
        while rule.is_due(last).is_due and runs < 99:
            last, runs = now, runs + 1
        return f"{runs} run for all of them, none told"

    def restart_database(self) -> bool:
        """There is none."""
        return False

    @property
    def _client(self) -> Any:
        return self._counts.client

    def _run_with(self, transport: Mapping[str, int]) -> None:
        with down(self.workers):
            for worker in self.workers:
                worker.environ = {**worker.environ, "PEER_TRANSPORT": json.dumps(transport)}

    def _process(self, name: str, *words: str) -> Victim:
        options = ("--concurrency", "2", "--without-gossip", "--without-mingle") if words[0] == "worker" else ()
        argv = (sys.executable, "-m", "celery", "--app", "guarantee_sides.peer_tasks", *words, *options)
        environ = {
            **os.environ,
            "PEER_BROKER": self.broker.url,
            "PEER_COUNTS": self._counts.url,
            "PEER_TRANSPORT": json.dumps(TRANSPORT),
            "PYTHONPATH": f"{BENCHMARKS}:{BENCHMARKS.parents[1]}",
        }
        return Victim(argv, environ, BENCHMARKS, self.folder / f"{name}.log")


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
