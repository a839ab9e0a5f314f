"""This file is about what every solver promises: numbers of running pumps for each step, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.workloads.pumping.problem import Counts, Problem
from core.workloads.pumping.solvers.hold_prices import HoldPrices

Pulse = Callable[[float, str], None]
"""Called with the fraction done and a word about it; raises to stop the solver."""


@dataclass(frozen=True, slots=True)
class Values:
    """What a solver learned of the cost still ahead: for each step beginning, at each node volume, in EUR."""

    nodes: NDArray[np.float64]
    ahead: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Solution:
    """Running pumps of shape (steps, kinds) that keep every rule of the problem, and what the solver learned."""

    counts: Counts
    values: Values | None = None
    prices: HoldPrices | None = None


class Solver(Protocol):
    """Makes a plan; the same problem gives the same plan."""

    @property
    def name(self) -> str:
        """What results call the solver."""

    def solve(self, problem: Problem, pulse: Pulse) -> Solution | None:
        """Return a plan that keeps every rule of the problem, None when it finds none."""
