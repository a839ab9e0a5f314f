"""This file is about `pumping.optimize`: from params to a plan that is proven, audited, explained and drawn."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.pumping import audit, plot, presentation
from core.workloads.pumping.dispatch import Dispatched, dispatch
from core.workloads.pumping.presentation import Plan
from core.workloads.pumping.problem import Counts, Problem, pose
from core.workloads.pumping.proof import refine_bound
from core.workloads.pumping.repair import mend
from core.workloads.pumping.solvers.base import Pulse
from core.workloads.pumping.solvers.dynamic_programming import DynamicProgramming, hasty
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
    problem = pose(params)
    baseline = _baseline(problem, params, _pulse(context, 0.01, 0.04, "baseline"))
    context.progress(0.04, "baseline", f"rule controller: {baseline.figures['adjusted_cost_eur']:.2f} EUR")
    plan, found = decide(problem, params, _pulse(context, 0.05, 0.45, "plan"))
    bound = None
    if plan is not None and found is not None and params.get("effort", "full") == "full":
        context.progress(0.46, "bound", f"plan: {plan.figures['adjusted_cost_eur']:.2f} EUR; proving a lower bound")
        bound = refine_bound(found, _pulse(context, 0.46, 0.85, "bound", share=0.4), lambda: clock() > deadline)
    context.progress(0.86, "explain", "re-simulating the next best time of each switch")
    result = presentation.present(problem, params, (plan or baseline, baseline), found, bound)
    context.progress(0.9, "plot", "drawing")
    for name, content, content_type in plot.draw(problem, params, result):
        context.save_artifact(name, content, content_type)
        context.progress(0.95, "plot", name)
    context.progress(1.0, "done", f"{result['status']}: {result['energy_cost_eur']:.2f} EUR")
    return result


def recommend(params: dict[str, Any], pulse: Pulse = lambda _fraction, _word: None) -> Result:
    """Return what `compute` does without bound and plot, for whoever plans again and again in one process.

    Validated params of `pumping.optimize`: `overrides` are respected, `previous` is where a repair begins, `effort`
    says how hard to try (repair: mend `previous`, and plan afresh when it no longer keeps the rules).
    """
    problem = pose(params)
    baseline = _baseline(problem, params, pulse)
    plan, found = decide(problem, params, pulse)
    return presentation.present(problem, params, (plan or baseline, baseline), found, None)


def decide(problem: Problem, params: dict[str, Any], pulse: Pulse) -> tuple[Plan | None, Dispatched | None]:
    """Return a plan that passes the audit of the hard rules, and how it came about; nothing when there is none."""
    effort = params.get("effort", "full")
    if effort == "repair" and params.get("previous"):
        mended = mend(problem, params["previous"]["schedule"], pulse)
        if mended is not None:
            plan = presentation.planned(problem, params, _NAME_OF_REPAIR, mended.counts)
            if not any(finding["violations"] for finding in plan.findings if finding["rule"] != "level_alarm"):
                return plan, Dispatched(mended, problem, ())
    solver = DynamicProgramming() if effort == "full" else hasty()
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


def _baseline(problem: Problem, params: dict[str, Any], pulse: Pulse) -> Plan:
    solution = RuleController().solve(problem, pulse)
    counts: Counts = np.tile(problem.fleet, (problem.steps, 1)) if solution is None else solution.counts
    return presentation.planned(problem, params, "rule", counts)
