"""`penstock bench pumping`: plans by proof, by speed, in operation, and by what others make of the same problems."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from job_costs.figures import Figure, unmeasured
from job_costs.reporting import report
from pumping_plans import certainty, front, operations, peers, problems, replanning

CHAPTERS: dict[str, Callable[[Path | None, bool], list[Figure]]] = {
    "certainty": lambda _, quick: certainty.measure(quick=quick),
    "replanning": lambda _, quick: replanning.measure(quick=quick),
    "operations": lambda _, quick: operations.measure(quick=quick),
    "front": lambda _, quick: front.measure(quick=quick),
    "peers": lambda python, quick: peers.measure(python, quick=quick) if python else [_alone("peers")],
    "anytown": lambda python, quick: peers.anytown(python, quick=quick) if python else [_alone("anytown")],
}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print the table; 0 when every target was measured and met."""
    options = _options(argv)
    if not problems.RECORD.is_file():
        print(f"There is no recorded operation at {problems.RECORD}.", file=sys.stderr)  # noqa: T201 - for a person
        return 2
    figures: list[Figure] = []
    for name in options.only or CHAPTERS:
        print(f"measuring: {name}", file=sys.stderr)  # noqa: T201 - what a person who waits wants to know
        figures.extend(CHAPTERS[name](options.peers, options.quick))
    report(figures, {"cores": os.cpu_count(), "load before": os.getloadavg()[2]}, as_json=options.json)
    return int(any(figure.met is False for figure in figures))


def _alone(name: str) -> Figure:
    return unmeasured(name, "no peers' environment")


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="penstock bench pumping", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON document instead of the table")
    parser.add_argument("--quick", action="store_true", help="few days and ten seconds for each peer: a few minutes")
    parser.add_argument("--only", action="append", choices=CHAPTERS, help="measure only this; may be repeated")
    parser.add_argument(
        "--peers",
        type=Path,
        default=os.environ.get("PENSTOCK_BENCH_PEERS"),
        help="Python with requirements-pumping.lock installed",
    )
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
