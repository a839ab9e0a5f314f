"""Running: many jobs become due at one instant before a real relay and a real worker."""

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from job_costs import processes
from job_costs.bed import CHECKOUT, Bed
from sqlalchemy import text

from core.clock import utc_now
from core.database import Database
from core.jobs import listing, queries
from core.platform.access import Principal
from million.asking import Latency, latency
from million.filling import submit, tidy
from tasks.window import HORIZON_S, SMALLEST

WARM_UP = 200
AHEAD = timedelta(seconds=20)
PREFETCHED = 4
"""Two children with one message each, and as many fetched for each of them."""
LOOK_EVERY_S = 0.1

_OPEN = text(
    """
SELECT EXISTS (
  SELECT FROM jobs WHERE tenant_id = :id AND state IN ('scheduled', 'queued', 'running', 'retryable')
)
"""
)
_WHEN = text(
    """
SELECT
  (SELECT max(at) FROM job_events WHERE job_id = jobs.id AND type = 'job.queued') AS promoted_at,
  queued_at, started_at, finished_at, state, attempt, priority
FROM jobs WHERE tags = ARRAY['due'] ORDER BY started_at, id
"""
)
_SCANS = text("SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname = 'jobs' OR relname LIKE 'job_events_%'")


@dataclass(frozen=True, slots=True)
class Run:
    """What became of jobs that were due at once; seconds count from that instant."""

    promoted_s: float
    portions: int
    """In how many transactions they were queued."""
    largest: int
    relayed_s: float
    """When the last but what two children hold had left the outbox."""
    ran_s: float
    lost: int
    """How many did not succeed at the first attempt."""
    slack: int
    """How many places a job may come late: a window of messages and what the worker has fetched."""
    out_of_order: float
    """Share of jobs that started behind a less urgent one at all."""
    beyond_slack: float
    """Share of those that did so by more than the slack."""
    list_beside: Latency
    poll_beside: Latency
    full_reads: int
    """How often the tables of jobs or events were read as a whole."""


def run_due(bed: Bed, database: Database, principal: Principal, count: int) -> Run:
    """Have so many jobs become due at once, and wait for the end of the last one."""
    with _at_work(bed):
        submit(database, principal, WARM_UP, run_at=None, tag="warm-up")
        processes.await_that(lambda: not _any_open(database, principal), "the worker takes jobs")
        due_at = utc_now() + AHEAD
        submit(database, principal, count, run_at=due_at, tag="due")
        tidy(database)
        time.sleep(max(0.0, (due_at - utc_now()).total_seconds() - 1.0))
        before = _full_reads(database)
        seen = _watch(database, principal, due_at)
        full_reads = _full_reads(database) - before
    return _sum_up(database, due_at, seen, full_reads)


@dataclass(slots=True)
class _Seen:
    """What was noticed meanwhile."""

    emptied_at: datetime
    lists_s: list[float]
    polls_s: list[float]


@contextlib.contextmanager
def _at_work(bed: Bed) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for name in ("relay", "worker"):
            argv = bed.command(name, bed.environ)
            stack.enter_context(processes.started(argv, environ=bed.environ, cwd=CHECKOUT, log=bed.log(name)))
        yield


def _watch(database: Database, principal: Principal, due_at: datetime) -> _Seen:
    """List and poll now and then until no job is open; note when the outbox was seen to have messages last."""
    seen = _Seen(due_at, [], [])
    while _any_open(database, principal):
        with database.statements() as session:
            if session.scalar(text("SELECT EXISTS (SELECT FROM job_outbox)")):
                seen.emptied_at = utc_now()
            asked_at = time.perf_counter()
            listed = listing.list_jobs(session, principal.tenant_id, queries.JobFilter(), limit=50)
            listed_at = time.perf_counter()
            queries.get_job(session, principal.tenant_id, listed.rows[0].id)
            seen.polls_s.append(time.perf_counter() - listed_at)
            seen.lists_s.append(listed_at - asked_at)
        time.sleep(LOOK_EVERY_S)
    return seen


def _any_open(database: Database, principal: Principal) -> bool:
    with database.statements() as session:
        return bool(session.scalar(_OPEN, {"id": principal.tenant_id}))


def _full_reads(database: Database) -> int:
    time.sleep(1.5)  # a backend tells its figures within a second
    with database.statements() as session:
        return sum(row.seq_scan for row in session.execute(_SCANS))


def _sum_up(database: Database, due_at: datetime, seen: _Seen, full_reads: int) -> Run:
    with database.statements() as session:
        jobs = session.execute(_WHEN).all()
    portions: dict[datetime, int] = {}
    for job in jobs:
        portions[job.queued_at] = portions.get(job.queued_at, 0) + 1
    ran_s = (max(job.finished_at for job in jobs) - due_at).total_seconds()
    slack = max(SMALLEST, round(2 * HORIZON_S * len(jobs) / ran_s)) + PREFETCHED
    priorities = [job.priority for job in jobs]
    return Run(
        promoted_s=(max(job.promoted_at for job in jobs) - due_at).total_seconds(),
        portions=len(portions),
        largest=max(portions.values()),
        relayed_s=(seen.emptied_at - due_at).total_seconds(),
        ran_s=ran_s,
        lost=sum(job.state != "succeeded" or job.attempt != 1 for job in jobs),
        slack=slack,
        out_of_order=late_share(priorities, 0),
        beyond_slack=late_share(priorities, slack),
        list_beside=latency(seen.lists_s),
        poll_beside=latency(seen.polls_s),
        full_reads=full_reads,
    )


def late_share(priorities: Sequence[int], slack: int) -> float:
    """Return what share of jobs, by order of start, began more than `slack` places behind a less urgent one."""
    least, late = 9, 0
    for place, priority in enumerate(priorities):
        if place > slack:
            least = min(least, priorities[place - slack - 1])
            late += priority > least
    return late / max(1, len(priorities))
