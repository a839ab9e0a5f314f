"""`penstock bench cache`: what a hit costs in each tier, and what a miss costs beside its source.

Answers of 1 KiB of JSON; medians of five rounds of many look-ups, in processor time: neighbors do not count.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from job_costs.figures import Figure, Target, spread
from job_costs.reporting import report

from core.platform.cache.hot import HotTier
from core.platform.cache.tiers import Cache, Lifetime

HOT_US, WARM_US = 10.0, 200.0
ROUNDS, LOOKUPS = 5, 5000
FOREVER = Lifetime(fresh_s=1e9)
ANSWER = {"text": "x" * 1000}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print the table; 0 when every target is met."""
    parser = argparse.ArgumentParser(prog="penstock bench cache", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="penstock-bench-") as folder:
        figures = measure(Path(folder))
    report(figures, {"answers of": "1 KiB", "look-ups a round": LOOKUPS}, as_json=options.json)
    return int(any(figure.met is False for figure in figures))


def measure(folder: Path) -> list[Figure]:
    """Measure hits of both tiers and misses."""
    cache = Cache.at(folder)
    keys = [f"key-{number}" for number in range(LOOKUPS)]

    def look_up() -> None:
        for key in keys:
            cache.get(key, lambda: ANSWER, FOREVER)

    def cool() -> None:
        cache.hot = HotTier()

    def empty() -> None:
        for key in keys:
            cache.forget(key)

    missed = _rounds(look_up, empty)
    return [
        _figure("hot hit", _rounds(look_up, lambda: None), Target(at_most=HOT_US, unit="us")),
        _figure("warm hit", _rounds(look_up, cool), Target(at_most=WARM_US, unit="us")),
        _figure("miss, with a source that costs nothing", missed, Target()),
    ]


def _rounds(work: Callable[[], None], prepare: Callable[[], None]) -> list[float]:
    """Return the microseconds of processor time that one look-up took in each round."""
    taken = []
    for _ in range(ROUNDS):
        prepare()
        began = time.thread_time()
        work()
        taken.append(1e6 * (time.thread_time() - began) / LOOKUPS)
    return taken


def _figure(name: str, taken: Sequence[float], target: Target) -> Figure:
    figures = spread(taken)
    return Figure(name, target.written(), figures.written("us"), met=target.met(figures.median))


if __name__ == "__main__":
    sys.exit(main())
