"""This file is about finding the hold's prices: projected subgradient steps on the priced problem.

Step lengths follow Polyak's rule towards a target a little above the best value so far, halved when it stalls (Held,
Wolfe and Crowder, Mathematical Programming 6, 1974).
"""

import numpy as np

from core.workloads.pumping.problem import Counts, Floats, Problem
from core.workloads.pumping.solvers import beam, hold_prices, value_table
from core.workloads.pumping.solvers.base import Pulse
from core.workloads.pumping.solvers.beam import Guide
from core.workloads.pumping.solvers.hold_prices import HoldPrices

_HOPE = 0.002
_SHRINK = 0.6
_PATIENCE = 2


def find(problem: Problem, rows: Counts, nodes: Floats, start: HoldPrices, rounds: int, pulse: Pulse) -> HoldPrices:
    """Return the prices under which ignoring the hold pays least, of `start` and those tried from there."""
    prices = best = start
    best_eur, length, stalled = -np.inf, 1.0, 0
    for number in range(rounds):
        pulse(number / rounds, "pricing the hold")
        table = value_table.fill(problem, rows, nodes, prices, _quietly(pulse, number / rounds))
        guide = Guide(rows, nodes, table, prices)
        value_eur = _value(problem, guide)
        if value_eur > best_eur:
            best, best_eur, stalled = prices, value_eur, 0
        else:
            stalled += 1
            if stalled == _PATIENCE:
                length, stalled = length * _SHRINK, 0
        counts = beam.search(problem, guide, 1, _quietly(pulse, number / rounds), hold=False)
        if counts is None:
            break
        started, stopped = hold_prices.excess(problem, counts)
        started[(prices.started <= 0) & (started < 0)] = 0.0
        stopped[(prices.stopped <= 0) & (stopped < 0)] = 0.0
        steepness = float((started**2).sum() + (stopped**2).sum())
        if steepness == 0:
            break
        hope_eur = best_eur + max(1.0, _HOPE * abs(best_eur)) - value_eur
        step = length * hope_eur / steepness
        prices = hold_prices.price(
            problem, np.maximum(prices.started + step * started, 0), np.maximum(prices.stopped + step * stopped, 0)
        )
    return best


def _value(problem: Problem, guide: Guide) -> float:
    """Return the priced problem's cost from the start."""
    first = value_table.advance(problem, guide.rows, np.array([problem.volume0]), 0)
    switching = guide.prices.switching(guide.rows, 0, problem.counts0[None])[0]
    every = np.arange(len(guide.rows))
    layer = (first.after[:, 0] < problem.volume_empty).astype(np.intp)
    ahead = value_table.look_up(guide.nodes, guide.table[1], layer, every, first.after[:, 0])
    return float(np.min(first.cost[:, 0] + switching + ahead)) + guide.prices.constant_eur


def _quietly(pulse: Pulse, fraction: float) -> Pulse:
    """Keep a solver's inner steps stoppable without reporting each."""
    return lambda _, word: pulse(fraction, word)
