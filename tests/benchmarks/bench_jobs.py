"""`penstock bench jobs`: what a job costs, as ratios to peers measured in the same run on the same machine."""

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from job_costs import bulk, draining, growth, idling, latency, web
from job_costs.bed import Bed, laid
from job_costs.figures import Figure, unmeasured
from job_costs.processes import NotReady
from job_costs.reporting import report

CHAPTERS: dict[str, Callable[[Bed], list[Figure]]] = {
    "draining": draining.measure,
    "bulk": bulk.measure,
    "web": web.measure,
    "latency": latency.measure,
    "growth": growth.measure,
    "idling": idling.measure,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print the table; 0 when every target was measured and met."""
    options = _options(argv)
    signal.signal(signal.SIGTERM, _interrupt)  # the servers and sides are taken down as by Ctrl-C
    figures: list[Figure] = []
    with (
        tempfile.TemporaryDirectory(prefix="penstock-bench-") as root,
        laid(Path(root), peers=options.peers, quick=options.quick, history=_history(options)) as bed,
    ):
        for name in options.only or CHAPTERS:
            print(f"measuring: {name}", file=sys.stderr)  # noqa: T201 - what a person who waits wants to know
            figures.extend(_measured(name, bed))
    report(figures, {"cores": os.cpu_count(), "load before": os.getloadavg()[2]}, as_json=options.json)
    return int(any(figure.met is False for figure in figures))


def _history(options: argparse.Namespace) -> int:
    if options.full:
        return 10_000_000
    return 100_000 if options.quick else 1_000_000


def _interrupt(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _measured(name: str, bed: Bed) -> list[Figure]:
    bed.clear()
    try:
        return CHAPTERS[name](bed)
    except NotReady as reason:
        return [unmeasured(name, str(reason))]


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="penstock bench jobs", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON document instead of the table")
    parser.add_argument("--quick", action="store_true", help="fewer jobs and rounds: about two minutes")
    parser.add_argument("--full", action="store_true", help="ten million jobs in the large table, not one")
    parser.add_argument("--only", action="append", choices=CHAPTERS, help="measure only this; may be repeated")
    parser.add_argument(
        "--peers",
        type=Path,
        default=os.environ.get("PENSTOCK_BENCH_PEERS"),
        help="Python with requirements-peers.lock installed",
    )
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
