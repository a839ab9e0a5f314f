"""`penstock bench million`: a million jobs in the table, ten thousand due at once: how fast, in which order."""

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from job_costs.bed import Bed, laid
from million.asking import Table, compare, plans
from million.filling import fill
from million.running import Run, run_due

from core import migration
from core.database import connect

BEFORE = 10_000
FLAT = 1.3
OUT_OF_ORDER = 0.01
"""What share of jobs may start later than the window explains."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 0 when all ran in order, and nothing but the history grew."""
    options = _options(argv)
    signal.signal(signal.SIGTERM, _interrupt)  # the servers are taken down as by Ctrl-C
    with (
        tempfile.TemporaryDirectory(prefix="penstock-bench-") as root,
        laid(Path(root), peers=None, quick=False, history=options.jobs) as bed,
    ):
        return measure(bed, jobs=options.jobs, due=options.due)


def measure(bed: Bed, *, jobs: int, due: int) -> int:
    """Ask a small table and a large one the same, then let the due jobs of the large one run."""
    small, large = _filled(_another(bed), min(BEFORE, jobs)), _filled(bed.urls.database, jobs)
    say(f"{jobs:,} jobs beside {min(BEFORE, jobs):,}, on {os.cpu_count()} cores")
    for name, now, before in compare(small, large):
        ratio = now.p50_ms / before.p50_ms
        say(f"  {name}: {now} (the small table: {before}); ratio of medians {ratio:.2f}, at most {FLAT}")
    whole = [name for name, plan in plans(large).items() if "Seq Scan on jobs" in plan]
    say(f"plans that read the whole table: {', '.join(whole) or 'none'}")
    run = run_due(bed, *large, due)
    _tell(run, due)
    for table in (small, large):
        table.database.engine.dispose()
    return int(bool(whole) or run.lost > 0 or run.full_reads > 0 or run.beyond_slack > OUT_OF_ORDER)


def _another(bed: Bed) -> str:
    url = bed.new_database("small")
    migration.upgrade(url)
    return url


def _filled(url: str, jobs: int) -> Table:
    database = connect(url, pool_size=2, application_name="bench")
    return Table(database, fill(database, jobs))


def _tell(run: Run, due: int) -> None:
    say(f"{due:,} jobs due at once:")
    say(f"  queued after {run.promoted_s:.1f} s, in {run.portions} transactions of at most {run.largest:,}")
    say(f"  carried to the broker after {run.relayed_s:.1f} s")
    say(f"  run after {run.ran_s:.1f} s, {due / run.ran_s:,.0f} a second; not at the first attempt: {run.lost}")
    say(f"  started behind a less urgent one: {run.out_of_order:.2%}; by more than {run.slack} places (a window of")
    say(f"  messages and what the worker fetched): {run.beyond_slack:.2%}")
    say(f"  beside it: list {run.list_beside}; poll {run.poll_beside}; tables read as a whole: {run.full_reads} times")


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="penstock bench million", description=__doc__)
    parser.add_argument("--jobs", type=int, default=1_000_000, help="how many jobs there are")
    parser.add_argument("--due", type=int, default=10_000, help="how many more become due at once")
    return parser.parse_args(argv)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a benchmark tells its figures


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
