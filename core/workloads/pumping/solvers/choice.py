"""This file is about which planner suits a station: by how many configurations its pumps allow."""

from dataclasses import dataclass

from core.workloads.pumping import configurations
from core.workloads.pumping.problem import Problem
from core.workloads.pumping.solvers.base import Pulse, Solution, Solver
from core.workloads.pumping.solvers.count_milp import CountMilp
from core.workloads.pumping.solvers.dynamic_programming import DynamicProgramming, hasty

MOST_TABULATED = 60
"""The work of dynamic programming grows with the square of the configurations; beyond so many a MILP is quicker."""


def planner(problem: Problem, effort: str) -> Solver:
    """Return the planner of a problem; any effort but full is for whoever waits."""
    if len(configurations.allowed(problem)) > MOST_TABULATED:
        return Backed(CountMilp(), hasty())
    return DynamicProgramming() if effort == "full" else hasty()


@dataclass(frozen=True, slots=True)
class Backed:
    """A solver whose model is an approximation, and another that is asked where all its answers break a rule."""

    first: Solver
    second: Solver

    @property
    def name(self) -> str:
        """What results call the pair."""
        return self.first.name

    def solve(self, problem: Problem, pulse: Pulse) -> Solution | None:
        """Return the first's plan, else the second's."""
        return self.first.solve(problem, pulse) or self.second.solve(problem, pulse)
