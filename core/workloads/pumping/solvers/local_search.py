"""This file is about polishing a plan: all plans a small change away, simulated exactly and at once."""

from collections.abc import Iterator

import numpy as np

from core.workloads.pumping.dynamics import costs, feasible, holds, simulate
from core.workloads.pumping.problem import Counts, Problem
from core.workloads.pumping.solvers.base import Pulse

_ROUNDS = 40
_SHIFTS = (-8, -4, -3, -2, -1, 1, 2, 3, 4, 8)
_WORTH_EUR = 1e-6
_SMALL = 4
_PAIRS = 1500


def improve(problem: Problem, counts: Counts, pulse: Pulse, *, rounds: int = _ROUNDS, pairs: int = _PAIRS) -> Counts:
    """Return a plan at most as dear as the given one; takes the best of all neighbours until none is better.

    A plan that breaks a rule is dearer than any: the first round leads to the cheapest neighbour that breaks none.
    """
    trajectory = simulate(problem, counts[None])
    kept = feasible(problem, counts[None], trajectory)[0]
    best_eur = float(costs(problem, counts[None], trajectory).total[0]) if kept else np.inf
    for number in range(rounds):
        pulse(number / rounds, "polishing")
        candidates = neighbours(problem, counts, pairs)
        trajectory = simulate(problem, candidates)
        eur = np.where(feasible(problem, candidates, trajectory), costs(problem, candidates, trajectory).total, np.inf)
        chosen = int(np.argmin(eur))
        if not eur[chosen] < best_eur - _WORTH_EUR:
            break
        counts, best_eur = candidates[chosen], float(eur[chosen])
    return counts


def neighbours(problem: Problem, counts: Counts, pairs: int) -> Counts:
    """List plans that differ by a shifted switch, one of about so many pairs of them, or a block of a pump's."""
    plans = list(_shifted(problem, counts))
    plans += _paired(counts, plans, pairs)
    plans += list(_blocks(problem, counts))
    plans.append(counts)
    found = np.array(plans)
    plausible = ((found >= 0) & (found <= problem.fleet)).all(axis=(1, 2))
    plausible &= (found.sum(axis=2) >= problem.plant.rules.pumps_min).all(axis=1)
    found = found[plausible]
    return np.asarray(found[holds(problem, found)])


def _shifted(problem: Problem, counts: Counts) -> Iterator[Counts]:
    for kind in range(counts.shape[1]):
        row = counts[:, kind]
        for step in np.flatnonzero(np.diff(row)) + 1:
            for shift in _SHIFTS:
                moved = counts.copy()
                start, stop = sorted((int(step), int(np.clip(step + shift, 0, problem.steps))))
                moved[start:stop, kind] = row[step - 1] if shift > 0 else row[step]
                yield moved


def _paired(counts: Counts, shifted: list[Counts], number: int) -> list[Counts]:
    """Combine small shifts of two switches, so that the volume at the end can stay what it is."""
    changes = np.array([plan - counts for plan in shifted]).reshape(len(shifted), *counts.shape)
    small = [change for change in changes if 0 < np.abs(change).sum() <= _SMALL]
    pairs = [(a, b) for i, a in enumerate(small) for b in small[i + 1 :] if a.sum() * b.sum() <= 0]
    stride = max(1, len(pairs) // number)
    return [counts + a + b for a, b in pairs[::stride]]


def _blocks(problem: Problem, counts: Counts) -> Iterator[Counts]:
    hold = problem.hold_steps
    for kind in range(counts.shape[1]):
        for length in (hold, hold + hold // 2, 2 * hold):
            for start in range(0, problem.steps, max(1, problem.steps // 96)):
                for sign in (-1, 1):
                    block = counts.copy()
                    block[start : start + length, kind] += sign
                    yield block
