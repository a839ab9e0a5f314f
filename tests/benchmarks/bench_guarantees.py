"""`penstock bench guarantees`: bare Celery and Penstock put to the same faults, side by side.

Both have two workers with two children each, on a broker that keeps nothing. Celery acknowledges late, fetches nothing
ahead and has a visibility timeout of 10 s (3 s, looked after every second, where messages are to be sent again);
Penstock's leases last 8 s.
"""

import argparse
import random
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from guarantee_sides.celery_column import celery_column
from guarantee_sides.columns import Extent
from guarantee_sides.penstock_column import penstock_column
from guarantee_sides.trials import table

QUICK = Extent(kills=10, jobs=1500, queued=1000, frozen_s=10.0)
FULL = Extent(kills=120, jobs=36_000, queued=10_000, frozen_s=60.0)


def main(argv: Sequence[str] | None = None) -> int:
    """Print one line for each fault as soon as both sides have suffered it."""
    options = _options(argv)
    signal.signal(signal.SIGTERM, _interrupt)
    with tempfile.TemporaryDirectory(prefix="penstock-guarantees-") as root:
        folder = options.keep or Path(root)
        with celery_column(folder / "celery") as theirs, penstock_column(folder / "penstock") as ours:
            extent = QUICK if options.quick else FULL
            for line in table([theirs, ours], extent, random.Random(options.seed), options.only):
                print(line, flush=True)  # noqa: T201 - the answer
    return 0


def _interrupt(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="penstock bench guarantees", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer kills, fewer jobs, a shorter freeze")
    parser.add_argument("--only", default="", metavar="WORDS", help="the faults whose names have these words")
    parser.add_argument("--seed", type=int, default=1, help="which worker is killed when")
    parser.add_argument("--keep", type=Path, help="a folder for both sides' data and logs, to be kept")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
