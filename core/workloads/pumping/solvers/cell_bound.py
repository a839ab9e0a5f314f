"""This file is about a certified lower bound on the nonlinear problem: interval cells with a potential.

Every volume lies in a cell. From a cell, under a configuration, every cell that the image interval touches may be
reached, at the least cost of any volume in the cell; holds are tracked loosely. So every plan that keeps the rules is
a path here that costs no more, and the cheapest path bounds them all. A path may drift by a fraction of a cell each
step; a potential (an estimate of the cost ahead, any function will do) is added and taken off again along each true
trajectory, which leaves true costs as they are and makes the drift worth next to nothing.
"""

from dataclasses import dataclass

import numpy as np

from core.workloads.pumping import configurations
from core.workloads.pumping.configurations import Machine
from core.workloads.pumping.problem import Floats, Problem
from core.workloads.pumping.solvers import cells as intervals
from core.workloads.pumping.solvers import value_table
from core.workloads.pumping.solvers.base import Pulse, Values
from core.workloads.pumping.solvers.cells import Cells, Image, Window

_ROUNDING = 1e-6
_NODES = 420


@dataclass(frozen=True, slots=True)
class Corridor:
    """Volumes that a plan as cheap as the incumbent may have at each step's beginning, and at the end."""

    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Proof:
    """A lower bound, and the cost ahead it rests on: for each step, configuration and cell of the step's window."""

    eur: float
    cells: Cells
    windows: list[Window]
    ahead: list[Floats]


def bound(
    problem: Problem, values: Values | None, cell_m3: float, pulse: Pulse, corridor: Corridor | None = None
) -> Proof:
    """Prove an amount that no plan keeping the problem's rules can undercut; infinity: there is no such plan.

    Within a corridor: that no plan inside it can.
    """
    machine = configurations.build(problem, "loose")
    cells = intervals.divide(problem, machine, values, cell_m3)
    windows = _windows(cells, corridor)
    if not len(machine.opening):
        return Proof(np.inf, cells, windows, [])
    search = _Search(cells, windows)
    done = owed = intervals.terminal(cells)[None, windows[-1].start : windows[-1].stop].repeat(len(machine.states), 0)
    heads = [_by_configuration(machine, owed)]
    days = {step: day for day in problem.days for step in range(day.start, day.stop)}
    for step in range(problem.steps - 1, -1, -1):
        pulse((problem.steps - step) / problem.steps, f"bounding with cells of {cell_m3:g} m3")
        day = days[step]
        if step == day.stop - 1:
            done, owed = owed, np.full_like(owed, np.inf) if day.empty else owed
        image = intervals.image(cells, step, windows[step])
        if day.empty:
            emptied = cells.edges[windows[step + 1].start : windows[step + 1].stop] < problem.volume_empty
            owed = search.best(image, np.where(emptied, done, owed), step)
            done = search.best(image, done, step) if step > day.start else owed
        else:
            done = owed = search.best(image, owed, step)
        if step:
            heads.append(_by_configuration(machine, np.minimum(done, owed)))
    least = float(np.min(owed)) + cells.offset_eur
    eur = least - _ROUNDING * max(1.0, abs(least)) if np.isfinite(least) else least
    return Proof(eur, cells, windows, [np.empty((0, 0)), *reversed(heads)])


def narrow(proof: Proof, incumbent_eur: float) -> Corridor:
    """Return the volumes through which a path no dearer than the incumbent may lead.

    Forward over configurations alone (a looser problem still), so that what lies outside is proven to cost more.
    """
    cells, problem = proof.cells, proof.cells.problem
    rows = cells.machine.configurations
    starts = np.maximum(rows[None] - rows[:, None], 0).sum(axis=2) * problem.weights.start_eur
    limit_eur = incumbent_eur + _ROUNDING * max(1.0, abs(incumbent_eur)) - cells.offset_eur
    low, high = np.full(problem.steps + 1, problem.volume0), np.full(problem.steps + 1, problem.volume0)
    opening = np.full(len(rows), np.inf)
    reached_by = cells.machine.configuration_of[cells.machine.opening]
    np.minimum.at(opening, reached_by, cells.machine.opening_starts(problem.counts0) * problem.weights.start_eur)
    chosen = opening[:, None]
    for step in range(problem.steps):
        behind = _spread(intervals.image(cells, step, proof.windows[step]), chosen, proof.windows[step + 1])
        inside = np.flatnonzero((behind + proof.ahead[step + 1] <= limit_eur).any(axis=0))
        if not len(inside):
            break
        edges = cells.edges[proof.windows[step + 1].start :]
        low[step + 1], high[step + 1] = edges[inside[0]], edges[inside[-1] + 1]
        chosen = np.min(behind[:, None] + starts[:, :, None], axis=0)
    return Corridor(low, high)


def estimate(problem: Problem, pulse: Pulse) -> Values:
    """Return a potential from the loose problem itself, on nodes instead of cells."""
    machine = configurations.build(problem, "loose")
    nodes = value_table.volume_nodes(problem, _NODES)
    table = value_table.fill(problem, machine, nodes, np.ones(problem.steps, dtype=bool), pulse)
    return Values(nodes, table.min(axis=(1, 2)).astype(float))


def _windows(cells: Cells, corridor: Corridor | None) -> list[Window]:
    """Choose the cells of each step; the first step has one only, shrunk to the start's volume."""
    problem = cells.problem
    first = cells.between(problem.volume0, problem.volume0)
    whole = [range(len(cells.edges) - 1)] * problem.steps
    if corridor is not None:
        whole = [cells.between(*pair) for pair in zip(corridor.low[1:], corridor.high[1:], strict=True)]
    return [first[-1:], *whole]


def _by_configuration(machine: Machine, states: Floats) -> Floats:
    return np.array([states[rows].min(axis=0) for rows in machine.slices])


def _spread(image: Image, chosen: Floats, window: Window) -> Floats:
    """Carry the least cost of each cell to every cell its image touches."""
    configurations_number, _ = image.cost.shape
    behind = np.full((configurations_number, len(window) + 1), np.inf)
    cost = chosen + image.cost
    each = np.arange(configurations_number)[:, None]
    for offset in range(int(np.max(image.last - image.first)) + 1):
        target = np.minimum(image.first + offset, image.last) - window.start
        outside = (target < 0) | (target >= len(window))
        np.minimum.at(behind, (each, np.where(outside, len(window), target)), cost)
    return behind[:, :-1]


class _Search:
    """The cheapest move from each state at each cell."""

    def __init__(self, cells: Cells, windows: list[Window]) -> None:
        self._problem, self._machine, self._cells, self._windows = cells.problem, cells.machine, cells, windows
        price, machine = cells.problem.weights.start_eur, cells.machine
        self._columns = [np.ascontiguousarray(column) for column in machine.moves.T]
        starts = machine.starts(machine.moves) * price
        self._starts = [starts[:, [column]] for column in range(machine.moves.shape[1])]
        self._opening_starts = machine.opening_starts(cells.problem.counts0) * price

    def best(self, image: Image, ahead: Floats, step: int) -> Floats:
        operated = self._operate(image, ahead, self._windows[step + 1])
        if step == 0:
            return np.asarray(operated[self._machine.opening] + self._opening_starts[:, None])
        changes = self._changes(step)
        best = np.full_like(operated, np.inf)
        before = self._machine.configuration_of
        for targets, starts in zip(self._columns, self._starts, strict=True):
            cost = operated[targets] + starts
            if changes is not None:
                cost += changes[before, before[targets]]
            np.minimum(best, cost, out=best)
        return best

    def _operate(self, image: Image, ahead: Floats, window: Window) -> Floats:
        beyond = len(window)
        ahead = np.concatenate([ahead, np.full((len(ahead), 1), np.inf)], axis=1)
        operated = np.empty((len(ahead), image.cost.shape[1]))
        width = int(np.max(image.last - image.first)) + 1
        for configuration, rows in enumerate(self._machine.slices):
            first, last = image.first[configuration], image.last[configuration]
            least = np.full((rows.stop - rows.start, len(first)), np.inf)
            for offset in range(width):
                target = np.minimum(first + offset, last) - window.start
                target = np.where((target < 0) | (target >= beyond), beyond, target)
                least = np.minimum(least, ahead[rows, target])
            operated[rows] = least + image.cost[configuration]
        return operated

    def _changes(self, step: int) -> Floats | None:
        """Least cost of changing the flow from one configuration to another, whatever the volumes in the cell."""
        problem, weight = self._problem, self._problem.weights.smoothness_eur_per_m3_per_h
        if not weight:
            return None
        window = self._windows[step]
        edges = self._cells.edges[window.start : window.stop + 1]
        low, high = intervals.flows(problem, self._machine, edges[:-1], edges[1:])
        least, most = intervals.flows(problem, self._machine, np.array([problem.floor]), np.array([problem.volume_max]))
        inflow_m3 = problem.inflow[step - 1] * problem.step_h
        earlier = [
            problem.capacity.at(np.maximum(edge - inflow_m3 + problem.step_h * flow, problem.floor))[0]
            for edge, flow in ((edges[:-1], least), (edges[1:], most))
        ]
        rows = self._machine.configurations
        was_low, was_high = (np.einsum("ck,kcv->cv", rows, each) for each in earlier)
        gap = np.maximum(low[None] - was_high[:, None], was_low[:, None] - high[None])
        gap[:, :, edges[:-1] < problem.volume_empty + inflow_m3] = 0.0
        return np.asarray(weight * np.maximum(gap, 0.0))
