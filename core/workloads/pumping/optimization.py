"""This file is about `pumping.optimize`: from params to a plan that is proven, audited, explained and drawn."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.pumping import audit, cascade, cascade_bound, cascade_result, plot, presentation
from core.workloads.pumping.cascade import Station
from core.workloads.pumping.dispatch import Dispatched, dispatch
from core.workloads.pumping.presentation import Plan
from core.workloads.pumping.problem import Counts, Problem
from core.workloads.pumping.proof import Bound, refine_bound
from core.workloads.pumping.repair import mend
from core.workloads.pumping.solvers.base import Pulse
from core.workloads.pumping.solvers.choice import planner
from core.workloads.pumping.solvers.rule import RuleController

Result = dict[str, Any]
_NAME_OF_REPAIR = "repair"


def compute(
    params: dict[str, Any], context: JobContext, *, clock: Callable[[], float] = time.process_time
) -> dict[str, Any]:
    """Return the plan; never silent: where no plan keeps the hard rules the rule controller's comes with a reason.

    The time limit is one of processor time, so that a busy machine does not change what is found.
    """
    deadline = clock() + params["time_limit_s"]
    context.progress(0.01, "pose", "reading plant, series and state")
    baselines = _baselines(params, _pulse(context, 0.01, 0.04, "baseline"))
    planning = _pulse(context, 0.05, 0.45, "plan")
    stations = cascade.coordinate(params, lambda problem, own: decide(problem, own, planning))
    bounds: list[Bound | None] = [None] * len(baselines)
    if stations is not None and params.get("effort", "full") == "full":
        cost_eur = cascade.objective_eur(stations)
        context.progress(0.46, "bound", f"plan: {cost_eur:.2f} EUR; proving a lower bound")
        proving = _pulse(context, 0.46, 0.85, "bound", share=0.4)
        bounds = list(_bounds(stations, proving, lambda: clock() > deadline))
    context.progress(0.86, "explain", "re-simulating the next best time of each switch")
    result, drawn = cascade_result.present(stations or baselines, baselines, bounds)
    context.progress(0.9, "plot", "drawing")
    for position, (problem, own, part) in enumerate(drawn):
        for name, content, content_type in plot.draw(problem, own, part):
            own_name = name if position == 0 else f"{problem.plant.name}-{name}"
            context.save_artifact(own_name, content, content_type)
            context.progress(0.95, "plot", own_name)
    context.progress(1.0, "done", f"{result['status']}: {result['energy_cost_eur']:.2f} EUR")
    return result


def recommend(params: dict[str, Any], pulse: Pulse = lambda _fraction, _word: None) -> Result:
    """Return what `compute` does without bound and plot, for whoever plans again and again in one process.

    Validated params of `pumping.optimize`: `overrides` are respected, `previous` is where a repair begins, `effort`
    says how hard to try (repair: mend `previous`, and plan afresh when it no longer keeps the rules).
    """
    baselines = _baselines(params, pulse)
    stations = cascade.coordinate(params, lambda problem, own: decide(problem, own, pulse))
    result, _ = cascade_result.present(stations or baselines, baselines, [None] * len(baselines))
    return result


def decide(problem: Problem, params: dict[str, Any], pulse: Pulse) -> tuple[Plan | None, Dispatched | None]:
    """Return a plan that passes the audit of the hard rules, and how it came about; nothing when there is none."""
    effort = params.get("effort", "full")
    if effort == "repair" and params.get("previous"):
        mended = mend(problem, params["previous"]["schedule"], pulse)
        if mended is not None:
            plan = presentation.planned(problem, params, _NAME_OF_REPAIR, mended.counts)
            if not any(finding["violations"] for finding in plan.findings if finding["rule"] != "level_alarm"):
                return plan, Dispatched(mended, problem, ())
    solver = planner(problem, effort)
    found = dispatch(problem, pulse, solver)
    if found is None:
        return None, None
    plan = presentation.planned(problem, params, solver.name, found.solution.counts)
    return (None, None) if audit.hard_violations(plan.findings) else (plan, found)


def _pulse(context: JobContext, start: float, stop: float, step: str, *, share: float = 1.0) -> Pulse:
    """Report a step that may begin anew: each time it covers its share of what is left and never goes back."""
    begun, reached, last = start, start, 0.0

    def pulse(fraction: float, word: str) -> None:
        nonlocal begun, reached, last
        if fraction < last:
            begun = reached
        reached, last = begun + (stop - begun) * share * fraction, fraction
        context.progress(reached, step, word)

    return pulse


def _baselines(params: dict[str, Any], pulse: Pulse) -> list[Station]:
    def rule(problem: Problem, own: dict[str, Any]) -> tuple[Plan, None]:
        solution = RuleController().solve(problem, pulse)
        counts: Counts = np.tile(problem.fleet, (problem.steps, 1)) if solution is None else solution.counts
        return presentation.planned(problem, own, "rule", counts), None

    stations = cascade.run(params, rule)
    assert stations is not None, "the rule controller always decides"
    return stations


def _bounds(stations: Sequence[Station], pulse: Pulse, late: Callable[[], bool]) -> Iterator[Bound | None]:
    """Bound the first station on the nonlinear model, and those downstream whatever the first sends them."""
    first = stations[0].found
    yield refine_bound(first, pulse, late) if first else None
    for position in range(1, len(stations)):
        before = [one.problem for one in stations[:position]]
        yield Bound(cascade_bound.least_eur(before, stations[position].problem), complete=True)
