"""This file is about the cost still ahead: backward dynamic programming over volume nodes and running pumps."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.workloads.pumping.dynamics import VOLUME_TOLERANCE_M3, end_charge
from core.workloads.pumping.problem import Counts, Floats, Problem
from core.workloads.pumping.solvers.base import Pulse
from core.workloads.pumping.solvers.hold_prices import HoldPrices

FORBIDDEN_EUR = 1e9
"""Stands for infinity, so that interpolation beside a forbidden volume stays finite."""

Table = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Step:
    """One step from given volumes under every configuration; shape (configurations, volumes)."""

    after: Floats
    outflow: Floats
    cost: Floats


def advance(problem: Problem, rows: Counts, volume: Floats, step: int) -> Step:
    """Apply physics and the rules that concern one step."""
    flow_each, power_each = problem.capacity.at(volume)
    capacity, power = rows @ flow_each, rows @ power_each
    inflow = problem.inflow[step]
    outflow = np.minimum(capacity, np.maximum(inflow + (volume - problem.floor) / problem.step_h, 0.0))
    after = volume + (inflow - outflow) * problem.step_h
    rules = problem.plant.rules
    cost = power * problem.price[step] * problem.step_h
    cost += rules.alarm_eur_per_h * problem.step_h * (after > problem.volume_alarm + VOLUME_TOLERANCE_M3)
    if problem.onward is not None:
        cost += problem.onward[step] * outflow * problem.step_h
    forbidden = (after > problem.volume_max + VOLUME_TOLERANCE_M3) | (outflow > rules.outflow_max_m3_per_h)
    if problem.band is not None:
        low, high = problem.band[step]
        emptied = (volume < problem.volume_empty) | (after < problem.volume_empty)
        forbidden |= (outflow > high) | ((outflow < low) & ~emptied)
    forbidden |= ~problem.permitted(rows, step)[:, None]
    return Step(after, outflow, np.where(forbidden, FORBIDDEN_EUR, cost))


def volume_nodes(problem: Problem, number: int) -> Floats:
    """Place nodes over the volumes worth visiting, closer near the sump, with one on either side of "emptied"."""
    top = problem.volume_max
    spread = problem.floor + (top - problem.floor) * np.linspace(0.0, 1.0, number) ** 1.4
    marks = [problem.volume_empty - 1e-3, problem.volume_empty, problem.volume0, problem.volume_alarm]
    nodes = np.union1d(spread, marks)
    return nodes[(nodes >= problem.floor) & (nodes <= top)]


def fill(problem: Problem, rows: Counts, nodes: Floats, prices: HoldPrices, pulse: Pulse) -> Table:
    """Return the cost ahead with the hold priced, shape (steps + 1, 2, configurations, nodes).

    Layer 0: the day's emptying is still owed (or not asked for); layer 1: it is done.
    """
    steps = problem.steps
    table = np.full((steps + 1, 2, len(rows), len(nodes)), FORBIDDEN_EUR, dtype=np.float32)
    table[steps, :] = end_charge(problem, nodes)
    owed = nodes < problem.volume_empty
    days = problem.day_of_step
    changes = _changes(problem, rows, nodes)
    for step in range(steps - 1, -1, -1):
        pulse((steps - step) / steps, "filling the value table")
        moved = advance(problem, rows, nodes, step)
        ahead = table[step + 1].copy()
        day = days[step]
        if step == day.stop - 1:
            ahead[1] = ahead[0]
            if day.empty:
                ahead[0] = FORBIDDEN_EUR
        ahead[0][:, owed] = ahead[1][:, owed]
        switching = prices.switching(rows, step).astype(np.float32)
        for layer in (0, 1) if day.empty else (0,):
            operated = _between(nodes, ahead[layer], moved.after) + moved.cost.astype(np.float32)
            for before in range(len(rows)):
                options = operated + switching[before][:, None]
                if changes is not None:
                    options += changes[before]
                np.min(options, axis=0, out=table[step, layer, before])
        if not day.empty:
            table[step, 1] = table[step, 0]
    return np.minimum(table, np.float32(FORBIDDEN_EUR))


def look_up(nodes: Floats, layers: Table, layer: NDArray[np.intp], row: NDArray[np.intp], volume: Floats) -> Floats:
    """Interpolate one step's cost ahead, shape (2, configurations, nodes), at single volumes."""
    index = np.clip(np.searchsorted(nodes, volume, side="right") - 1, 0, len(nodes) - 2)
    part = (volume - nodes[index]) / (nodes[index + 1] - nodes[index])
    low, high = layers[layer, row, index], layers[layer, row, index + 1]
    return np.asarray(low + part * (high - low), dtype=np.float64)


def _between(nodes: Floats, ahead: Table, volume: Floats) -> Table:
    """Interpolate each configuration's row at its own volumes."""
    index = np.clip(np.searchsorted(nodes, volume, side="right") - 1, 0, len(nodes) - 2)
    part = ((volume - nodes[index]) / (nodes[index + 1] - nodes[index])).astype(np.float32)
    low, high = np.take_along_axis(ahead, index, 1), np.take_along_axis(ahead, index + 1, 1)
    return np.asarray(low + part * (high - low))


def _changes(problem: Problem, rows: Counts, nodes: Floats) -> Table | None:
    weight = problem.weights.smoothness_eur_per_m3_per_h
    if not weight:
        return None
    flow = rows @ problem.capacity.at(nodes)[0]
    return (weight * np.abs(flow[:, None] - flow[None, :])).astype(np.float32)
