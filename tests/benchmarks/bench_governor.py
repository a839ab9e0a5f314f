"""`penstock bench governor`: how long urgent jobs wait beside a hog of processors, with the governor and without it.

A real relay and worker compute jobs of low priority all the time; urgent ones come one by one. A wait is from the
submission to the start, by the database's clock. Memory is another matter: tests/acceptance/test_squeeze.py.
"""

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

from job_costs.bed import CHECKOUT, Bed, laid
from job_costs.figures import Figure, Target, compared
from job_costs.processes import started
from job_costs.reporting import report
from sqlalchemy import text

from core.catalogue import discover
from core.clock import utc_now
from core.database import Database, connect
from core.jobs.insertion import insert_jobs
from core.jobs.submission import JobRequest, job_row
from core.platform.access import Principal, Role
from core.platform.tenants import ensure_tenant

LOW, URGENT = 1, 9
POINTS = 20_000_000
"""A job of low priority takes a second or two."""
EVERY_S = 0.5
WARM_S = 5.0
"""How long the governor gets to see what is going on."""
SPIN = "while True: pass"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print the table; 0 when urgent jobs wait at most twice as long beside the hog."""
    options = _options(argv)
    figures: list[Figure] = []
    for label, mode, target in (("governor on", "on", Target(at_most=2.0)), ("governor off", "off", Target())):
        with (
            tempfile.TemporaryDirectory(prefix="penstock-bench-") as root,
            laid(Path(root), peers=None, quick=True, history=0) as bed,
            _at_work(bed, mode),
        ):
            database = connect(bed.urls.database, pool_size=1)
            quiet = [_p95_s(database, options.jobs) for _ in range(options.rounds)]
            with _hog():
                beside = [_p95_s(database, options.jobs) for _ in range(options.rounds)]
            database.engine.dispose()
        what = f"urgent jobs' p95 wait beside a hog of every processor, {label}"
        figures.append(compared(what, target, beside, quiet, peer="without the hog", unit="ms", scale=1000.0))
    report(figures, {"jobs": options.jobs, "rounds": options.rounds}, as_json=options.json)
    return int(any(figure.met is False for figure in figures))


def _p95_s(database: Database, jobs: int) -> float:
    """Keep the worker busy with jobs of low priority, and return the p95 of the waits of urgent ones."""
    _submit(database, "platform.pi", {"points": POINTS, "seed": 1}, LOW, count=8)
    time.sleep(WARM_S)
    began = utc_now()
    for _ in range(jobs):
        if _waiting(database) < 4:
            _submit(database, "platform.pi", {"points": POINTS, "seed": 1}, LOW, count=4)
        _submit(database, "platform.echo", {}, URGENT)
        time.sleep(EVERY_S)
    with database.statements() as session:
        waits = [float(one) for one in session.scalars(text(_WAITS), {"since": began, "priority": URGENT})]
        session.execute(text("DELETE FROM job_outbox WHERE priority = :low"), {"low": LOW})
        session.execute(text("DELETE FROM jobs WHERE priority = :low AND state = 'queued'"), {"low": LOW})
    return statistics.quantiles(waits, n=20, method="inclusive")[18]


def _submit(database: Database, kind: str, params: dict[str, object], priority: int, count: int = 1) -> None:
    with database.transaction() as session:
        principal = Principal(uuid.uuid4(), ensure_tenant(session, "bench"), Role.ADMIN, "bench")
        asked = JobRequest(discover().find(kind), params, priority=priority)
        insert_jobs(session, [job_row(principal, asked, now=utc_now()) for _ in range(count)])
        session.execute(text("SELECT pg_notify('penstock_outbox', 'job_outbox')"))


def _waiting(database: Database) -> int:
    with database.statements() as session:
        return int(session.scalar(text("SELECT count(*) FROM jobs WHERE state = 'queued'")) or 0)


@contextlib.contextmanager
def _at_work(bed: Bed, mode: str) -> Iterator[None]:
    environ = {**bed.environ, "PENSTOCK_GOVERNOR": mode}
    with contextlib.ExitStack() as stack:
        for name in ("relay", "worker"):
            command = bed.command(name, environ)
            stack.enter_context(started(command, environ=environ, cwd=CHECKOUT, log=bed.log(name)))
        yield


@contextlib.contextmanager
def _hog() -> Iterator[None]:
    hogs = [subprocess.Popen([sys.executable, "-c", SPIN]) for _ in range(2 * (os.cpu_count() or 1))]
    try:
        yield
    finally:
        for one in hogs:
            one.kill()
            one.wait()


_WAITS = """
SELECT extract(epoch FROM coalesce(started_at, now()) - created_at)::float FROM jobs
WHERE priority = :priority AND created_at >= :since
"""


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="penstock bench governor", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON document instead of the table")
    parser.add_argument("--jobs", type=int, default=40, help="how many urgent jobs come in each round")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
