"""`penstock bench hosts`: four workers on three hosts, one out of reach for two minutes: what becomes of the jobs.

Hosts are network namespaces with links of their own, which takes root. A cut link drops everything in both directions
and tells nobody.
"""

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from hosts import cutting
from hosts.cutting import Outcome
from hosts.namespaces import NoHosts, hosts
from hosts.servers import ReachablePostgres, ReachableRedis
from job_costs.bed import laid
from job_costs.figures import Figure, Target, absolute, unmeasured
from job_costs.reporting import report

HOSTS = 3
LEASE_S = 30.0
MARGIN_S = 10.0


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print the table; 0 when every target is met."""
    options = _options(argv)
    signal.signal(signal.SIGTERM, _interrupt)  # hosts and servers are taken down as by Ctrl-C
    jobs, cut_s = (2_000, 45.0) if options.quick else (options.jobs, options.cut)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="penstock-bench-") as root,
            hosts(HOSTS) as made,
            laid(
                Path(root), peers=None, quick=options.quick, history=0, servers=(ReachablePostgres(), ReachableRedis())
            ) as bed,
        ):
            figures = _figures(cutting.run(bed, made, jobs=jobs, lease_s=LEASE_S, cut_s=cut_s))
    except NoHosts as reason:
        figures = [unmeasured("a host out of reach", str(reason))]
    surroundings = {"cores": os.cpu_count(), "hosts": HOSTS, "workers": HOSTS + 1, "cut off for s": cut_s}
    report(figures, surroundings, as_json=options.json)
    return int(any(figure.met is False for figure in figures))


def _figures(outcome: Outcome) -> list[Figure]:
    back = outcome.back_s if outcome.back_s is not None else float("inf")
    return [
        absolute(f"of {outcome.jobs:,} jobs lost", Target(at_most=0, unit="jobs"), outcome.lost),
        absolute("succeeded other than once", Target(at_most=0, unit="jobs"), outcome.doubled),
        absolute("held by the host when it was cut off", Target(at_least=1, unit="jobs"), outcome.held),
        absolute("given to others after", Target(at_most=LEASE_S + MARGIN_S, unit="s"), outcome.longest_rescue_s),
        absolute("begun more than once", Target(unit="jobs"), outcome.again),
        absolute("the host takes jobs again, after healing", Target(at_most=60, unit="s"), back),
        absolute("all of it", Target(unit="s"), outcome.seconds),
    ]


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="penstock bench hosts", description=__doc__)
    parser.add_argument("--jobs", type=int, default=100_000, help="how many jobs are queued")
    parser.add_argument("--cut", type=float, default=120.0, help="for how many seconds one host is out of reach")
    parser.add_argument("--quick", action="store_true", help="2,000 jobs and 45 s")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    return parser.parse_args(argv)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
