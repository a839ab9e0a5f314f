"""Closed forms, orders, conservation and resumed runs: what is true whatever the machine."""

import math
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from job_costs.figures import Figure, Target, absolute
from scipy.optimize import brentq

from core.canonical import canonical_json
from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.simulation import integrators, kinds, running
from simulation_figures import ours

GROWTH: dict[str, Any] = {
    "name": "growth",
    "horizon": 8,
    "dt": 0.5,
    "stocks": {"x": {"initial": 0.1}},
    "flows": {"gain": {"to": "x", "equation": "x * (1 - x)"}},
}
RATE, DURATION, BEGUN = 0.3, 8.0, 10.0 / 10_000
MEMBERS, ROWS, OWN = 8_000, 60, 0.8


class _Killed(BaseException):
    """The attempt is over at once."""


class _Mortal(MemoryRecorder):
    """A recorder whose attempt ends at its third snapshot."""

    lives = 3

    def offer_snapshot(self, write: Callable[[], bytes]) -> None:
        super().offer_snapshot(write)
        self.lives -= 1
        if not self.lives:
            raise _Killed


def laws() -> Iterator[Figure]:
    """Yield how far each law is missed."""
    yield absolute(
        "logistic growth beside its closed form, RK4, relative", Target(at_most=1e-4, unit=""), _growth(0.125)
    )
    for method in ("euler", "heun", "rk4"):
        order = math.log2(_growth(0.25, method) / _growth(0.125, method))
        missed = abs(order - integrators.find(method).ORDER)
        yield absolute(f"order of {method}, from a halved step: off by", Target(at_most=0.15, unit=""), missed)
    yield absolute("final size of an epidemic, relative", Target(at_most=1e-6, unit=""), _final_size())
    yield absolute("variance of AR(1), standard errors off", Target(at_most=4.0, unit=""), _variance())
    result, _ = ours.run(model="sir", members=50, horizon=200)
    kept = max(one["largest_error"] for one in result["conservation"])
    yield absolute("a kept sum: largest relative error", Target(at_most=1e-12, unit=""), kept)
    yield absolute("bytes of a resumed run that differ", Target(at_most=0, unit=""), 0.0 if _resumed() else 1.0)


def _growth(dt: float, method: str = "rk4") -> float:
    result, _ = ours.run(model=GROWTH, members=1, dt=dt, method=method)
    exact = 1.0 / (1.0 + 9.0 * math.exp(-8.0))
    return abs(ours.end(result, "x") / exact - 1.0)


def _final_size() -> float:
    """Return how far s at the end is from ln s = ln s0 - R (1 - s)."""
    fixed = {"contacts": RATE, "duration": DURATION}
    result, _ = ours.run(model="sir", parameters=fixed, members=1, horizon=1500, dt=0.25)
    begun, reach = 1.0 - BEGUN, RATE * DURATION
    exact: float = brentq(lambda s: math.log(s) - math.log(begun) + reach * (1.0 - s), 1e-9, 0.9)
    return abs(ours.end(result, "susceptible") / 10_000 / exact - 1.0)


def _variance() -> float:
    """Return how many standard errors the variance is off s^2 (1 - a^2n) / (1 - a^2)."""
    graph = {"own_lags": [{"variable": "x", "lag": 1, "effect": OWN}]}
    levels = [0.15865525393145707, 0.5, 0.8413447460685429]
    given = {"dynamics": {"graph": graph}, "members": MEMBERS, "horizon": ROWS, "percentiles": levels}
    result, _ = ours.run(**given)
    low, _, high = (band[-1] for band in result["series"][0]["bands"])
    found, exact = (high - low) / 2.0, math.sqrt((1 - OWN ** (2 * ROWS)) / (1 - OWN**2))
    # The standard error of half the distance of these quantiles of a normal variable is 1.09 sd / sqrt(n).
    return abs(float(found) - exact) / (1.09 * exact / math.sqrt(MEMBERS))


def _resumed() -> bool:
    given = kinds.RUN.params().load({"model": "inventory", "members": 20, "seed": 3, "plots": False})

    def compute(recorder: MemoryRecorder) -> str:
        return canonical_json(running.compute(given, JobContext(UUID(int=1), 1, 1, recorder)))

    mortal = _Mortal()
    try:
        compute(mortal)
    except _Killed:
        return compute(MemoryRecorder(snapshot=mortal.snapshot)) == compute(MemoryRecorder())
    return False
