"""This file is about what a station downstream costs at the least, whatever the ones upstream send it and when.

A linear program over its volume, what arrives and what it pumps: every cubic metre is lifted at the least energy any
of its pumps needs at any level. Every plan of the cascade is a solution that costs no more here than it really does.
"""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog

from core.workloads.pumping.geometry import volume_m3
from core.workloads.pumping.problem import Problem

_ROUNDING = 1e-6
_LEVELS = 400


def least_eur(upstream: Sequence[Problem], station: Problem) -> float:
    """Return a lower bound of a station's objective; minus infinity when the program cannot be solved.

    What arrives is bounded by the largest flow of the pumps just upstream, and in all by the water there is.
    """
    steps, h = station.steps, station.step_h
    specific, flow_most, power_most = _extremes(station)
    _, arriving_most, _ = _extremes(upstream[-1])
    energy = np.where(station.price >= 0, station.price * specific, 0.0) * h
    given_back = float(np.minimum(station.price, 0.0).sum() * power_most * h)
    weights = station.weights
    value = weights.water_value_eur_per_m3 if weights.end_volume == "value" else 0.0
    excess = 0.0 if weights.end_volume == "value" else weights.excess_eur_per_m3
    # Columns: what arrives, what is pumped (m3/h), the volume after each step, the excess at the end.
    end = np.zeros(steps)
    end[-1] = value
    cost = np.concatenate([np.zeros(steps), energy, end, [excess]])
    same = np.eye(steps)
    balance = np.hstack([-h * same, h * same, same - np.eye(steps, k=-1), np.zeros((steps, 1))])
    start = np.zeros(steps)
    start[0] = station.volume0
    total = sum(one.volume0 for one in upstream) + float(upstream[0].inflow.sum()) * h
    rows = np.zeros((3, 3 * steps + 1))
    rows[0, :steps], rows[1, :steps] = h, -h
    rows[2, 3 * steps - 1], rows[2, -1] = 1.0, -1.0
    held = sum(one.floor for one in upstream), sum(one.volume_max for one in upstream)
    limits = [total - held[0], held[1] - total, station.volume0]
    lowest = np.concatenate([np.zeros(2 * steps), np.full(steps, station.floor), [0.0]])
    largest = np.concatenate(
        [np.full(steps, arriving_most), np.full(steps, flow_most), np.full(steps, station.volume_max), [np.inf]]
    )
    bounds = list(zip(lowest.tolist(), largest.tolist(), strict=True))
    found = linprog(cost, A_ub=rows, b_ub=np.array(limits), A_eq=balance, b_eq=start, bounds=bounds, method="highs")
    if found.status != 0 or found.fun is None:
        return -np.inf
    eur = float(found.fun) + given_back - value * station.volume0
    return eur - _ROUNDING * max(1.0, abs(eur))


def _extremes(problem: Problem) -> tuple[float, float, float]:
    """Return the least energy for a cubic metre (kWh), and the largest flow and power of all pumps together."""
    rules = problem.plant.rules
    levels = np.linspace(rules.level_min_m, rules.level_max_m, _LEVELS)
    flow, power = problem.capacity.at(volume_m3(problem.plant, levels))
    margin = 1.0 - 1e-3
    largest = float(np.max(problem.fleet @ flow)) / margin
    return (
        float(np.min(power / flow)) * margin,
        min(largest, rules.outflow_max_m3_per_h),
        float(np.max(problem.fleet @ power)) / margin,
    )
