"""This file is about what an operator has to be told of a turn of the loop: what, how grave, with which figures."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.workloads.pumping.plant import Plant
from core.workloads.pumping.recording import STEP_MINUTES

if TYPE_CHECKING:
    from core.workloads.pumping.belief import Belief
    from core.workloads.pumping.dispatch import Dispatched
    from core.workloads.pumping.presentation import Plan

Notice = dict[str, Any]
_SPIKE_FACTOR = 3.0
_SPIKE_EUR_PER_MWH = 100.0
_DEVIATION_M = 0.3


def of_turn(
    plant: Plant,
    params: Mapping[str, Any],
    belief: "Belief",
    plan: "Plan",
    found: "Dispatched | None",
    reason: str | None,
) -> list[Notice]:
    """Return the notices of one turn, the gravest first."""
    told = [
        *_of_data(plant, params, belief),
        *_of_prices(params, belief),
        *_of_pumps(plant, params),
        *_of_plan(plant, params, belief, plan, found, reason),
    ]
    grave = {"critical": 0, "warning": 1, "info": 2}
    return sorted(told, key=lambda notice: (grave[notice["severity"]], notice["code"], notice["message"]))


def _notice(code: str, severity: str, message: str) -> Notice:
    return {"code": code, "severity": severity, "message": message}


def _of_data(plant: Plant, params: Mapping[str, Any], belief: "Belief") -> Iterator[Notice]:
    rules = plant.rules
    if belief.silent_minutes > params["stale_after_minutes"]:
        yield _notice(
            "telemetry_stale",
            "critical",
            f"No level for {belief.silent_minutes} minutes: carried on from the last one to {belief.level_m:.2f} m.",
        )
    if belief.level_m > rules.level_max_m:
        yield _notice("level_above_highest", "critical", f"{belief.level_m:.2f} m, highest {rules.level_max_m:g} m.")
    elif belief.level_m > rules.alarm_m:
        yield _notice("level_above_alarm", "critical", f"{belief.level_m:.2f} m, alarm at {rules.alarm_m:g} m.")
    expected = params["expected_level_m"]
    if expected is not None and not belief.silent_steps and abs(belief.level_m - expected) > _DEVIATION_M:
        yield _notice(
            "level_off_plan",
            "warning",
            f"{belief.level_m:.2f} m measured, {expected:.2f} m planned: inflow or pumps are not as expected.",
        )


def _of_prices(params: Mapping[str, Any], belief: "Belief") -> Iterator[Notice]:
    if not belief.published_steps:
        yield _notice("prices_missing", "warning", "No prices are known from now on: those of the last days are taken.")
        return
    usual = params["usual_price_eur_per_mwh"]
    prices = belief.outlook.price[: belief.published_steps]
    peak = float(prices.max())
    if usual is not None and peak > max(_SPIKE_FACTOR * usual, usual + _SPIKE_EUR_PER_MWH):
        hours = float((prices > _SPIKE_FACTOR * max(usual, 1.0)).sum()) * STEP_MINUTES / 60
        yield _notice(
            "price_spike", "warning", f"Up to {peak:,.0f} EUR/MWh within {hours:g} h, usually {usual:,.0f} EUR/MWh."
        )


def _of_pumps(plant: Plant, params: Mapping[str, Any]) -> Iterator[Notice]:
    pumps = params["telemetry"]["pumps"]
    for pump in plant.pumps:
        if not pumps.get(pump.name, {}).get("available", True):
            yield _notice("pump_out_of_service", "warning", f"Pump {pump.name} ({pump.kind}) is out of service.")
    for order in params["overrides"]:
        until = order["until"]
        when = until.isoformat() if isinstance(until, datetime) else until
        by = f" by {order['who']}" if order.get("who") else ""
        why = f": {order['why']}" if order.get("why") else ""
        yield _notice("override_in_force", "info", f"Pump {order['pump']} is {order['action']} until {when}{by}{why}.")


def _of_plan(
    plant: Plant,
    params: Mapping[str, Any],
    belief: "Belief",
    plan: "Plan",
    found: "Dispatched | None",
    reason: str | None,
) -> Iterator[Notice]:
    rules = plant.rules
    if reason is not None:
        yield _notice("rule_controller", "critical", f"{reason} The safe rule controller is in charge.")
    for finding in plan.findings:
        if finding["hard"] and finding["violations"]:
            yield _notice(
                "rule_broken",
                "critical",
                f"{finding['rule']}: {finding['worst']} {finding['unit']}, limit {finding['limit']}.",
            )
    if found is not None and found.relaxed:
        yield _notice("rule_relaxed", "warning", f"Dropped, as no plan keeps them all: {', '.join(found.relaxed)}.")
    high = next((row for row in plan.rows if row["level_m"] > rules.alarm_m), None)
    if high is not None and belief.level_m <= rules.alarm_m:
        yield _notice("alarm_ahead", "critical", f"{high['level_m']:.2f} m expected for {high['time']}.")
    if belief.outlook.dry[0] and not params["telemetry"]["emptied_today"]:
        today = [row for row in plan.rows if row["time"][:10] == plan.rows[0]["time"][:10]]
        if all(row["level_m"] >= rules.empty_below_m for row in today):
            yield _notice("emptying_at_risk", "warning", "A dry day, and the plan does not empty the basin on it.")
