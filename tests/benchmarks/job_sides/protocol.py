"""How a driver is told what to do: one JSON list a line in, one JSON list of seconds a line out."""

import json
import sys
import time
from collections.abc import Callable

PATIENCE_S = 120.0


def drive(
    submit: Callable[[int], None], finished: Callable[[], bool], round_trip: Callable[[], None] | None = None
) -> None:
    """Answer `["drain", n]` and `["round_trips", n]` until the input ends."""
    for line in sys.stdin:
        what, count = json.loads(line)
        if what == "drain":
            seconds = [_drained(submit, finished, count)]
        else:
            assert round_trip is not None
            seconds = [_timed(round_trip) for _ in range(count)]
        sys.stdout.write(json.dumps(seconds) + "\n")
        sys.stdout.flush()


def _drained(submit: Callable[[int], None], finished: Callable[[], bool], jobs: int) -> float:
    started_s = time.perf_counter()
    submit(jobs)
    while not finished():
        if time.perf_counter() - started_s > PATIENCE_S:
            sys.exit(f"{jobs} jobs were not done within {PATIENCE_S:g} s")
        time.sleep(0.02)
    return time.perf_counter() - started_s


def _timed(action: Callable[[], None]) -> float:
    started_s = time.perf_counter()
    action()
    return time.perf_counter() - started_s
