"""`penstock bench vacuum`: days of jobs come, run and are pruned; whether the tables stay as large as what they hold.

A day is so many jobs through real relay and workers, pruned when the next one has ended. Autovacuum has the embedded
server's settings, and no more time than that takes: the jobs of a day come as fast as they are worked off.
"""

import argparse
import contextlib
import os
import signal
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import FrameType

from job_costs.bed import CHECKOUT, Bed, laid
from job_costs.figures import Figure, Target, absolute
from job_costs.processes import await_that, started
from job_costs.reporting import report
from sqlalchemy import text

from core.catalogue import discover
from core.clock import monotonic, utc_now
from core.database import Database, connect
from core.jobs.insertion import insert_jobs
from core.jobs.listing import list_jobs
from core.jobs.pruning import prune_tenant
from core.jobs.queries import JobFilter
from core.jobs.submission import JobRequest, job_row
from core.platform.access import Principal, Role
from core.platform.tenants import ensure_tenant

BATCH = 1_000
SETTLED_AFTER = 2
"""The first days fill the tables: what is compared with the last one is the day after so many."""
MOST = 1.3
"""How much larger and slower the last day may be; of no meaning where days are too short for autovacuum to come."""
TABLES = ("jobs", "job_outbox")
_OPEN = text("SELECT EXISTS (SELECT FROM jobs WHERE tenant_id = :tenant_id AND finished_at IS NULL)")
_OURS = "FROM pg_stat_user_tables WHERE relname = ANY(:tables) OR relname LIKE 'job_events_%'"
_SIZE = text(f"SELECT sum(pg_total_relation_size(relid)) {_OURS}")
_DEAD = text(f"SELECT sum(n_dead_tup) {_OURS}")
_VACUUMS = text(f"SELECT sum(autovacuum_count) {_OURS}")


@dataclass(frozen=True, slots=True)
class Day:
    """What one day left behind."""

    mib: float
    dead: int
    listed_ms: float
    """One page of a list, at its evening."""
    seconds: float


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 0 when the last day's tables are hardly larger than the third's."""
    options = _options(argv)
    signal.signal(signal.SIGTERM, _interrupt)
    jobs, days = (2_000, 4) if options.quick else (options.jobs, options.days)
    with (
        tempfile.TemporaryDirectory(prefix="penstock-bench-") as root,
        laid(Path(root), peers=None, quick=options.quick, history=0) as bed,
        _at_work(bed),
    ):
        database = connect(bed.urls.database, pool_size=2, application_name="bench")
        lived = [_live(database, jobs) for _ in range(days)]
        vacuums = _ask(database, _VACUUMS, tables=list(TABLES))
        database.engine.dispose()
    figures = _figures(lived, vacuums, at_most=None if options.quick else MOST)
    report(figures, {"cores": os.cpu_count(), "jobs a day": jobs, "days": days}, as_json=options.json)
    return int(any(figure.met is False for figure in figures))


def _figures(lived: Sequence[Day], vacuums: float, at_most: float | None) -> list[Figure]:
    settled, last = lived[SETTLED_AFTER], lived[-1]
    return [
        absolute("tables and indexes, last day / third day", Target(at_most=at_most), last.mib / settled.mib),
        absolute("tables and indexes, last day", Target(unit="MiB"), last.mib),
        absolute("most dead rows at an evening", Target(unit="rows"), max(day.dead for day in lived)),
        absolute(
            "one page of a list, last day / first day", Target(at_most=at_most), last.listed_ms / lived[0].listed_ms
        ),
        absolute("times that tables were vacuumed by themselves", Target(unit="times"), vacuums),
        absolute("a day", Target(unit="s"), last.seconds),
    ]


def _live(database: Database, jobs: int) -> Day:
    """Submit a day's jobs, wait for their end, prune what was there before."""
    began = monotonic()
    with database.transaction() as session:
        principal = Principal(uuid.uuid4(), ensure_tenant(session, "bench"), Role.ADMIN, "bench")
    _submit(database, principal, jobs)
    await_that(lambda: not _ask(database, _OPEN, tenant_id=principal.tenant_id), "the day's end", within_s=3600)
    for _ in prune_tenant(
        database, principal.tenant_id, age=timedelta(seconds=monotonic() - began), monotonic=monotonic
    ):
        pass
    tables = {"tables": list(TABLES)}
    return Day(
        mib=_ask(database, _SIZE, **tables) / 2**20,
        dead=int(_ask(database, _DEAD, **tables)),
        listed_ms=_listed_ms(database, principal),
        seconds=monotonic() - began,
    )


def _submit(database: Database, principal: Principal, jobs: int) -> None:
    kind = discover().find("platform.echo")
    for start in range(0, jobs, BATCH):
        rows = [
            job_row(principal, JobRequest(kind, {"n": n}), now=utc_now())
            for n in range(start, min(jobs, start + BATCH))
        ]
        with database.transaction() as session:
            insert_jobs(session, rows)


def _listed_ms(database: Database, principal: Principal) -> float:
    took = []
    for _ in range(20):
        began = time.perf_counter()
        with database.statements() as session:
            list_jobs(session, principal.tenant_id, JobFilter(), limit=100)
        took.append(1000 * (time.perf_counter() - began))
    return sorted(took)[len(took) // 2]


def _ask(database: Database, question: object, **given: object) -> float:
    with database.statements() as session:
        return float(session.scalar(question, given))  # type: ignore[call-overload] # one number


@contextlib.contextmanager
def _at_work(bed: Bed) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for name in ("relay", "worker"):
            argv = bed.command(name, bed.environ)
            stack.enter_context(started(argv, environ=bed.environ, cwd=CHECKOUT, log=bed.log(name)))
        yield


def _interrupt(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="penstock bench vacuum", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON document instead of the table")
    parser.add_argument("--quick", action="store_true", help="short days, few of them")
    parser.add_argument("--jobs", type=int, default=20_000, help="how many jobs a day has")
    parser.add_argument("--days", type=int, default=6, help="how many days there are")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
