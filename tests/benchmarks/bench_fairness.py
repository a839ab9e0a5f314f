"""`penstock bench fairness`: how long a small tenant waits alone, beside a noisy one, and beside it without fairness.

The noisy tenant brings 90 % of the jobs and comes first. Real relay, real workers, no-op jobs; a wait is from the
submission to the start, both by the database's clock.
"""

import argparse
import contextlib
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

from job_costs.bed import CHECKOUT, Bed, laid
from job_costs.figures import Figure, Target, compared
from job_costs.processes import await_that, started
from job_costs.reporting import report
from sqlalchemy import text

from core.catalogue import discover
from core.clock import utc_now
from core.database import Database, connect
from core.jobs.insertion import insert_jobs
from core.jobs.submission import JobRequest, job_row
from core.platform.access import Principal, Role
from core.platform.tenants import ensure_tenant

NOISE = 9
"""So many jobs of the noisy tenant come with each of the small one's."""
FIRST_IN_FIRST_OUT = """
from tasks import window
window.SMALLEST = window.LARGEST = 10**6
from tasks import relay
relay.main()
"""
PATTERNS = {"all at once": (1, 0.0), "a few every moment": (10, 0.2)}
"""In how many bursts the small tenant's jobs come, and how far apart."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print the table; 0 when the small tenant waits at most twice as long as alone."""
    options = _options(argv)
    figures: list[Figure] = []
    with (
        tempfile.TemporaryDirectory(prefix="penstock-bench-") as root,
        laid(Path(root), peers=None, quick=True, history=0) as bed,
    ):
        fair = bed.command("relay", bed.environ)
        alone, beside = _measured(bed, fair, options), _measured(bed, fair, options, noisy=True)
        fifo = _measured(bed, (sys.executable, "-c", FIRST_IN_FIRST_OUT), options, noisy=True)
    for name in PATTERNS:
        for label, measured, target in (
            ("fair", beside, Target(at_most=2.0)),
            ("first in, first out", fifo, Target()),
        ):
            what = f"small tenant's p99 wait, {options.jobs} jobs {name}, {label}"
            figures.append(compared(what, target, measured[name], alone[name], peer="alone", unit="ms", scale=1000.0))
    report(figures, {"jobs": options.jobs, "noisy": NOISE * options.jobs}, as_json=options.json)
    return int(any(figure.met is False for figure in figures))


def _measured(
    bed: Bed, relay: Sequence[str], options: argparse.Namespace, *, noisy: bool = False
) -> dict[str, list[float]]:
    """Return for each pattern the p99 of each round."""
    database = connect(bed.urls.database, pool_size=1)
    with _at_work(bed, relay):
        _submit(database, "noisy", 50)
        _await_quiet(database)
        found: dict[str, list[float]] = {name: [] for name in PATTERNS}
        for _ in range(options.rounds):
            for name, (bursts, apart_s) in PATTERNS.items():
                if noisy:
                    _submit(database, "noisy", NOISE * options.jobs)
                began = utc_now()
                for _ in range(bursts):
                    _submit(database, "small", options.jobs // bursts)
                    time.sleep(apart_s)
                _await_quiet(database)
                found[name].append(_p99_s(database, began))
    return found


@contextlib.contextmanager
def _at_work(bed: Bed, relay: Sequence[str]) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for name, command in (("relay", tuple(relay)), ("worker", bed.command("worker", bed.environ))):
            stack.enter_context(started(command, environ=bed.environ, cwd=CHECKOUT, log=bed.log(name)))
        yield


def _submit(database: Database, slug: str, jobs: int) -> None:
    echo = discover().find("platform.echo")
    with database.transaction() as session:
        principal = Principal(uuid.uuid4(), ensure_tenant(session, slug), Role.ADMIN, slug)
        insert_jobs(session, [job_row(principal, JobRequest(echo, {"n": n}), now=utc_now()) for n in range(jobs)])


def _await_quiet(database: Database) -> None:
    def is_quiet() -> bool:
        with database.statements() as session:
            return not session.scalar(text("SELECT EXISTS (SELECT FROM jobs WHERE state <> 'succeeded')"))

    await_that(is_quiet, "all jobs to end", within_s=300.0)


def _p99_s(database: Database, since: object) -> float:
    query = text(
        """
        SELECT extract(epoch FROM started_at - jobs.created_at)::float FROM jobs JOIN tenants ON tenants.id = tenant_id
        WHERE slug = 'small' AND jobs.created_at >= :since
        """
    )
    with database.statements() as session:
        waits = [float(wait) for wait in session.scalars(query, {"since": since})]
    return statistics.quantiles(waits, n=100, method="inclusive")[98]


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="penstock bench fairness", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON document instead of the table")
    parser.add_argument("--jobs", type=int, default=100, help="how many jobs the small tenant brings")
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is measured")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
