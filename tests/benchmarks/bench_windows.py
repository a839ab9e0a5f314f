"""`penstock bench windows`: what windows cost to make, store, import, and make for a thousand domains at once."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence

for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")  # before numpy is loaded: a core's work is compared with a core's

from window_costs import generating, importing, sustaining  # noqa: E402 - see above

PARTS = ("generate", "import", "sustain")
HEADS = ("figure", "target", "measured", "beside", "ratio")


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all when none is named")
    parser.add_argument("--mib", type=int, default=1024, help="size of the imported file")
    parser.add_argument("--domains", type=int, default=1000, help="how many generate at once")
    parser.add_argument("--seconds", type=float, default=120.0, help="for how long they are watched")
    asked = parser.parse_args(arguments)
    measures: dict[str, Callable[[], Iterator[tuple[str, ...]]]] = {
        "generate": generating.measure,
        "import": lambda: importing.measure(asked.mib << 20),
        "sustain": lambda: sustaining.measure(asked.domains, asked.seconds),
    }
    sys.stdout.write(f"| {' | '.join(HEADS)} |\n|{' --- |' * len(HEADS)}\n")
    for part in asked.parts or PARTS:
        for row in measures[part]():
            sys.stdout.write(f"| {' | '.join(row)} |\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
