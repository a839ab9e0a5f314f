"""This file is about the station's configurations and the moves between them that holding each pump allows."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.workloads.pumping.problem import Counts, Problem

Mode = Literal["whole", "kept", "loose"]
"""How a hold is tracked.

whole: after any switch the whole station stays as it is. kept: pumps of the main kind just started stay on, those
started before them as long; the other kinds switch at common times only. Both keep the rule for every pump that may
start again. loose: only the largest recent start of the main kind is tracked: every plan that keeps the rule, and more.
"""

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered between steps: running pumps, how many of the main kind are locked, for how many steps."""

    running: tuple[int, ...]
    locked: int = 0
    steps: int = 0


@dataclass(frozen=True, slots=True)
class Machine:
    """States in the order of their configuration, and for each the states a decision may lead to.

    `moves` has one row for each state, padded by repeating the first; `main_moves` those that leave the other kinds.
    """

    configurations: Counts
    states: tuple[State, ...]
    slices: tuple[slice, ...]
    configuration_of: Indices
    moves: Indices
    main_moves: Indices
    opening: Indices

    def starts(self, moves: Indices) -> NDArray[np.float64]:
        """Count the pumps that each move starts."""
        after = self.configurations[self.configuration_of[moves]]
        before = self.configurations[self.configuration_of][:, None]
        return np.asarray(np.maximum(after - before, 0).sum(axis=2), dtype=float)

    def opening_starts(self, counts0: Counts) -> NDArray[np.float64]:
        """Count the pumps that each opening move starts."""
        after = self.configurations[self.configuration_of[self.opening]]
        return np.asarray(np.maximum(after - counts0, 0).sum(axis=1), dtype=float)


def allowed(problem: Problem) -> Counts:
    """List the configurations that break no rule at every level, each a number of running pumps for each kind."""
    rules = problem.plant.rules
    always = [kind.name == rules.always_one_of for kind in problem.plant.pump_kinds]
    ranges = [range(int(one), n + 1) for one, n in zip(always, problem.fleet, strict=True)]
    lowest = problem.capacity.at(problem.floor)[0]
    rows = [
        row
        for row in product(*ranges)
        if sum(row) >= rules.pumps_min and float(np.dot(row, lowest)) <= rules.outflow_max_m3_per_h
    ]
    return np.array(rows, dtype=np.int64).reshape(len(rows), len(ranges))


def main_kind(problem: Problem) -> int:
    """Return the kind of pump that moves most water in all."""
    flow, _ = problem.capacity.at(problem.volume0)
    return int(np.argmax(flow * problem.fleet))


def build(problem: Problem, mode: Mode, most: int | None = None) -> Machine:
    """Make the machine of a problem, with at most so many of the main kind; without states when nothing is allowed."""
    configurations = allowed(problem)
    main = main_kind(problem)
    if most is not None:
        configurations = configurations[configurations[:, main] <= most]
    rows = [tuple(int(n) for n in row) for row in configurations]
    opening = _opening(problem, mode, main)
    groups = [list(_memories(row, main, problem.hold_steps, mode)) for row in rows]
    states = [state for group in groups for state in group]
    index = {state: position for position, state in enumerate(states)}
    edges = np.cumsum([0, *[len(group) for group in groups]])
    options = [_options(state, rows, main, problem.hold_steps, mode, index) for state in states]
    main_options = [
        [target for target in targets if _sides(states[target], main) == _sides(state, main)]
        for state, targets in zip(states, options, strict=True)
    ]
    return Machine(
        configurations=configurations,
        states=tuple(states),
        slices=tuple(slice(int(a), int(b)) for a, b in pairwise(edges)),
        configuration_of=np.repeat(np.arange(len(rows)), [len(group) for group in groups]),
        moves=_padded(options),
        main_moves=_padded(main_options),
        opening=np.array(_options(opening, rows, main, problem.hold_steps, mode, index), dtype=np.intp),
    )


def _opening(problem: Problem, mode: Mode, main: int) -> State:
    """Return what is remembered at the start: the hold of pumps that switched before."""
    running = tuple(int(n) for n in problem.counts0)
    if mode == "whole":
        return State(running, 0, max((pump.locked_steps for pump in problem.pumps), default=0))
    locked = [pump.locked_steps for pump in problem.pumps if pump.kind == main and pump.on and pump.locked_steps]
    if not locked:
        return State(running)
    return State(running, len(locked), max(locked) if mode == "kept" else min(locked))


def _memories(running: tuple[int, ...], main: int, hold: int, mode: Mode) -> Iterator[State]:
    yield State(running)
    locks = [0] if mode == "whole" else range(1, running[main] + 1)
    for locked, steps in product(locks, range(1, hold)):
        yield State(running, locked, steps)


def _options(
    state: State, rows: list[tuple[int, ...]], main: int, hold: int, mode: Mode, index: dict[State, int]
) -> list[int]:
    reached = (_after(state, row, main, hold, mode) for row in rows)
    return [index[target] for target in reached if target is not None]


def _after(state: State, row: tuple[int, ...], main: int, hold: int, mode: Mode) -> State | None:
    """Return what is remembered after deciding for a row; None when a lock forbids it."""
    left = max(0, state.steps - 1)
    if mode == "whole":
        if row == state.running:
            return State(row, 0, min(left, hold - 1))
        return None if state.steps else State(row, 0, hold - 1)
    if state.steps and row[main] < state.locked:
        return None
    started = row[main] - state.running[main]
    still = state.locked if left else 0
    if started <= 0 or hold == 1:
        return State(row, still, left if still else 0)
    if mode == "kept":
        return State(row, still + started, hold - 1)
    return State(row, still, left) if still > started else State(row, started, hold - 1)


def _sides(state: State, main: int) -> tuple[int, ...]:
    return (*state.running[:main], *state.running[main + 1 :])


def _padded(options: list[list[int]]) -> Indices:
    width = max((len(targets) for targets in options), default=0)
    return np.array([targets + targets[:1] * (width - len(targets)) for targets in options], dtype=np.intp).reshape(
        len(options), width
    )
