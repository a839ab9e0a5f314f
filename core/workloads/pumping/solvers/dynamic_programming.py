"""This file is about the planner: the hold priced, the cost ahead tabulated, an exact search forward, a polish."""

from collections.abc import Callable
from dataclasses import dataclass

from core.workloads.pumping import configurations
from core.workloads.pumping.dynamics import feasible, simulate
from core.workloads.pumping.problem import Problem
from core.workloads.pumping.solvers import beam, hold_prices, local_search, multipliers, value_table
from core.workloads.pumping.solvers.base import Pulse, Solution, Values
from core.workloads.pumping.solvers.beam import Guide

_WIDER = 5


@dataclass(frozen=True, slots=True)
class DynamicProgramming:
    """Value table over (volume, running pumps) with the hold priced, read forward by an exact beam search."""

    name: str = "dynamic_programming"
    coarse: tuple[int, int] = (200, 25)
    """Nodes of the tables that price the hold, and rounds of it."""
    finer: tuple[int, int] = (500, 12)
    """The same of those that correct its prices after."""
    nodes: int = 600
    width: int = 600

    def solve(self, problem: Problem, pulse: Pulse) -> Solution | None:
        """Return the best plan of the search, polished; a wider search follows when the first dies out."""
        rows = configurations.allowed(problem)
        if not len(rows):
            return None
        prices = hold_prices.free(problem)
        for (number, rounds), share in ((self.coarse, (0.0, 0.2)), (self.finer, (0.2, 0.5))):
            nodes = value_table.volume_nodes(problem, number)
            prices = multipliers.find(problem, rows, nodes, prices, rounds, _share(pulse, *share))
        nodes = value_table.volume_nodes(problem, self.nodes)
        table = value_table.fill(problem, rows, nodes, prices, _share(pulse, 0.5, 0.6))
        guide = Guide(rows, nodes, table, prices)
        counts = beam.search(problem, guide, self.width, _share(pulse, 0.6, 0.9))
        if counts is None:
            counts = beam.search(problem, guide, _WIDER * self.width, _share(pulse, 0.6, 0.9))
        if counts is None or not feasible(problem, counts[None], simulate(problem, counts[None]))[0]:
            return None
        polished = local_search.improve(problem, counts, _share(pulse, 0.9, 1.0))
        return Solution(polished, Values(nodes, table.min(axis=(1, 2)).astype(float)), prices)


def hasty() -> DynamicProgramming:
    """Return the planner for whoever waits: a second for a day of quarters instead of three, nearly as good."""
    return DynamicProgramming(coarse=(200, 5), finer=(200, 0), nodes=250, width=200)


def _share(pulse: Pulse, start: float, stop: float) -> Callable[[float, str], None]:
    return lambda fraction, word: pulse(start + (stop - start) * fraction, word)
