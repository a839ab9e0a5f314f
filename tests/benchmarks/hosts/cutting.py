"""Cutting: four workers on three hosts empty a queue, and one host is out of reach for a while in the midst of it."""

import contextlib
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from job_costs import processes
from job_costs.bed import CHECKOUT, Bed
from scale.slopes import worker_command
from sqlalchemy import text

from core.catalogue import discover
from core.clock import utc_now
from core.database import Database, connect
from core.jobs.insertion import insert_jobs
from core.jobs.submission import JobRequest, job_row
from core.platform.access import Principal, Role
from core.platform.tenants import ensure_tenant
from hosts.namespaces import Host

BATCH = 1_000
SLEEPERS, SLEEP_S = 16, 20.0
"""Jobs that take so long that each worker is in the midst of one when the link is cut."""
_OURS = "kind IN ('platform.echo', 'platform.sleep')"
"""Beat fires schedules of its own meanwhile, whose jobs are nobody's here."""
_SETTLED = text(f"SELECT count(*) FROM jobs WHERE {_OURS} AND state IN ('succeeded', 'failed', 'cancelled', 'expired')")
_HELD = text("SELECT count(*) FROM jobs WHERE state = 'running' AND starts_with(worker, :node)")
_RESCUED = text("SELECT at FROM job_events WHERE type = 'job.rescued' AND at > :cut_at ORDER BY at")
_BACK = text(
    "SELECT min(at) FROM job_events WHERE type = 'job.claimed' AND at > :healed_at "
    "AND starts_with(data ->> 'worker', :node)"
)
_ENDS = text(
    "SELECT count(*) FILTER (WHERE state <> 'succeeded') AS lost, "
    "count(*) FILTER (WHERE ends IS DISTINCT FROM 1) AS doubled, count(*) FILTER (WHERE attempt > 1) AS again "
    "FROM jobs LEFT JOIN (SELECT job_id, count(*) AS ends FROM job_events WHERE type = 'job.succeeded' "
    f"GROUP BY job_id) AS ended ON ended.job_id = jobs.id WHERE {_OURS}"
)
_JOBS = text(f"SELECT count(*) FROM jobs WHERE {_OURS}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the jobs."""

    jobs: int
    lost: int
    """How many have not succeeded."""
    doubled: int
    """How many succeeded other than once."""
    again: int
    """How many were begun more than once."""
    held: int
    """How many the host held when it was cut off."""
    rescued: int
    longest_rescue_s: float
    """From the cut to when the last of them was given to others."""
    back_s: float | None
    """From the healing to when the host took a job again; None: it never did."""
    seconds: float


def run(bed: Bed, at: Sequence[Host], *, jobs: int, lease_s: float, cut_s: float) -> Outcome:
    """Submit all jobs, cut the last host off once a tenth has ended, heal, and wait for the end of all."""
    environ = {**bed.environ, "PENSTOCK_LEASE_S": str(lease_s)}
    database = connect(bed.urls.database, pool_size=1, application_name="bench")
    cut = at[-1]
    node = f"w{len(at) + 1}@"
    with contextlib.ExitStack() as stack:
        stack.callback(database.engine.dispose)
        for name in ("relay", "beat"):
            argv = bed.command(name, environ)
            stack.enter_context(processes.started(argv, environ=environ, cwd=CHECKOUT, log=bed.log(name)))
        for number, host in enumerate((at[0], *at), start=1):
            stack.enter_context(_worker(bed, host, f"w{number}", environ))
        began = time.monotonic()
        _submit(database, jobs, "platform.echo", {})
        _await_settled(database, jobs // 10)
        _submit(database, SLEEPERS, "platform.sleep", {"seconds": SLEEP_S, "steps": 20}, priority=9)
        processes.await_that(lambda: _count(database, _HELD, node=node) >= 2, "the host holds sleepers", within_s=120)
        time.sleep(2.0)
        held, cut_at = _count(database, _HELD, node=node), utc_now()
        with _cut_off(cut):
            time.sleep(cut_s)
        healed_at = utc_now()
        _await_settled(database, jobs + SLEEPERS)
        _await_back(database, node, healed_at)
        return _outcome(database, node, held, cut_at, healed_at, time.monotonic() - began)


@contextlib.contextmanager
def _cut_off(host: Host) -> Iterator[None]:
    host.cut()
    try:
        yield
    finally:
        host.heal()


@contextlib.contextmanager
def _worker(bed: Bed, host: Host, name: str, environ: dict[str, str]) -> Iterator[None]:
    """Run a worker on a host, where the servers have another address."""
    ready = bed.root / f"{name}.ready"
    reached = {
        variable: environ[variable].replace("127.0.0.1", host.gateway) for variable in ("DATABASE_URL", "REDIS_URL")
    }
    argv = host.command(worker_command(name, 2, "default,maintenance"))
    own = {**environ, **reached, "PENSTOCK_READY_FILE": str(ready)}
    with processes.started(argv, environ=own, cwd=CHECKOUT, log=bed.log(name)):
        processes.await_that(ready.exists, f"{name} is ready", within_s=120)
        yield


def _submit(database: Database, count: int, kind: str, params: dict[str, object], *, priority: int = 5) -> None:
    found = discover().find(kind)
    with database.transaction() as session:
        principal = Principal(uuid.uuid4(), ensure_tenant(session, "local"), Role.ADMIN, "benchmark")
    for start in range(0, count, BATCH):
        requests = (JobRequest(found, params, priority=priority) for _ in range(start, min(count, start + BATCH)))
        rows = [job_row(principal, request, now=utc_now()) for request in requests]
        with database.transaction() as session:
            insert_jobs(session, rows)


def _count(database: Database, statement: object, **given: object) -> int:
    with database.statements() as session:
        return int(session.scalar(statement, given))  # type: ignore[call-overload] # a count


def _await_settled(database: Database, jobs: int) -> None:
    processes.await_that(
        lambda: _count(database, _SETTLED) >= jobs, f"the end of {jobs:,} jobs", within_s=3600, every_s=0.5
    )


def _await_back(database: Database, node: str, healed_at: datetime) -> None:
    """Give the host work until it takes some, where all had been done before it was back."""
    give_up_at = time.monotonic() + 120
    while time.monotonic() < give_up_at:
        with database.statements() as session:
            if session.scalar(_BACK, {"healed_at": healed_at, "node": node}):
                return
        _submit(database, 20, "platform.echo", {})
        time.sleep(1.0)


def _outcome(
    database: Database, node: str, held: int, cut_at: datetime, healed_at: datetime, seconds: float
) -> Outcome:
    _await_settled(database, _count(database, _JOBS))
    with database.statements() as session:
        ends = session.execute(_ENDS).one()
        rescued = session.scalars(_RESCUED, {"cut_at": cut_at}).all()
        back_at = session.scalar(_BACK, {"healed_at": healed_at, "node": node})
        jobs = int(session.scalar(_JOBS) or 0)
    return Outcome(
        jobs,
        ends.lost,
        ends.doubled,
        ends.again,
        held,
        len(rescued),
        max(((at - cut_at).total_seconds() for at in rescued), default=0.0),
        (back_at - healed_at).total_seconds() if back_at else None,
        seconds,
    )
