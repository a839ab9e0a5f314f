"""This file is about the search forward: many partial plans side by side with exact volumes and exact holds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.workloads.pumping.dynamics import end_charge
from core.workloads.pumping.problem import Counts, Floats, Problem
from core.workloads.pumping.solvers.base import Pulse
from core.workloads.pumping.solvers.hold_prices import HoldPrices
from core.workloads.pumping.solvers.value_table import FORBIDDEN_EUR, Table, advance, look_up

_ALIKE_M3 = 25.0
_MIX = 0x9E3779B97F4A7C15
"""Multiplier of Knuth's multiplicative hashing, for telling histories apart."""

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Guide:
    """The cost ahead as a value table knows it, and the prices of the hold within it."""

    rows: Counts
    nodes: Floats
    table: Table
    prices: HoldPrices


@dataclass(frozen=True, slots=True)
class _Partial:
    """Plans up to a step: exact volume, whether the day's emptying is done, running pumps, flow, cost, and switches.

    `recent` holds starts and stops of each of the last steps of a hold, latest first: (plans, 2, hold - 1, kinds).
    """

    volume: Floats
    emptied: NDArray[np.bool_]
    counts: Counts
    outflow: Floats
    cost: Floats
    recent: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class _Offspring:
    """Candidates for the next step: whose continuation, with which configuration, where it leads, at what cost."""

    parent: Indices
    row: Indices
    volume: Floats
    emptied: NDArray[np.bool_]
    outflow: Floats
    cost: Floats
    recent: NDArray[np.int16]
    estimate: Floats


def search(problem: Problem, guide: Guide, width: int, pulse: Pulse, *, hold: bool = True) -> Counts | None:
    """Return the cheapest plan found among the `width` most promising at each step; None when all die out.

    Promising is what is spent, what the hold's prices still charge for recent switches, and the cost ahead. Without
    `hold` the plan of the priced problem is read off, which breaks the hold where breaking it pays.
    """
    kinds, memory = len(problem.fleet), problem.hold_steps - 1
    partial = _Partial(
        volume=np.array([problem.volume0]),
        emptied=np.array([False]),
        counts=problem.counts0[None],
        outflow=np.array([problem.outflow0]),
        cost=np.zeros(1),
        recent=np.zeros((1, 2, memory, kinds), dtype=np.int16),
    )
    trail: list[tuple[Indices, Indices]] = []
    for step in range(problem.steps):
        pulse(step / problem.steps, "searching forward")
        offspring = _continue(problem, guide, partial, step, hold=hold)
        chosen = _select(offspring, width)
        if not len(chosen):
            return None
        trail.append((offspring.parent[chosen], offspring.row[chosen]))
        partial = _Partial(
            volume=offspring.volume[chosen],
            emptied=offspring.emptied[chosen],
            counts=guide.rows[offspring.row[chosen]],
            outflow=offspring.outflow[chosen],
            cost=offspring.cost[chosen],
            recent=offspring.recent[chosen][:, :, :memory],
        )
    best = int(np.argmin(partial.cost + end_charge(problem, partial.volume)))
    chosen_rows = []
    for parent, row in reversed(trail):
        chosen_rows.append(int(row[best]))
        best = int(parent[best])
    return guide.rows[chosen_rows[::-1]]


def _continue(problem: Problem, guide: Guide, partial: _Partial, step: int, *, hold: bool) -> _Offspring:
    """Let every configuration follow on every plan, as far as the rules allow."""
    rows, prices, day = guide.rows, guide.prices, problem.day_of_step[step]
    moved = advance(problem, rows, partial.volume, step)
    change = rows[None] - partial.counts[:, None]
    started, stopped = np.maximum(change, 0), np.maximum(-change, 0)
    allowed = moved.cost.T < FORBIDDEN_EUR / 2
    if hold:
        since = partial.recent.sum(axis=2)
        rest = problem.fleet - rows
        allowed &= (since[:, 0, None] + started + problem.locked_on[step] <= rows).all(axis=2)
        allowed &= (since[:, 1, None] + stopped + problem.locked_off[step] <= rest).all(axis=2)
    below = (moved.after < problem.volume_empty).T
    emptied = (partial.emptied & (step != day.start))[:, None] | below
    last = step == day.stop - 1
    if last and day.empty:
        allowed &= emptied
    parent, row = np.nonzero(allowed)
    after, done = moved.after[row, parent], emptied[parent, row]
    cost = partial.cost[parent] + moved.cost[row, parent]
    cost += problem.weights.start_eur * started[parent, row].sum(axis=1)
    outflow = moved.outflow[row, parent]
    cost += problem.weights.smoothness_eur_per_m3_per_h * np.abs(outflow - partial.outflow[parent])
    switches = np.stack([started[parent, row], stopped[parent, row]], axis=1).astype(np.int16)
    recent = np.concatenate([switches[:, :, None], partial.recent[parent]], axis=2)
    charged = np.stack(prices.pending(step))
    pending = np.tensordot(recent.astype(float), charged, axes=([1, 2, 3], [0, 1, 2]))
    layer = np.zeros(len(row), dtype=np.intp) if last else done.astype(np.intp)
    ahead = look_up(guide.nodes, guide.table[step + 1], layer, row, after)
    estimate = cost + pending + ahead + prices.later_eur(step)
    return _Offspring(parent, row, after, done, outflow, cost, recent, estimate)


def _select(offspring: _Offspring, width: int) -> Indices:
    """Keep the most promising of those alike in volume and history, and of these the most promising at all."""
    if width == 1 or not len(offspring.row):
        return np.argsort(offspring.estimate, kind="stable")[:1]
    history = offspring.recent[:, :, :-1].reshape(len(offspring.row), -1).astype(np.uint64)
    key = (history @ _weights(history.shape[1])) ^ (offspring.volume / _ALIKE_M3).astype(np.uint64)
    key = key * np.uint64(_MIX) + offspring.row.astype(np.uint64) * np.uint64(2) + offspring.emptied.astype(np.uint64)
    order = np.lexsort((offspring.estimate, key))
    sorted_key = key[order]
    first = np.concatenate([[True], sorted_key[1:] != sorted_key[:-1]])
    chosen = order[first]
    if len(chosen) > width:
        chosen = chosen[np.argpartition(offspring.estimate[chosen], width)[:width]]
    return np.asarray(chosen)


def _weights(number: int) -> NDArray[np.uint64]:
    return np.array([pow(_MIX, power + 1, 2**64) for power in range(number)], dtype=np.uint64)
