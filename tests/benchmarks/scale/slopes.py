"""Slopes: what one more job, one more poll, one more renewed lease and one more worker take of each part.

A slope is what a large number takes more than a small one, over the difference: what stands still, or is done once,
falls out. Processor time is read from the processes, bytes of log and tables from Postgres.
"""

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import psutil
from job_costs import load, processes
from job_costs.bed import CHECKOUT, Bed
from job_costs.figures import Spread, spread
from job_costs.web import PLAIN, watched_web
from redis import Redis
from sqlalchemy import text

from core.database import Database, connect
from core.jobs import leases

RENEWED_AT_ONCE = 16
"""Leases that one parent renews in a statement."""
CPU_SPENT = ("web", "relay", "parent", "child", "postgres", "redis")
"""What of a reading is processor time."""
_WAL = text("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn AS bytes, pg_backend_pid() AS pid")
_TABLES = text(
    """
SELECT sum(pg_total_relation_size(oid)) FROM pg_class
WHERE relkind = 'r' AND (relname = 'jobs' OR relname LIKE 'job\\_events%')
"""
)
_CONNECTIONS = text("SELECT application_name AS name, count(*) AS number FROM pg_stat_activity GROUP BY 1")
_OPEN = text("SELECT EXISTS (SELECT FROM jobs WHERE state <> 'succeeded')")

Reading = Mapping[str, float]
Slopes = Mapping[str, Spread]


@dataclass(frozen=True, slots=True)
class Platform:
    """A running platform: web, relay and one worker."""

    bed: Bed
    database: Database
    redis: Redis
    port: int
    web: int
    relay: int
    worker: int

    def read(self) -> Reading:
        """Read what all parts have spent so far: seconds of processor time, bytes of log, bytes of tables."""
        with self.database.statements() as session:
            told = session.execute(_WAL).one()
            tables = session.scalar(_TABLES)
        postmaster = psutil.Process(told.pid).ppid()
        told_by_redis = self._redis("cpu")
        alone = psutil.Process(self.worker).cpu_times()
        return {
            "web": processes.cpu_s([self.web]),
            "relay": processes.cpu_s([self.relay]),
            "parent": alone.user + alone.system,
            "child": processes.cpu_s([self.worker]) - alone.user - alone.system,
            "postgres": processes.cpu_s([postmaster]),
            "redis": told_by_redis["used_cpu_user"] + told_by_redis["used_cpu_sys"],
            "wal": float(told.bytes),
            "tables": float(tables or 0),
        }

    def connections(self) -> Mapping[str, int]:
        """Count the connections to Postgres by who has them, and those to Redis as `redis`."""
        with self.database.statements() as session:
            counted = {row.name: int(row.number) for row in session.execute(_CONNECTIONS)}
        return {**counted, "redis": int(self._redis("clients")["connected_clients"])}

    def _redis(self, section: str) -> dict[str, Any]:
        return cast("dict[str, Any]", self.redis.info(section))

    def submit(self, jobs: int, body: bytes = PLAIN) -> None:
        """Submit jobs over HTTP and wait until the last one has ended."""
        request = load.request("POST", "/api/v1/jobs", key=self.bed.api_key, body=body)
        load.send(self.port, request, times=jobs, expect=202)
        processes.await_that(lambda: not self.is_busy(), f"the end of {jobs} jobs", within_s=600, every_s=0.2)

    def is_busy(self) -> bool:
        """Tell whether a job has not ended yet."""
        with self.database.statements() as session:
            return bool(session.scalar(_OPEN))

    def poll(self, times: int) -> None:
        """Ask after one job that has ended."""
        _, body = load.exchange(self.port, load.request("POST", "/api/v1/jobs", key=self.bed.api_key, body=PLAIN))
        path = f"/api/v1/jobs/{json.loads(body)['id']}"
        load.send(self.port, load.request("GET", path, key=self.bed.api_key), times=times, expect=200)

    def renew(self, times: int) -> None:
        """Renew so many leases, as many at once as a parent does."""
        held = _held(self.database)
        for _ in range(times // RENEWED_AT_ONCE):
            with self.database.statements() as session:
                assert len(leases.renew(session, held, lease_s=30.0)) == len(held)


def worker_command(name: str, children: int, queues: str = "default") -> tuple[str, ...]:
    """Return the command line of a worker with so many children."""
    options = ("--queues", queues, "--concurrency", str(children), "--hostname", f"{name}@%h")
    return (sys.executable, "-m", "tasks.worker", *options)


@contextlib.contextmanager
def platform(bed: Bed, *, children: int = 2) -> Iterator[Platform]:
    """Start the parts and let each have had work before anything is measured."""
    commands = {"relay": bed.command("relay", bed.environ), "worker": worker_command("worker", children)}
    with contextlib.ExitStack() as stack:
        port, web = stack.enter_context(watched_web(bed))
        relay, worker = (
            stack.enter_context(processes.started(argv, environ=bed.environ, cwd=CHECKOUT, log=bed.log(name))).pid
            for name, argv in commands.items()
        )
        database = connect(bed.urls.database, pool_size=1, application_name="bench")
        stack.callback(database.engine.dispose)
        redis = Redis.from_url(bed.urls.redis)
        stack.callback(redis.close)
        running = Platform(bed, database, redis, port, web, relay, worker)
        running.submit(200)
        yield running


def slopes(running: Platform, work: Callable[[int], None], *, small: int, large: int, rounds: int) -> Slopes:
    """Do a small and a large number of the same, in turn; return what one more takes of each part."""
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        little, much = _spent(running, work, small), _spent(running, work, large)
        for part, spent in much.items():
            found.setdefault(part, []).append((spent - little[part]) / (large - small))
    return {part: spread(values) for part, values in found.items()}


def _spent(running: Platform, work: Callable[[int], None], times: int) -> Reading:
    before = running.read()
    work(times)
    time.sleep(0.5)  # a relay and a parent that finish with the last messages are seen to
    return {part: now - before[part] for part, now in running.read().items()}


def _held(database: Database) -> list[tuple[UUID, str]]:
    """Have as many jobs as are renewed at once look like running ones; what has ended is theirs to take."""
    taking = text(
        "UPDATE jobs SET state = 'running', worker = 'bench:1', lease_expires_at = now(), finished_at = NULL "
        "WHERE id IN (SELECT id FROM jobs ORDER BY id LIMIT :many) RETURNING id, worker"
    )
    with database.transaction() as session:
        return [(row.id, row.worker) for row in session.execute(taking, {"many": RENEWED_AT_ONCE})]
