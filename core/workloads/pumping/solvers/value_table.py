"""This file is about the cost still ahead: backward dynamic programming over volume nodes and the machine's states."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.workloads.pumping.configurations import Machine
from core.workloads.pumping.dynamics import VOLUME_TOLERANCE_M3, end_charge
from core.workloads.pumping.problem import Floats, Problem
from core.workloads.pumping.solvers.base import Pulse

FORBIDDEN_EUR = 1e9
"""Stands for infinity, so that interpolation beside a forbidden volume stays finite."""

Table = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Step:
    """One step from given volumes under every configuration: volume after, cost; shape (configurations, volumes)."""

    after: Floats
    cost: Floats


def advance(problem: Problem, machine: Machine, volume: Floats, step: int) -> Step:
    """Apply physics and the rules that concern one step."""
    flow_each, power_each = problem.capacity.at(volume)
    capacity, power = machine.configurations @ flow_each, machine.configurations @ power_each
    inflow = problem.inflow[step]
    outflow = np.minimum(capacity, np.maximum(inflow + (volume - problem.floor) / problem.step_h, 0.0))
    after = volume + (inflow - outflow) * problem.step_h
    rules = problem.plant.rules
    cost = power * problem.price[step] * problem.step_h
    cost += rules.alarm_eur_per_h * problem.step_h * (after > problem.volume_alarm + VOLUME_TOLERANCE_M3)
    forbidden = (after > problem.volume_max + VOLUME_TOLERANCE_M3) | (outflow > rules.outflow_max_m3_per_h)
    if problem.band is not None:
        low, high = problem.band[step]
        emptied = (volume < problem.volume_empty) | (after < problem.volume_empty)
        forbidden |= (outflow > high) | ((outflow < low) & ~emptied)
    return Step(after, np.where(forbidden, FORBIDDEN_EUR, cost))


def volume_nodes(problem: Problem, number: int) -> Floats:
    """Place nodes over the volumes worth visiting, closer near the sump, with one on either side of "emptied"."""
    top = problem.volume_max
    spread = problem.floor + (top - problem.floor) * np.linspace(0.0, 1.0, number) ** 1.4
    marks = [problem.volume_empty - 1e-3, problem.volume_empty, problem.volume0, problem.volume_alarm]
    nodes = np.union1d(spread, marks)
    return nodes[(nodes >= problem.floor) & (nodes <= top)]


def side_steps(problem: Problem, phase: int) -> NDArray[np.bool_]:
    """Mark the steps at which kinds other than the main may switch: a hold apart, so that each keeps its hold."""
    locked = max((pump.locked_steps for pump in problem.pumps), default=0)
    steps = np.arange(problem.steps)
    return np.asarray(((steps - phase) % problem.hold_steps == 0) & (steps >= locked))


def fill(problem: Problem, machine: Machine, nodes: Floats, sides: NDArray[np.bool_], pulse: Pulse) -> Table:
    """Return the cost ahead, shape (steps + 1, 2, states, nodes).

    Layer 0: the day's emptying is still owed (or not asked for); layer 1: it is done.
    """
    steps, states = problem.steps, len(machine.states)
    table = np.full((steps + 1, 2, states, len(nodes)), FORBIDDEN_EUR, dtype=np.float32)
    table[steps, :] = end_charge(problem, nodes)
    owed = nodes < problem.volume_empty
    days = {step: day for day in problem.days for step in range(day.start, day.stop)}
    stay, change = _Choice(problem, machine, machine.main_moves), _Choice(problem, machine, machine.moves)
    for step in range(steps - 1, -1, -1):
        pulse((steps - step) / steps, "filling the value table")
        moved = advance(problem, machine, nodes, step)
        choice = change if sides[step] else stay
        ahead = table[step + 1].copy()
        day = days[step]
        if step == day.stop - 1:
            ahead[1] = ahead[0]
            if day.empty:
                ahead[0] = FORBIDDEN_EUR
        ahead[0][:, owed] = ahead[1][:, owed]
        layers = (0, 1) if day.empty else (0,)
        for layer in layers:
            table[step, layer] = choice.best(_operate(machine, nodes, moved, ahead[layer]), nodes)
        if not day.empty:
            table[step, 1] = table[step, 0]
    return table


class _Choice:
    """The best move from each state, with what starting and changing the flow costs."""

    def __init__(self, problem: Problem, machine: Machine, moves: NDArray[np.intp]) -> None:
        self._problem, self._machine = problem, machine
        self._columns = [np.ascontiguousarray(column) for column in moves.T]
        starts = machine.starts(moves) * problem.weights.start_eur
        self._starts = [starts[:, [column]].astype(np.float32) for column in range(moves.shape[1])]

    def best(self, operated: Table, nodes: Floats) -> Table:
        changes = self._changes(nodes)
        best = np.full(operated.shape, FORBIDDEN_EUR, dtype=np.float32)
        before = self._machine.configuration_of
        for targets, starts in zip(self._columns, self._starts, strict=True):
            cost = operated[targets] + starts
            if changes is not None:
                cost += changes[before, before[targets]]
            np.minimum(best, cost, out=best)
        return best

    def _changes(self, nodes: Floats) -> Table | None:
        weight = self._problem.weights.smoothness_eur_per_m3_per_h
        if not weight:
            return None
        flow = self._machine.configurations @ self._problem.capacity.at(nodes)[0]
        return (weight * np.abs(flow[:, None] - flow[None, :])).astype(np.float32)


def _operate(machine: Machine, nodes: Floats, moved: Step, ahead: Table) -> Table:
    """Add a step's cost to the cost ahead at the volume it leads to."""
    operated = np.empty_like(ahead)
    index = np.clip(np.searchsorted(nodes, moved.after, side="right") - 1, 0, len(nodes) - 2)
    part = ((moved.after - nodes[index]) / (nodes[index + 1] - nodes[index])).astype(np.float32)
    for configuration, rows in enumerate(machine.slices):
        low, high = ahead[rows, index[configuration]], ahead[rows, index[configuration] + 1]
        operated[rows] = low + part[configuration] * (high - low) + moved.cost[configuration].astype(np.float32)
    return operated
