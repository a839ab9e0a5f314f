"""This file is about the result of `pumping.optimize`: a plan's rows, verdict, comparison and reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.workloads.pumping import audit, explanation, kpis, schedule
from core.workloads.pumping.assignment import assign
from core.workloads.pumping.dispatch import Dispatched
from core.workloads.pumping.dynamics import Costs, Trajectory, costs
from core.workloads.pumping.problem import Counts, Problem, without
from core.workloads.pumping.proof import Bound

OPTIMAL_GAP = 0.0005
A_CENT_EUR = 0.01
_CHEAP_THROUGHOUT_EUR_PER_MWH = 20.0
"""Markets have such days, so they are planned for; more often a column of cents per kWh was sent."""

Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """Who made a plan, its rows, and what it costs."""

    solver: str
    counts: Counts
    rows: list[Result]
    findings: list[Result]
    figures: Result


def planned(problem: Problem, params: Mapping[str, Any], solver: str, counts: Counts) -> Plan:
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


def present(
    problem: Problem,
    params: Mapping[str, Any],
    plans: tuple[Plan, Plan],
    found: Dispatched | None,
    bound: Bound | None,
) -> Result:
    """Explain and compare the plan; `plans` are the plan and the baseline."""
    plan, baseline = plans
    posed = found.problem if found else problem
    reasons = explanation.explain(posed, plan.counts, plan.rows)
    priced = costs(posed, plan.counts[None], _trajectory(plan.rows))
    recorded = kpis.of_recorded(problem, params["recorded"]) if params.get("recorded") else None
    return {
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


def _trajectory(rows: Sequence[Result]) -> Trajectory:
    """Return what exact physics made of a plan."""
    volume, outflow, power = (
        np.array([[row[name] for row in rows]]) for name in ("volume_m3", "outflow_m3_per_h", "power_kw")
    )
    return Trajectory(volume, outflow, capacity=outflow, power=power)


def _objective(priced: Costs) -> Result:
    return {
        "energy_eur": float(priced.energy[0]),
        "starts_eur": float(priced.starts[0]),
        "smoothness_eur": float(priced.smoothness[0]),
        "end_volume_eur": float(priced.end_volume[0]),
        "alarm_eur": float(priced.alarm[0]),
    }


def relative_gap(objective_eur: float, lower_eur: float) -> float:
    """Return how far the bound is below the objective, as a share of it; a cent is nothing, whatever the share."""
    if objective_eur - lower_eur <= A_CENT_EUR:
        return 0.0
    return (objective_eur - lower_eur) / max(abs(objective_eur), A_CENT_EUR)


def _verdict(
    problem: Problem, plan: Plan, found: Dispatched | None, bound: Bound | None, objective_eur: float
) -> Result:
    known = bound is not None and np.isfinite(bound.eur)
    lower_eur = min(bound.eur, objective_eur) if bound is not None and known else None
    gap = None if lower_eur is None else relative_gap(objective_eur, lower_eur)
    broken = next((f["rule"] for f in plan.findings if f["hard"] and f["violations"]), None)
    if found is None:
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
    dearest = 1000.0 * float(np.abs(problem.price).max())
    if 0 < dearest < _CHEAP_THROUGHOUT_EUR_PER_MWH:
        warnings.append(f"No price is above {dearest:.3g} EUR/MWh: were they cents per kWh, multiply by ten.")
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
