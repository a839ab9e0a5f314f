"""This file is about the hold as prices: multipliers that let a search forget when pumps last switched.

The hold is kept exactly when, for each kind and step, the pumps started within the hold are no more than those that
run, and those stopped within it no more than those that rest. Pricing what exceeds instead of forbidding it leaves a
problem that remembers nothing but the numbers of running pumps, and never costs a plan that keeps the hold more than
it costs (Lagrangian relaxation; the rows are the turn-on and turn-off inequalities of Rajan and Takriti, IBM RC23628).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.workloads.pumping.problem import Counts, Floats, Problem


@dataclass(frozen=True, slots=True)
class HoldPrices:
    """What starting, stopping and running a pump of each kind costs at each step, EUR; shape (steps, kinds)."""

    problem: Problem
    started: Floats
    """Multipliers of "started within the hold <= running"."""
    stopped: Floats
    """Multipliers of "stopped within the hold <= resting"."""
    start_eur: Floats
    stop_eur: Floats
    run_eur: Floats
    constant_eur: float
    """What the multipliers pay whatever the plan."""

    def switching(self, rows: Counts, step: int, before: Counts | None = None) -> Floats:
        """Price each change of configuration, shape (before, rows), with what running the new one costs."""
        change = rows[None] - (rows if before is None else before)[:, None]
        prices = np.maximum(change, 0) @ self.start_eur[step] + np.maximum(-change, 0) @ self.stop_eur[step]
        return np.asarray(prices + rows @ self.run_eur[step])

    def pending(self, step: int) -> tuple[Floats, Floats]:
        """Return what is yet to be charged after a step for a start, and for a stop, so many steps ago.

        Shape (hold steps, kinds), from no step ago on.
        """
        hold, steps = self.problem.hold_steps, self.problem.steps
        end = np.minimum(step - np.arange(hold) + hold, steps)
        paid = min(step + 1, steps)
        first, second = (
            np.maximum(sums[end] - sums[paid], 0.0) for sums in (_summed(self.started), _summed(self.stopped))
        )
        return first, second

    def later_eur(self, step: int) -> float:
        """Return what the multipliers pay after a step whatever the plan."""
        rest = self.problem.fleet - self.problem.locked_off[step + 1 :]
        ahead = self.started[step + 1 :] * self.problem.locked_on[step + 1 :] - self.stopped[step + 1 :] * rest
        return float(ahead.sum())


def price(problem: Problem, started: Floats, stopped: Floats) -> HoldPrices:
    """Turn multipliers (not negative) into prices."""
    weight = problem.weights.start_eur
    paid = (started * problem.locked_on - stopped * (problem.fleet - problem.locked_off)).sum()
    return HoldPrices(
        problem=problem,
        started=started,
        stopped=stopped,
        start_eur=_windowed(started, problem.hold_steps) + weight,
        stop_eur=_windowed(stopped, problem.hold_steps),
        run_eur=stopped - started,
        constant_eur=float(paid),
    )


def free(problem: Problem) -> HoldPrices:
    """Return prices that ignore the hold."""
    nothing = np.zeros((problem.steps, len(problem.fleet)))
    return price(problem, nothing, nothing)


def excess(problem: Problem, counts: Counts) -> tuple[Floats, Floats]:
    """Return by how many pumps a plan breaks each of the two rows, negative where it has room; (steps, kinds)."""
    change = np.diff(counts, axis=0, prepend=problem.counts0[None])
    behind = np.maximum(np.arange(problem.steps) + 1 - problem.hold_steps, 0)
    recent = []
    for sign in (1, -1):
        sums = _summed(np.maximum(sign * change, 0).astype(float))
        recent.append(sums[1:] - sums[behind])
    return recent[0] + problem.locked_on - counts, recent[1] + problem.locked_off - (problem.fleet - counts)


def _windowed(multipliers: Floats, hold: int) -> Floats:
    """Sum over the hold that begins at each step."""
    steps = np.arange(len(multipliers))
    sums = _summed(multipliers)
    return np.asarray(sums[np.minimum(steps + hold, len(multipliers))] - sums[steps])


def _summed(values: NDArray[np.float64]) -> Floats:
    return np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
