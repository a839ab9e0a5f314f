"""This file is about a certified lower bound on the nonlinear problem: interval cells with a potential.

Every volume lies in a cell. From a cell, under a configuration, every cell that the image interval touches may be
reached, at the least cost of any volume in the cell; the hold is priced, not tracked. So every plan that keeps the
rules is a path here that costs no more, and the cheapest path bounds them all. A path may drift by a fraction of a cell
each step; a potential (an estimate of the cost ahead, any function will do) is added and taken off again along each
true trajectory, which leaves true costs as they are and makes the drift worth next to nothing.
"""

from dataclasses import dataclass

import numpy as np

from core.workloads.pumping import configurations
from core.workloads.pumping.problem import Floats, Problem
from core.workloads.pumping.solvers import cells as intervals
from core.workloads.pumping.solvers.base import Pulse, Values
from core.workloads.pumping.solvers.cells import Cells, Image, Window
from core.workloads.pumping.solvers.hold_prices import HoldPrices

_ROUNDING = 1e-6


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
    prices: HoldPrices
    windows: list[Window]
    ahead: list[Floats]


def bound(
    problem: Problem,
    prices: HoldPrices,
    values: Values | None,
    cell_m3: float,
    pulse: Pulse,
    corridor: Corridor | None = None,
) -> Proof:
    """Prove an amount that no plan keeping the problem's rules can undercut; infinity: there is no such plan.

    Within a corridor: that no plan inside it can.
    """
    rows = configurations.allowed(problem)
    cells = intervals.divide(problem, rows, values, cell_m3)
    windows = _windows(cells, corridor)
    if not len(rows):
        return Proof(np.inf, cells, prices, windows, [])
    search = _Search(cells, prices, windows)
    done = owed = intervals.terminal(cells)[None, windows[-1].start : windows[-1].stop].repeat(len(rows), 0)
    heads = [owed]
    for step in range(problem.steps - 1, -1, -1):
        pulse((problem.steps - step) / problem.steps, f"bounding with cells of {cell_m3:g} m3")
        day = problem.day_of_step[step]
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
            heads.append(np.minimum(done, owed))
    least = float(np.min(owed)) + cells.offset_eur + prices.constant_eur
    eur = least - _ROUNDING * max(1.0, abs(least)) if np.isfinite(least) else least
    return Proof(eur, cells, prices, windows, [np.empty((0, 0)), *reversed(heads)])


def narrow(proof: Proof, incumbent_eur: float) -> Corridor:
    """Return the volumes through which a path no dearer than the incumbent may lead.

    Forward without the emptying (a looser problem still), so that what lies outside is proven to cost more.
    """
    cells, problem, prices = proof.cells, proof.cells.problem, proof.prices
    limit_eur = incumbent_eur + _ROUNDING * max(1.0, abs(incumbent_eur)) - cells.offset_eur - prices.constant_eur
    low, high = np.full(problem.steps + 1, problem.volume0), np.full(problem.steps + 1, problem.volume0)
    chosen = prices.switching(cells.rows, 0, problem.counts0[None])[0][:, None]
    for step in range(problem.steps):
        behind = _spread(intervals.image(cells, step, proof.windows[step]), chosen, proof.windows[step + 1])
        behind[behind + proof.ahead[step + 1] > limit_eur] = np.inf
        inside = np.flatnonzero(np.isfinite(behind).any(axis=0))
        if not len(inside):
            break
        edges = cells.edges[proof.windows[step + 1].start :]
        low[step + 1], high[step + 1] = edges[inside[0]], edges[inside[-1] + 1]
        if step + 1 < problem.steps:
            switching = prices.switching(cells.rows, step + 1)
            chosen = np.array([np.min(behind + column[:, None], axis=0) for column in switching.T])
    return Corridor(low, high)


def _windows(cells: Cells, corridor: Corridor | None) -> list[Window]:
    """Choose the cells of each step; the first step has one only, shrunk to the start's volume."""
    problem = cells.problem
    first = cells.between(problem.volume0, problem.volume0)
    whole = [range(len(cells.edges) - 1)] * problem.steps
    if corridor is not None:
        whole = [cells.between(*pair) for pair in zip(corridor.low[1:], corridor.high[1:], strict=True)]
    return [first[-1:], *whole]


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
    """The cheapest configuration after each, at each cell."""

    def __init__(self, cells: Cells, prices: HoldPrices, windows: list[Window]) -> None:
        self._problem, self._cells, self._prices, self._windows = cells.problem, cells, prices, windows

    def best(self, image: Image, ahead: Floats, step: int) -> Floats:
        operated = self._operate(image, ahead, self._windows[step + 1])
        rows = self._cells.rows
        if step == 0:
            switching = self._prices.switching(rows, 0, self._problem.counts0[None])
            return np.asarray(np.min(operated + switching[0][:, None], axis=0))[None]
        changes = self._changes(step)
        best = np.empty_like(operated)
        for before, eur in enumerate(self._prices.switching(rows, step)):
            options = operated + eur[:, None]
            if changes is not None:
                options += changes[before]
            np.min(options, axis=0, out=best[before])
        return best

    def _operate(self, image: Image, ahead: Floats, window: Window) -> Floats:
        beyond = len(window)
        ahead = np.concatenate([ahead, np.full((len(ahead), 1), np.inf)], axis=1)
        least = np.full(image.cost.shape, np.inf)
        for offset in range(int(np.max(image.last - image.first)) + 1):
            target = np.minimum(image.first + offset, image.last) - window.start
            target[(target < 0) | (target >= beyond)] = beyond
            np.minimum(least, np.take_along_axis(ahead, target, 1), out=least)
        return np.asarray(least + image.cost)

    def _changes(self, step: int) -> Floats | None:
        """Least cost of changing the flow from one configuration to another, whatever the volumes in the cell."""
        problem, weight = self._problem, self._problem.weights.smoothness_eur_per_m3_per_h
        if not weight:
            return None
        window, rows = self._windows[step], self._cells.rows
        edges = self._cells.edges[window.start : window.stop + 1]
        reachable = np.maximum(problem.inflow[step] + (edges - problem.floor) / problem.step_h, 0.0)
        low, high = intervals.flows(problem, rows, edges[:-1], edges[1:])
        low, high = np.minimum(low, reachable[:-1]), np.minimum(high, reachable[1:])
        least, most = intervals.flows(problem, rows, np.array([problem.floor]), np.array([problem.volume_max]))
        inflow_m3 = problem.inflow[step - 1] * problem.step_h
        earlier = [
            problem.capacity.at(np.maximum(edge - inflow_m3 + problem.step_h * flow, problem.floor))[0]
            for edge, flow in ((edges[:-1], least), (edges[1:], most))
        ]
        was_low, was_high = (np.einsum("ck,kcv->cv", rows, each) for each in earlier)
        gap = np.maximum(low[None] - was_high[:, None], was_low[:, None] - high[None])
        gap[:, :, edges[:-1] < problem.volume_empty + inflow_m3] = 0.0
        return np.asarray(weight * np.maximum(gap, 0.0))
