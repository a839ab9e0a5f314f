"""This file is about who makes the plan: the planner, its soft rules relaxed in order, or the rule controller."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.workloads.pumping.problem import Problem, without
from core.workloads.pumping.solvers.base import Pulse, Solution, Solver

RELAXATION_ORDER = ("emptying", "smoothness", "hold")


@dataclass(frozen=True, slots=True)
class Dispatched:
    """A plan, the problem it solves, and the soft rules dropped from the one that was asked."""

    solution: Solution
    problem: Problem
    relaxed: tuple[str, ...]


def dispatch(problem: Problem, pulse: Pulse, solver: Solver) -> Dispatched | None:
    """Return the planner's plan with as few soft rules dropped as possible; None when hard rules forbid every plan."""
    for relaxed in relaxations(problem):
        posed = problem
        for rule in relaxed:
            posed = without(posed, rule)
        solution = solver.solve(posed, pulse)
        if solution is not None:
            return Dispatched(solution, posed, relaxed)
    return None


def relaxations(problem: Problem) -> Iterator[tuple[str, ...]]:
    """Yield what to drop, nothing first, then one rule more at a time, only rules that are asked for and soft."""
    rules = problem.plant.rules
    soft = {
        "emptying": any(day.empty for day in problem.days) and not rules.emptying_hard,
        "smoothness": problem.band is not None,
        "hold": problem.hold_steps > 1 and not rules.hold_hard,
    }
    dropped: tuple[str, ...] = ()
    yield dropped
    for rule in RELAXATION_ORDER:
        if soft[rule]:
            dropped = (*dropped, rule)
            yield dropped
