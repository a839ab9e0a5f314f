"""This file is about `pumping.replan`: one turn of the loop: from measurements and orders to a plan, never silence."""

from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.pumping import audit, notices, presentation, receding, telemetry
from core.workloads.pumping.belief import Belief, belief_document, believe
from core.workloads.pumping.dispatch import Dispatched
from core.workloads.pumping.optimization import decide
from core.workloads.pumping.plant import Plant, resolve
from core.workloads.pumping.presentation import Plan
from core.workloads.pumping.problem import Problem
from core.workloads.pumping.solvers.rule import RuleController

Params = dict[str, Any]


def compute(params: Params, context: JobContext) -> dict[str, Any]:
    """Forecast, plan and audit; where data are stale or no plan is safe it is the rule controller's, with why."""
    plant = resolve(params["plant"])
    context.progress(0.05, "forecast", "what comes in, and what it costs")
    belief = believe(plant, params)
    wanted, problem = _posed(plant, params, belief)
    context.progress(0.3, "plan", f"{problem.steps} steps from {belief.level_m:.2f} m")
    plan, baseline, found, reason = _planned(
        plant, params, wanted, problem, belief, lambda _fraction, _word: context.checkpoint()
    )
    context.progress(0.8, "explain", "why each pump switches")
    told = presentation.present(problem, wanted, (plan, baseline), found, None)
    told["warnings"] = []
    context.progress(1.0, "done", f"{told['status']}: {told['energy_cost_eur']:.2f} EUR")
    return {
        "origin": "rule" if reason else "repair" if plan.solver == "repair" else "plan",
        "safe": not audit.hard_violations(plan.findings),
        "reason": reason,
        **{
            name: told[name]
            for name in (
                *("status", "energy_cost_eur", "energy_kwh", "relaxed", "schedule", "audit", "explanation"),
                *("kpis", "baseline", "savings"),
            )
        },
        "belief": belief_document(belief),
        "notices": notices.of_turn(plant, params, belief, plan, found, reason),
    }


def _posed(plant: Plant, params: Params, belief: Belief) -> tuple[Params, Problem]:
    told = params["telemetry"]
    pumps = {
        pump.name: dict(told["pumps"].get(pump.name, {"on": False, "minutes_since_switch": 1440.0}))
        for pump in plant.pumps
    }
    state = {"level_m": belief.level_m, "pumps": pumps, "emptied_today": told["emptied_today"]}
    wanted = {
        **receding.params_for(belief.outlook, params["plant"], state, params["weights"]),
        "overrides": params["overrides"],
        "previous": params["previous"],
        "effort": params["effort"],
        "co2_g_per_kwh": params["co2_g_per_kwh"],
    }
    return wanted, receding.pose_robust(wanted, belief.outlook.upper)


def _planned(
    plant: Plant, params: Params, wanted: Params, problem: Problem, belief: Belief, pulse: Any
) -> tuple[Plan, Plan, Dispatched | None, str | None]:
    """Return the plan to follow, the rule controller's, how the plan came about, and why it is the rule's if it is."""
    baseline = _by_rule(problem, wanted, pulse)
    reason = _unfit(plant, params, problem, belief)
    if reason is None:
        plan, found = decide(problem, wanted, pulse)
        if plan is not None:
            return plan, baseline, found, None
        reason = "No plan keeps every hard rule."
    return baseline, baseline, None, reason


def _unfit(plant: Plant, params: Params, problem: Problem, belief: Belief) -> str | None:
    """Say why no plan is to be made on such data."""
    rules = plant.rules
    if not problem.pumps:
        return "All pumps are out of service."
    if belief.silent_minutes > params["stale_after_minutes"]:
        return f"No level was measured for {belief.silent_minutes} minutes."
    if telemetry.stuck(plant, params["telemetry"]):
        return "The level has not moved for two hours though the flows say it must have: the sensor is stuck."
    if belief.level_m > rules.level_max_m:
        return f"The level {belief.level_m:.2f} m is above the highest level {rules.level_max_m:g} m."
    return None


def _by_rule(problem: Problem, wanted: Params, pulse: Any) -> Plan:
    solution = RuleController().solve(problem, pulse)
    counts = np.tile(problem.fleet, (problem.steps, 1)) if solution is None else solution.counts
    return presentation.planned(problem, wanted, "rule", counts)
