"""This file is about proving how good a plan is: a lower bound refined in a corridor around the incumbent."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.workloads.pumping import configurations
from core.workloads.pumping.dispatch import Dispatched
from core.workloads.pumping.dynamics import costs, simulate
from core.workloads.pumping.problem import Problem
from core.workloads.pumping.solvers import cell_bound, hold_prices
from core.workloads.pumping.solvers.base import Pulse

_COARSE_M3 = 320.0
_FINER = 4.0
_FINEST_M3 = 0.3
_CLOSED = 2e-4
_WORK_A_STEP = 3e6
"""Pairs of configurations times cells, for each step of the horizon: some ten seconds of work for a day of quarters."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What the objective cannot fall below; incomplete when time ran out."""

    eur: float
    complete: bool


def refine_bound(found: Dispatched, pulse: Pulse, late: Callable[[], bool]) -> Bound:
    """Bound with finer and finer cells as far as a fixed amount of work goes; `late` ends it early.

    Finer cells look only where a plan as cheap as the incumbent may lead: outside all plans cost more.
    """
    problem, solution, counts = found.problem, found.solution, found.solution.counts[None]
    incumbent_eur = float(costs(problem, counts, simulate(problem, counts)).total[0])
    prices = solution.prices or hold_prices.free(problem)
    best, cell_m3, spent, corridor = -np.inf, _first_cells_m3(problem), 0.0, None
    while not late():
        proof = cell_bound.bound(problem, prices, solution.values, cell_m3, pulse, corridor)
        best = max(best, min(proof.eur, incumbent_eur))
        if incumbent_eur - best <= _CLOSED * abs(incumbent_eur):
            return Bound(best, complete=True)
        corridor = cell_bound.narrow(proof, incumbent_eur)
        cell_m3 /= _FINER
        spent += len(proof.cells.rows) ** 2 * float(np.sum(corridor.high - corridor.low)) / cell_m3
        if spent > _WORK_A_STEP * problem.steps or cell_m3 < _FINEST_M3:
            return Bound(best, complete=True)
    return Bound(best, complete=False)


def _first_cells_m3(problem: Problem) -> float:
    """Return the size of the first cells: larger where there are so many configurations that small ones take long."""
    pairs = len(configurations.allowed(problem)) ** 2
    return max(_COARSE_M3, pairs * (problem.volume_max - problem.floor) / _WORK_A_STEP)
