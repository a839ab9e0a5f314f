"""This file is about the figures by which plans and operation are compared."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.workloads.pumping.geometry import volume_m3
from core.workloads.pumping.problem import Floats, Problem

Row = Mapping[str, Any]
Figures = dict[str, Any]


def of_schedule(problem: Problem, rows: Sequence[Row], co2_g_per_kwh: float | None) -> Figures:
    """Return the figures of a schedule."""
    outflow = np.array([row["outflow_m3_per_h"] for row in rows])
    compared = comparison(problem, np.array([row["power_kw"] for row in rows]), outflow, rows[-1]["volume_m3"])
    levels = [row["level_m"] for row in rows]
    starts, stops = switches(problem, rows)
    energy_kwh = compared["energy_kwh"]
    return {
        "kwh_per_m3": energy_kwh / compared["pumped_m3"] if compared["pumped_m3"] else 0.0,
        "starts": starts,
        "stops": stops,
        "mean_abs_flow_change_m3_per_h": compared["mean_abs_flow_change_m3_per_h"],
        "flow_sd_m3_per_h": compared["flow_sd_m3_per_h"],
        "max_level_m": max(levels),
        "hours_above_alarm": problem.step_h * sum(level > problem.plant.rules.alarm_m for level in levels),
        "adjusted_cost_eur": compared["adjusted_cost_eur"],
        "end_volume_m3": compared["end_volume_m3"],
        "co2_kg": None if co2_g_per_kwh is None else energy_kwh * co2_g_per_kwh / 1000.0,
    }


def comparison(problem: Problem, power_kw: Floats, outflow_m3_per_h: Floats, end_m3: float) -> Figures:
    """Return what any operation over the horizon costs, water left at the end credited alike for all."""
    energy_eur = float(power_kw @ problem.price * problem.step_h)
    credit_eur = problem.weights.water_value_eur_per_m3 * (problem.volume0 - end_m3)
    deviations = [outflow_m3_per_h[d.start : d.stop] - outflow_m3_per_h[d.start : d.stop].mean() for d in problem.days]
    changes = np.abs(np.diff(outflow_m3_per_h))
    return {
        "energy_cost_eur": energy_eur,
        "energy_kwh": float(power_kw.sum() * problem.step_h),
        "pumped_m3": float(outflow_m3_per_h.sum() * problem.step_h),
        "end_volume_m3": end_m3,
        "end_volume_credit_eur": credit_eur,
        "adjusted_cost_eur": energy_eur - credit_eur,
        "mean_abs_flow_change_m3_per_h": float(changes.mean()) if len(changes) else 0.0,
        "flow_sd_m3_per_h": float(np.sqrt(np.mean(np.concatenate(deviations) ** 2))),
    }


def of_recorded(problem: Problem, recorded: Mapping[str, Any]) -> Figures:
    """Return what the plant really did."""
    end_m3 = float(volume_m3(problem.plant, recorded["level_m"][-1]))
    return comparison(problem, np.array(recorded["power_kw"]), np.array(recorded["outflow_m3_per_h"]), end_m3)


def switches(problem: Problem, rows: Sequence[Row]) -> tuple[int, int]:
    """Count starts and stops of all pumps, those at the first step included."""
    before = {pump.name: pump.was_on for pump in problem.pumps}
    starts = stops = 0
    for row in rows:
        for name, hz in row["pumps"].items():
            starts += hz > 0 and not before.get(name, False)
            stops += hz == 0 and before.get(name, False)
        before = {name: hz > 0 for name, hz in row["pumps"].items()}
    return starts, stops


def savings(plan: Figures, other: Figures) -> dict[str, float]:
    """Split what the plan saves against another operation into parts that add up to the difference."""
    pumped, pumped_other = plan["pumped_m3"], other["pumped_m3"]
    price, price_other = (_ratio(x["energy_cost_eur"], x["energy_kwh"]) for x in (plan, other))
    specific, specific_other = (_ratio(x["energy_kwh"], x["pumped_m3"]) for x in (plan, other))
    return {
        "cheaper_hours_eur": plan["energy_kwh"] * (price_other - price),
        "less_energy_eur": price_other * pumped * (specific_other - specific),
        "less_water_eur": price_other * specific_other * (pumped_other - pumped),
        "end_volume_eur": plan["end_volume_credit_eur"] - other["end_volume_credit_eur"],
        "total_eur": other["adjusted_cost_eur"] - plan["adjusted_cost_eur"],
    }


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
