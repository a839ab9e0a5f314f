"""`penstock bench code`: how fast programs are compiled and run, what their box costs, how many come out right."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from code_speed import boxes, compiling, emulation, speaking, suites
from job_costs.reporting import report


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print the table; 0 when every target is met."""
    options = _options(argv)
    figures = [
        *compiling.figures(options.rounds),
        *boxes.figures(options.rounds),
        *emulation.figures(options.rounds, options.fourmilab),
        *speaking.figures(),
        *suites.figures(),
    ]
    report(figures, {"rounds": options.rounds, "python": sys.version.split()[0]}, as_json=options.json)
    return int(any(figure.met is False for figure in figures))


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each pair is measured")
    parser.add_argument("--fourmilab", type=Path, help="folder with the Java sources of the Fourmilab emulator")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
