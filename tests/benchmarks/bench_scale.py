"""`penstock bench scale`: what each part has to do for a job, and which is full first with 10,000 workers.

Slopes and connections are measured on this machine; the model of 100 million jobs a day is computed from them.
"""

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from job_costs.bed import Bed, laid
from job_costs.figures import Figure, Target, absolute
from job_costs.reporting import report
from scale import growing, standing
from scale.day import simulate, with_a_busy_noon
from scale.model import Load, Part, by_share
from scale.parts import parts
from scale.slopes import CPU_SPENT, Slopes, platform, slopes

LARGE = Load(jobs_per_day=100e6, workers=10_000)
NAMES = {
    "web": "web process",
    "relay": "relay",
    "parent": "worker's parent",
    "child": "worker's child",
    "postgres": "Postgres",
    "redis": "Redis",
    "wal": "log of Postgres",
    "tables": "tables and indexes of jobs",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 0 when every target is met."""
    options = _options(argv)
    signal.signal(signal.SIGTERM, _interrupt)  # the servers are taken down as by Ctrl-C
    with (
        tempfile.TemporaryDirectory(prefix="penstock-bench-") as root,
        laid(Path(root), peers=None, quick=options.quick, history=0) as bed,
    ):
        figures = list(measure(bed))
    report(figures, {"cores": os.cpu_count(), "load before": os.getloadavg()[2]}, as_json=options.json)
    return int(any(figure.met is False for figure in figures))


def measure(bed: Bed) -> Iterator[Figure]:
    """Measure slopes, connections and growth on this machine, then ask the model."""
    rounds, small, large = (2, 100, 500) if bed.quick else (5, 400, 2400)
    bed.clear()
    with platform(bed) as running:
        job = slopes(running, running.submit, small=small, large=large, rounds=rounds)
        poll = slopes(running, running.poll, small=small, large=large, rounds=rounds)
        child, parent = standing.measure(running)
        renewal = slopes(running, running.renew, small=small, large=large * 4, rounds=rounds)
    yield from _slope_rows("a job", job)
    yield from _slope_rows("a poll", poll)
    yield from _slope_rows("renewal of a lease", renewal)
    for who, kept in (("worker's child", child), ("worker's parent", parent)):
        yield Figure(f"connections of a {who}", "-", f"{kept['postgres']:g} to Postgres, {kept['redis']:g} to Redis")
    yield from growing.measure(bed)
    yield from _model(parts(_medians(job), _medians(poll), _medians(renewal), child, parent))


def _slope_rows(what: str, slope: Slopes) -> Iterator[Figure]:
    for part, taken in slope.items():
        scale, unit = (1000.0, "ms CPU") if part in CPU_SPENT else (0.001, "kB")
        if abs(scale * taken.median) >= 0.001:
            measured = type(taken)(scale * taken.median, scale * taken.low, scale * taken.high).written(unit)
            yield Figure(f"{what}: {NAMES[part]}", "-", measured)


def _model(all_parts: Sequence[Part]) -> Iterator[Figure]:
    for part in by_share(all_parts, LARGE):
        full = f"full at {part.jobs_per_s(LARGE) / LARGE.amounts()['job']:.3g} of it"
        taken = f"{part.demand(LARGE):,.3g} of {part.capacity:,.0f} {part.unit}"
        yield Figure(f"100 M jobs a day, 10,000 workers: {part.name}", "-", f"{taken}; {full}", part.change)
    yield from _days({part.name: part for part in all_parts})


def _days(found: dict[str, Part]) -> Iterator[Figure]:
    """Simulate the day with each part as often as the peak asks for, then with the mean's number."""
    flows = [part for part in found.values() if "job" in part.demands]
    for what, load in (("the peak", LARGE), ("the mean", Load(LARGE.jobs_per_day, LARGE.workers, peak=1.0))):
        number = {part.name: max(1, -(-part.share(load) // 1)) for part in flows}
        rates = {part.name: number[part.name] * part.jobs_per_s(LARGE) for part in flows}
        course = simulate(rates, with_a_busy_noon(LARGE.jobs_per_day, LARGE.peak))
        counted = ", ".join(f"{name} × {count:.0f}" for name, count in number.items() if count > 1) or "one of each"
        waited = f"longest wait {course.longest_wait_s:,.0f} s{course.where and ' at ' + course.where}"
        yield Figure(f"the same day, parts sized for {what}", "-", waited, counted)
    overload = simulate({"part": 50.0}, lambda _: 100.0, seconds=3600.0)
    yield absolute(
        "a part asked for twice its rate for an hour",
        Target(unit="s of waiting (exactly 3,600)"),
        overload.longest_wait_s,
    )


def _medians(slope: Slopes) -> dict[str, float]:
    return {part: max(0.0, taken.median) for part, taken in slope.items()}


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="penstock bench scale", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and jobs")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    return parser.parse_args(argv)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
