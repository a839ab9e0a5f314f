"""The platform that is harmed: every process twice where two may run, on a Redis that keeps nothing."""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from tests.acceptance.faults import rig as rigging
from tests.acceptance.faults.empty_redis import EmptyRedis
from tests.acceptance.faults.rig import Rig

LEASE_S = 5.0
SLOTS, WORKERS = 6, 2
TWINS = ("worker", "relay", "beat")
CROWDED_S, MOST_DEATHS = 60.0, 3
"""A process that dies more often in this time is left alone: at five deaths the supervisor takes it for hopeless."""


class Spared(Exception):
    """This cannot be harmed just now."""


@dataclass
class Site:
    """A running platform, and who is being harmed at the moment."""

    rig: Rig
    _deaths: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _locks: dict[str, Lock] = field(default_factory=lambda: defaultdict(Lock))
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Be the only one who harms this; raises `Spared` when another does."""
        with self._lock:
            lock = self._locks[name]
        if not lock.acquire(blocking=False):
            raise Spared(name)
        try:
            yield
        finally:
            lock.release()

    def count_death(self, name: str) -> None:
        """Note that a process is about to be killed; raises `Spared` when it was too often."""
        now = time.monotonic()
        with self._lock:
            recent = [at for at in self._deaths[name] if now - at < CROWDED_S]
            if len(recent) >= MOST_DEATHS:
                raise Spared(name)
            self._deaths[name] = [*recent, now]


@contextmanager
def running_site(root: Path) -> Iterator[Site]:
    """Run the platform until the block ends."""
    root.mkdir(parents=True, exist_ok=True)
    procfile = root / "twins.Procfile"
    procfile.write_text(_twins(rigging.PROCFILE.read_text()))
    redis = EmptyRedis(root / "empty-redis.log")
    redis.start()
    try:
        with rigging.supervised(root, redis, (), lease_s=LEASE_S, procfile=procfile) as rig:
            yield Site(rig)
    finally:
        redis.kill()


def _twins(procfile: str) -> str:
    """Write a Procfile with two of each process that may run twice, each worker with more children."""
    lines = dict(line.split(": ", 1) for line in procfile.splitlines())
    worker = lines["worker"].replace("--concurrency 2", f"--concurrency {SLOTS}")
    lines["worker"] = worker.replace("--queues ", "--queues science,")  # Beat's own jobs are computed, too
    kept = {"web": lines["web"], **{name: lines[name] for name in TWINS}}
    twins = {
        "worker-b": lines["worker"].replace("worker@%h", "second@%h"),
        "relay-b": lines["relay"],
        "beat-b": lines["beat"].replace("beat.state", "second-beat.state"),
    }
    return "".join(f"{name}: {command}\n" for name, command in {**kept, **twins}.items())
