"""`penstock bench chaos`: random faults over mixed jobs on a whole platform, and what holds afterwards."""

import argparse
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from chaos import delays, invariants
from chaos.feeding import Feeding
from chaos.invariants import Broken
from chaos.reporting import Report
from chaos.schedules import firing
from chaos.site import Site, running_site
from chaos.storm import Storm

from tests.waiting import eventually

ALL_FINAL_WITHIN_S = 240.0


def main(argv: Sequence[str] | None = None) -> int:
    """Let the storm rage and print the report; 0 when every invariant holds."""
    options = _options(argv)
    signal.signal(signal.SIGTERM, _interrupt)
    with tempfile.TemporaryDirectory(prefix="penstock-chaos-") as root:
        folder = options.keep or Path(root)
        with running_site(folder) as site:
            report = rage(site, options.minutes, options.every, options.jobs, options.seed)
    print(f"seed {options.seed}, a fault every {options.every:g} s for {options.minutes:g} minutes")  # noqa: T201 - the answer
    print("\n".join(report.lines()))  # noqa: T201 - the same
    return int(not report.holds)


def rage(site: Site, minutes: float, every_s: float, jobs: int, seed: int) -> Report:
    """Feed a platform while a storm goes over it, wait until all is final, and look."""
    storm = Storm(site, random.Random(seed), every_s)
    feeding = Feeding(site, random.Random(seed + 1), seconds=60 * minutes, jobs=jobs)
    with firing(site):
        storm.begin()
        feeding.run()
        storm.end()
    calm_at = time.monotonic()
    troubles = [*storm.troubles, *_await_all_final(site)]
    drained_s = time.monotonic() - calm_at
    broken = invariants.check(site.rig, feeding.accepted, feeding.cancelled)
    return Report(
        storm.strikes,
        invariants.count_ends(site.rig),
        [*broken, Broken("an answer that must not be", tuple(feeding.violations))],
        delays.examine(site.rig, storm.strikes),
        troubles,
        jobs,
        len(feeding.accepted),
        feeding.took_s,
        drained_s,
        feeding.waits_s,
        feeding.repetitions,
    )


def _await_all_final(site: Site) -> list[str]:
    """Wait for the last jobs; those that stay are found by the invariants."""
    open_jobs = "SELECT FROM jobs WHERE finished_at IS NULL UNION ALL SELECT FROM job_settlements LIMIT 1"
    try:
        eventually(lambda: not site.rig.query(open_jobs), ALL_FINAL_WITHIN_S)
    except AssertionError:
        return [f"not all final {ALL_FINAL_WITHIN_S:g} s after the storm"]
    return []


def _interrupt(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="penstock bench chaos", description=__doc__)
    parser.add_argument(
        "--minutes",
        type=float,
        default=2.0,
        help="how long faults and submissions go on, at most half as long again",
    )
    parser.add_argument("--every", type=float, default=2.0, metavar="S", help="seconds between two faults")
    parser.add_argument("--jobs", type=int, default=None, help="how many jobs (2,000 for each minute)")
    parser.add_argument("--seed", type=int, default=1, help="which faults and jobs")
    parser.add_argument("--keep", type=Path, help="a folder for the platform's data and logs, to be kept")
    options = parser.parse_args(argv)
    options.jobs = options.jobs or int(2000 * options.minutes)
    return options


if __name__ == "__main__":
    sys.exit(main())
