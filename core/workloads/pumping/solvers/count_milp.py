"""This file is about the planner for stations of many kinds of pumps: the count MILP, linearized anew at its answer."""

from dataclasses import dataclass

import numpy as np

from core.workloads.pumping.dynamics import costs, feasible, simulate
from core.workloads.pumping.problem import Counts, Floats, Problem
from core.workloads.pumping.solvers import count_model, hold_prices, local_search
from core.workloads.pumping.solvers.base import Pulse, Solution
from core.workloads.pumping.solvers.rule import RuleController


@dataclass(frozen=True, slots=True)
class CountMilp:
    """Successive MILPs by HiGHS, each answer run through the nonlinear model and polished there."""

    name: str = "count_milp"
    rounds: int = 4
    gap: float = 0.003
    nodes: int = 200

    def solve(self, problem: Problem, pulse: Pulse) -> Solution | None:
        """Return the cheapest answer that keeps every rule on the nonlinear model; None when none does.

        Flows and powers are those of the volumes of the rule controller's plan at first, then of the answer before.
        """
        start = RuleController().solve(problem, lambda _fraction, _word: pulse(0.0, "linearizing"))
        if start is None:
            return None
        counts, best, best_eur = start.counts, None, np.inf
        for number in range(self.rounds):
            pulse(number / self.rounds, "solving the count model")
            model = count_model.build(problem, volumes(problem, counts))
            values = model.program.solve(gap=self.gap, nodes=self.nodes)
            if values is None:
                break
            answer = np.rint(values[model.running]).astype(np.int64)
            repeated = bool((answer == counts).all())
            counts = answer
            polished = local_search.improve(problem, counts, pulse)
            eur = _objective_eur(problem, polished)
            if eur < best_eur:
                best, best_eur = polished, eur
            if repeated:
                break
        return None if best is None else Solution(best, None, hold_prices.free(problem))


def volumes(problem: Problem, counts: Counts) -> Floats:
    """Return the volume at the beginning of each step, kept within what the station may hold."""
    after = simulate(problem, counts[None]).volume[0, :-1]
    return np.asarray(np.clip(np.concatenate([[problem.volume0], after]), problem.floor, problem.volume_max))


def _objective_eur(problem: Problem, counts: Counts) -> float:
    trajectory = simulate(problem, counts[None])
    if not feasible(problem, counts[None], trajectory)[0]:
        return np.inf
    return float(costs(problem, counts[None], trajectory).total[0])
