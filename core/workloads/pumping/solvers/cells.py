"""This file is about intervals of volume: where each goes in a step, at what least cost, seen against a potential."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.workloads.pumping.dynamics import VOLUME_TOLERANCE_M3, end_charge
from core.workloads.pumping.problem import Counts, Floats, Problem
from core.workloads.pumping.solvers.base import Values
from core.workloads.pumping.solvers.value_table import FORBIDDEN_EUR

_STEEPEST_FACTOR = 3.0

Window = range
"""Consecutive cells."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A division of the volumes, and the potential at its edges, shape (steps + 1, edges)."""

    problem: Problem
    rows: Counts
    edges: Floats
    potential: Floats

    def between(self, low_m3: float, high_m3: float) -> Window:
        """Return the cells that touch a range of volumes."""
        last = len(self.edges) - 2
        first = int(np.clip(np.searchsorted(self.edges, low_m3, side="left") - 1, 0, last))
        return range(first, int(np.clip(np.searchsorted(self.edges, high_m3, side="right") - 1, 0, last)) + 1)

    @property
    def offset_eur(self) -> float:
        """Potential at the start: what reduced costs lack."""
        return float(np.interp(self.problem.volume0, self.edges, self.potential[0]))


@dataclass(frozen=True, slots=True)
class Image:
    """Where each cell of a window goes under each configuration, and the least reduced cost."""

    first: NDArray[np.intp]
    last: NDArray[np.intp]
    cost: Floats


def divide(problem: Problem, rows: Counts, values: Values | None, cell_m3: float) -> Cells:
    """Divide the volumes into cells of about that size."""
    edges = _edges(problem, cell_m3)
    return Cells(problem, rows, edges, _potential(problem, values, edges))


def image(cells: Cells, step: int, window: Window) -> Image:
    """Bound one step from each cell: flow, power and level rise with the volume, so the cell's edges bound them."""
    problem, rows, edges, potential = cells.problem, cells.rows, cells.edges, cells.potential
    low_v, high_v = edges[window.start : window.stop], edges[window.start + 1 : window.stop + 1]
    if step == 0:
        low_v = high_v = np.array([problem.volume0])
    flow_low, flow_high = flows(problem, rows, low_v, high_v)
    h, inflow = problem.step_h, problem.inflow[step]
    drift_low, drift_high = (inflow - flow_high) * h, (inflow - flow_low) * h
    after_low = np.maximum(low_v + drift_low, problem.floor)
    after_high = np.maximum(high_v + drift_high, problem.floor)
    price = problem.price[step]
    power = rows @ problem.capacity.at(low_v if price >= 0 else high_v)[1]
    cost = power * price * h
    alarm = after_low > problem.volume_alarm + VOLUME_TOLERANCE_M3
    cost += problem.plant.rules.alarm_eur_per_h * h * alarm
    cost += _potential_drop(problem, edges, potential, step, (low_v, high_v), (drift_low, drift_high))
    cost[_forbidden(problem, step, (low_v, after_low), (flow_low, flow_high))] = np.inf
    cost[~problem.permitted(rows, step)] = np.inf
    first = np.clip(np.searchsorted(edges, after_low, side="left") - 1, 0, len(edges) - 2)
    last = np.clip(np.searchsorted(edges, after_high, side="right") - 1, 0, len(edges) - 2)
    return Image(first, last, cost)


def flows(problem: Problem, rows: Counts, low_v: Floats, high_v: Floats) -> tuple[Floats, Floats]:
    """Return each configuration's flow at the lower and at the upper volume of cells."""
    return rows @ problem.capacity.at(low_v)[0], rows @ problem.capacity.at(high_v)[0]


def _forbidden(
    problem: Problem, step: int, volumes: tuple[Floats, Floats], flows: tuple[Floats, Floats]
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Mark what breaks a rule wherever in the cell the volume lies."""
    (low_v, after_low), (flow_low, flow_high) = volumes, flows
    reachable = np.maximum(problem.inflow[step] + (low_v - problem.floor) / problem.step_h, 0.0)
    least = np.minimum(flow_low, reachable)
    marked = (after_low > problem.volume_max + VOLUME_TOLERANCE_M3) | (least > problem.plant.rules.outflow_max_m3_per_h)
    if problem.band is not None:
        low, high = problem.band[step]
        emptied = (low_v < problem.volume_empty) | (after_low < problem.volume_empty)
        marked |= (least > high) | ((flow_high < low) & ~emptied)
    return np.asarray(marked)


def _potential_drop(
    problem: Problem,
    edges: Floats,
    potential: Floats,
    step: int,
    volumes: tuple[Floats, Floats],
    drifts: tuple[Floats, Floats],
) -> Floats:
    """Least of potential(after) - potential(before) over each cell.

    Both are piecewise linear and rise with the volume, so with the smallest drift the least lies where either has a
    corner: at the cell's edges or where the image meets an edge.
    """
    before, after = potential[step], potential[step + 1]
    (low_v, high_v), (drift, _) = volumes, drifts

    def drop(volume: Floats) -> Floats:
        landed = np.maximum(volume + drift, problem.floor)
        return np.asarray(np.interp(landed, edges, after) - np.interp(volume, edges, before))

    least = np.minimum(drop(low_v + 0.0 * drift), drop(high_v + 0.0 * drift))
    corner = np.searchsorted(edges, low_v + drift, side="right")
    for offset in range(3):
        edge = edges[np.minimum(corner + offset, len(edges) - 1)]
        least = np.minimum(least, drop(np.clip(edge - drift, low_v, high_v)))
    return least


def terminal(cells: Cells) -> Floats:
    """Return the least reduced charge for the water at the end, for each cell."""
    rest = end_charge(cells.problem, cells.edges) - cells.potential[-1]
    return np.asarray(np.minimum(rest[:-1], rest[1:]))


def _potential(problem: Problem, values: Values | None, edges: Floats) -> Floats:
    """Make each step's estimate of the cost ahead: rising, no steeper than lifting at several times the dearest."""
    if values is None:
        return np.zeros((problem.steps + 1, len(edges)))
    steepest = _STEEPEST_FACTOR * problem.weights.excess_eur_per_m3
    result = np.empty((problem.steps + 1, len(edges)))
    for step in range(problem.steps + 1):
        usable = values.ahead[step] < FORBIDDEN_EUR / 2
        if not usable.any():
            result[step] = 0.0
            continue
        ahead = np.interp(edges, values.nodes[usable], values.ahead[step][usable])
        rise = np.clip(np.diff(ahead), 0.0, steepest * np.diff(edges))
        result[step] = ahead[0] + np.concatenate([[0.0], np.cumsum(rise)])
    return result


def _edges(problem: Problem, cell_m3: float) -> Floats:
    number = int(np.ceil((problem.volume_max - problem.floor) / cell_m3))
    even = np.linspace(problem.floor, problem.volume_max, number + 1)
    near = np.abs(even - problem.volume_empty) < cell_m3 / 4
    near |= np.abs(even - problem.volume0) < cell_m3 / 4
    near[[0, -1]] = False
    marks = [problem.volume_empty, min(max(problem.volume0, problem.floor), problem.volume_max)]
    return np.union1d(even[~near], marks)
