"""This file is about the planner: dynamic programming with exact steps forward, then local search."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.workloads.pumping import configurations
from core.workloads.pumping.configurations import Machine, Mode
from core.workloads.pumping.dynamics import costs, feasible, simulate
from core.workloads.pumping.problem import Counts, Floats, Problem
from core.workloads.pumping.solvers import local_search, value_table
from core.workloads.pumping.solvers.base import Pulse, Solution, Values
from core.workloads.pumping.solvers.value_table import FORBIDDEN_EUR, Table

_TABLE_ENTRIES = 24_000_000


@dataclass(frozen=True, slots=True)
class DynamicProgramming:
    """Value tables over (volume, running pumps, hold), read forward with exact physics and polished."""

    name: str = "dynamic_programming"
    nodes: int = 420

    def solve(self, problem: Problem, pulse: Pulse) -> Solution | None:
        """Try the ways of keeping the hold in turn and return the cheapest plan found."""
        side_kinds = len(problem.plant.pump_kinds) > 1
        phases = sorted({problem.hold_steps * quarter // 4 for quarter in range(4 if side_kinds else 1)})
        ways: list[tuple[Mode, int]] = [*(("kept", phase) for phase in phases), ("whole", 0)]
        best: Solution | None = None
        best_eur = np.inf
        for number, (mode, phase) in enumerate(ways):
            share = _share(pulse, number / len(ways), (number + 1) / len(ways))
            found = self._solve(problem, mode, phase, share)
            if found is None and mode == "kept":
                found = self._solve(problem, mode, phase, share, most=_half(problem))
            if found is not None and (eur := _total(problem, found.counts)) < best_eur:
                best, best_eur = found, eur
        return best

    def _solve(
        self, problem: Problem, mode: Mode, phase: int, pulse: Pulse, *, most: int | None = None
    ) -> Solution | None:
        machine = configurations.build(problem, mode, most)
        if not machine.states or not len(machine.opening):
            return None
        number = min(self.nodes, max(60, _TABLE_ENTRIES // (2 * (problem.steps + 1) * len(machine.states))))
        nodes = value_table.volume_nodes(problem, number)
        sides = np.ones(problem.steps, bool) if mode == "whole" else value_table.side_steps(problem, phase)
        table = value_table.fill(problem, machine, nodes, sides, _share(pulse, 0.0, 0.6))
        counts = read_forward(problem, machine, nodes, table, sides)[None]
        if not feasible(problem, counts, simulate(problem, counts))[0]:
            return None
        polished = local_search.improve(problem, counts[0], _share(pulse, 0.6, 1.0))
        return Solution(polished, Values(nodes, table.min(axis=(1, 2)).astype(float)))


def _half(problem: Problem) -> int:
    """Return half of the main kind's pumps: with no more of them running, there are always others that may start."""
    return int(problem.fleet[configurations.main_kind(problem)]) // 2


def read_forward(problem: Problem, machine: Machine, nodes: Floats, table: Table, sides: NDArray[np.bool_]) -> Counts:
    """Follow the cheapest moves from the start with exact volumes instead of nodes."""
    counts = np.empty((problem.steps, machine.configurations.shape[1]), dtype=np.int64)
    volume, done, state, outflow = problem.volume0, False, -1, problem.outflow0
    days = {step: day for day in problem.days for step in range(day.start, day.stop)}
    for step in range(problem.steps):
        day = days[step]
        done = done and step != day.start
        moved = value_table.advance(problem, machine, np.array([volume]), step)
        targets, starts = _moves(problem, machine, state, all_kinds=bool(sides[step]))
        before = machine.configuration_of[targets]
        after = moved.after[before, 0]
        emptied = done | (after < problem.volume_empty)
        last = step == day.stop - 1
        layers = np.zeros(len(targets), dtype=int) if last else emptied.astype(int)
        ahead = _between(nodes, table[step + 1, layers, targets], after)
        if last and day.empty:
            ahead = ahead + np.where(emptied, 0.0, FORBIDDEN_EUR)
        flow = machine.configurations[before] @ problem.capacity.at(volume)[0]
        change = problem.weights.smoothness_eur_per_m3_per_h * np.abs(flow - outflow)
        chosen = int(np.argmin(moved.cost[before, 0] + starts + change + ahead))
        state = int(targets[chosen])
        done, volume, outflow = bool(emptied[chosen]), float(after[chosen]), float(flow[chosen])
        counts[step] = machine.configurations[before[chosen]]
    return counts


def _moves(problem: Problem, machine: Machine, state: int, *, all_kinds: bool) -> tuple[NDArray[np.intp], Floats]:
    if state < 0:
        targets = machine.opening
        starts = machine.opening_starts(problem.counts0)
        if not all_kinds:
            main = configurations.main_kind(problem)
            rows = machine.configurations[machine.configuration_of[targets]]
            same = (np.delete(rows, main, axis=1) == np.delete(problem.counts0, main)).all(axis=1)
            if same.any():
                targets, starts = targets[same], starts[same]
        return targets, starts * problem.weights.start_eur
    targets = (machine.moves if all_kinds else machine.main_moves)[state]
    change = (
        machine.configurations[machine.configuration_of[targets]]
        - machine.configurations[machine.configuration_of[state]]
    )
    return targets, np.maximum(change, 0).sum(axis=1) * problem.weights.start_eur


def _between(nodes: Floats, rows: Table, volume: Floats) -> Floats:
    """Interpolate one volume in each row."""
    index = np.clip(np.searchsorted(nodes, volume, side="right") - 1, 0, len(nodes) - 2)
    part = (volume - nodes[index]) / (nodes[index + 1] - nodes[index])
    each = np.arange(len(rows))
    low, high = rows[each, index].astype(float), rows[each, index + 1].astype(float)
    return np.asarray(low + part * (high - low))


def _total(problem: Problem, counts: Counts) -> float:
    return float(costs(problem, counts[None], simulate(problem, counts[None])).total[0])


def _share(pulse: Pulse, start: float, stop: float) -> Pulse:
    return lambda fraction, word: pulse(start + (stop - start) * fraction, word)
