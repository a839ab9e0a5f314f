"""This file is about `pumping.optimize`: from params to a plan that is proven, audited, explained and drawn."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.pumping import audit, explanation, kpis, plot, schedule
from core.workloads.pumping.assignment import assign
from core.workloads.pumping.dispatch import Dispatched, dispatch
from core.workloads.pumping.dynamics import Costs, costs, simulate
from core.workloads.pumping.problem import Counts, Problem, pose, without
from core.workloads.pumping.solvers import cell_bound
from core.workloads.pumping.solvers.base import Pulse
from core.workloads.pumping.solvers.rule import RuleController

OPTIMAL_GAP = 0.0005
A_CENT_EUR = 0.01
_COARSE_M3 = 320.0
_FINER = 4.0
_FINEST_M3 = 1.0
_CLOSED = 2e-4
_WORK_LIMIT = 6.0e7

Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """Who made a plan, its rows, and what it costs."""

    solver: str
    counts: Counts
    rows: list[Result]
    findings: list[Result]
    figures: Result


@dataclass(frozen=True, slots=True)
class Bound:
    """What the objective cannot fall below; incomplete when time ran out."""

    eur: float
    complete: bool


def compute(
    params: dict[str, Any], context: JobContext, *, clock: Callable[[], float] = time.process_time
) -> dict[str, Any]:
    """Return the plan; never silent: where no plan keeps the hard rules the rule controller's comes with a reason.

    The time limit is one of processor time, so that a busy machine does not change what is found.
    """
    deadline = clock() + params["time_limit_s"]
    context.progress(0.01, "pose", "reading plant, series and state")
    problem = pose(params)
    baseline = _planned(problem, params, "rule", _baseline_counts(problem, context))
    context.progress(0.04, "baseline", f"rule controller: {baseline.figures['adjusted_cost_eur']:.2f} EUR")
    found = dispatch(problem, _pulse(context, 0.05, 0.45, "plan"))
    plan = _planned(problem, params, "dynamic_programming", found.solution.counts) if found else None
    if found is None or plan is None or audit.hard_violations(plan.findings):
        return _present(problem, params, context, (baseline, baseline), None, None)
    context.progress(0.46, "bound", f"plan: {plan.figures['adjusted_cost_eur']:.2f} EUR; proving a lower bound")
    bound = refine_bound(found, _pulse(context, 0.46, 0.85, "bound", share=0.4), lambda: clock() > deadline)
    return _present(problem, params, context, (plan, baseline), found, bound)


def refine_bound(found: Dispatched, pulse: Pulse, late: Callable[[], bool]) -> Bound:
    """Bound with finer and finer cells as far as a fixed amount of work goes; `late` ends it early.

    The coarsest cells choose between two potentials, the planner's own estimate and the loose problem's. Finer ones
    look only where a plan as cheap as the incumbent may lead: outside it all plans cost more than the incumbent.
    """
    problem, counts = found.problem, found.solution.counts[None]
    incumbent_eur = float(costs(problem, counts, simulate(problem, counts)).total[0])
    if late():
        return Bound(-np.inf, complete=False)
    potentials = [found.solution.values, cell_bound.estimate(problem, pulse)]
    proofs = [cell_bound.bound(problem, potential, _COARSE_M3, pulse) for potential in potentials]
    chosen = int(np.argmax([proof.eur for proof in proofs]))
    proof, best, cell_m3, spent = proofs[chosen], proofs[chosen].eur, _COARSE_M3, 0.0
    while incumbent_eur - best > _CLOSED * abs(incumbent_eur):
        cell_m3 /= _FINER
        corridor = cell_bound.narrow(proof, incumbent_eur)
        spent += len(proof.cells.machine.states) * float(np.sum(corridor.high - corridor.low)) / cell_m3
        if spent > _WORK_LIMIT or cell_m3 < _FINEST_M3:
            break
        if late():
            return Bound(best, complete=False)
        proof = cell_bound.bound(problem, potentials[chosen], cell_m3, pulse, corridor)
        best = max(best, min(proof.eur, incumbent_eur))
    return Bound(best, complete=True)


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


def _baseline_counts(problem: Problem, context: JobContext) -> Counts:
    solution = RuleController().solve(problem, _pulse(context, 0.01, 0.04, "baseline"))
    if solution is None:
        return np.tile(problem.fleet, (problem.steps, 1))
    return solution.counts


def _planned(problem: Problem, params: Mapping[str, Any], solver: str, counts: Counts) -> Plan:
    """Give the plan its pumps, run it through exact physics and audit it; a hold that cannot be kept shows there."""
    hz = assign(problem, counts)
    if hz is None:
        hz = assign(without(problem, "hold"), counts)
    assert hz is not None, "without a hold every pump may switch"
    rows = schedule.run(problem, hz)
    findings = audit.audit(problem.plant, params, rows)
    outflow = np.array([row["outflow_m3_per_h"] for row in rows])
    power = np.array([row["power_kw"] for row in rows])
    return Plan(solver, counts, rows, findings, kpis.comparison(problem, power, outflow, rows[-1]["volume_m3"]))


def _present(
    problem: Problem,
    params: Mapping[str, Any],
    context: JobContext,
    plans: tuple[Plan, Plan],
    found: Dispatched | None,
    bound: Bound | None,
) -> Result:
    """Explain, compare and draw the plan; `plans` are the plan and the baseline."""
    plan, baseline = plans
    posed = found.problem if found else problem
    context.progress(0.86, "explain", "re-simulating the next best time of each switch")
    reasons = explanation.explain(posed, plan.counts, plan.rows)
    priced = costs(posed, plan.counts[None], simulate(posed, plan.counts[None], exact=True))
    recorded = kpis.of_recorded(problem, params["recorded"]) if params.get("recorded") else None
    result = {
        **_verdict(problem, plan, found, bound, float(priced.total[0])),
        "solver": plan.solver,
        "plant": problem.plant.name,
        "energy_cost_eur": plan.figures["energy_cost_eur"],
        "energy_kwh": plan.figures["energy_kwh"],
        "objective_eur": float(priced.total[0]),
        "objective": _objective(priced),
        "end_volume_credit_eur": plan.figures["end_volume_credit_eur"],
        "water_value_eur_per_m3": problem.weights.water_value_eur_per_m3,
        "emptied_today": params["state"].get("emptied_today", False),
        "initial_pumps": _initial_pumps(problem, params),
        "schedule": plan.rows,
        "audit": plan.findings,
        "explanation": reasons,
        "kpis": kpis.of_schedule(problem, plan.rows, params.get("co2_g_per_kwh")),
        "baseline": _baseline(problem, baseline),
        "savings": kpis.savings(plan.figures, baseline.figures),
        "recorded": recorded,
    }
    context.progress(0.9, "plot", "drawing")
    for name, content, content_type in plot.draw(problem, params, result):
        context.save_artifact(name, content, content_type)
        context.progress(0.95, "plot", name)
    context.progress(1.0, "done", f"{result['status']}: {result['energy_cost_eur']:.2f} EUR")
    return result


def _objective(priced: Costs) -> Result:
    return {
        "energy_eur": float(priced.energy[0]),
        "starts_eur": float(priced.starts[0]),
        "smoothness_eur": float(priced.smoothness[0]),
        "end_volume_eur": float(priced.end_volume[0]),
        "alarm_eur": float(priced.alarm[0]),
    }


def _relative_gap(objective_eur: float, lower_eur: float) -> float:
    """Return how far the bound is below the objective, as a share of it; a cent is nothing, whatever the share."""
    if objective_eur - lower_eur <= A_CENT_EUR:
        return 0.0
    return (objective_eur - lower_eur) / max(abs(objective_eur), A_CENT_EUR)


def _verdict(
    problem: Problem, plan: Plan, found: Dispatched | None, bound: Bound | None, objective_eur: float
) -> Result:
    known = bound is not None and np.isfinite(bound.eur)
    lower_eur = min(bound.eur, objective_eur) if bound is not None and known else None
    gap = None if lower_eur is None else _relative_gap(objective_eur, lower_eur)
    broken = next((f["rule"] for f in plan.findings if f["hard"] and f["violations"]), None)
    if found is None or bound is None:
        status = "infeasible" if broken else "fallback"
    else:
        status = "optimal" if gap is not None and gap <= OPTIMAL_GAP and not found.relaxed else "feasible"
    return {
        "status": status,
        "infeasible_rule": broken,
        "relaxed": list(found.relaxed) if found else [],
        "lower_bound_eur": lower_eur,
        "gap": gap,
        "bound_complete": bound.complete if bound else False,
        "warnings": _warnings(problem, plan, found, status),
    }


def _warnings(problem: Problem, plan: Plan, found: Dispatched | None, status: str) -> list[str]:
    warnings = []
    if status in {"infeasible", "fallback"}:
        warnings.append("No plan keeps every rule: this is the rule controller's; see the audit for what it breaks.")
    if found and found.relaxed:
        warnings.append(f"Soft rules dropped, since no plan keeps them all: {', '.join(found.relaxed)}.")
    if any(row["level_m"] > problem.plant.rules.alarm_m for row in plan.rows):
        warnings.append(f"The level rises above the alarm at {problem.plant.rules.alarm_m:g} m.")
    if problem.weights.end_volume == "fixed" and plan.rows[-1]["volume_m3"] > problem.volume0 + 1.0:
        warnings.append("More water is left at the end than at the start: the pumps cannot lift it all in time.")
    return warnings


def _initial_pumps(problem: Problem, params: Mapping[str, Any]) -> Result:
    known = params["state"]["pumps"]
    resting = {"on": False, "minutes_since_switch": 1440.0}
    return {
        pump.name: {key: known.get(pump.name, resting).get(key, value) for key, value in resting.items()}
        for pump in problem.plant.pumps
    }


def _baseline(problem: Problem, baseline: Plan) -> Result:
    starts, _ = kpis.switches(problem, baseline.rows)
    return {
        **baseline.figures,
        "starts": starts,
        "rule_violations": sum(finding["violations"] for finding in baseline.findings),
        "level_m": [round(row["level_m"], 4) for row in baseline.rows],
        "outflow_m3_per_h": [round(row["outflow_m3_per_h"], 2) for row in baseline.rows],
    }
