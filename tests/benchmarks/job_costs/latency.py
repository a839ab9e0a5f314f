"""How long a job takes on an idle platform, from sending the request to knowing that it succeeded."""

import contextlib
import json
import statistics
import time

from job_costs import load, side
from job_costs.bed import Bed
from job_costs.figures import Figure, Target, absolute, compared
from job_costs.web import PLAIN, penstock_web

BLOCK = 10


def measure(bed: Bed) -> list[Figure]:
    """Ask both sides for one job after another, ten by ten in turn."""
    blocks = 5 if bed.quick else 20
    with contextlib.ExitStack() as stack:
        celery = stack.enter_context(side.at_work(bed, side.celery(bed, results="redis")))
        stack.enter_context(side.at_work(bed, side.penstock(bed)))
        port = stack.enter_context(penstock_web(bed))
        _round_trip_s(port, bed.api_key)
        pairs = [
            ([_round_trip_s(port, bed.api_key) for _ in range(BLOCK)], celery.round_trips(BLOCK)) for _ in range(blocks)
        ]
    return _figures([ours for ours, _ in pairs], [theirs for _, theirs in pairs])


def _figures(ours: list[list[float]], theirs: list[list[float]]) -> list[Figure]:
    every_ms = sorted(1000 * seconds for block in ours for seconds in block)
    name = "latency, HTTP submit to known success"
    return [
        absolute(f"{name}, p50", Target(at_most=25.0, unit="ms"), statistics.median(every_ms)),
        absolute(f"{name}, p99", Target(at_most=100.0, unit="ms"), every_ms[int(0.99 * (len(every_ms) - 1))]),
        compared(
            f"{name}, median of {BLOCK}",
            Target(at_most=3.0),
            [statistics.median(block) for block in ours],
            [statistics.median(block) for block in theirs],
            peer="Celery + redis results, delay().get()",
            unit="ms",
            scale=1000.0,
        ),
    ]


def _round_trip_s(port: int, key: str) -> float:
    started_s = time.perf_counter()
    _, submitted = load.exchange(port, load.request("POST", "/api/v1/jobs", key=key, body=PLAIN))
    job_id = json.loads(submitted)["id"]
    state = ""
    while state != "succeeded":
        _, job = load.exchange(port, load.request("GET", f"/api/v1/jobs/{job_id}?wait=30", key=key))
        state = json.loads(job)["state"]
    return time.perf_counter() - started_s
