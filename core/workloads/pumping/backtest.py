"""This file is about `pumping.backtest`: recorded days operated anew, beside a level rule and what was really done.

Each day is a job of its own, begun where the one before ended: a back-test that is cancelled or killed goes on behind
the last day that was finished.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.pumping import backtest_plot, receding
from core.workloads.pumping.audit import audit
from core.workloads.pumping.operating import operate
from core.workloads.pumping.operation_figures import figures
from core.workloads.pumping.plant import Plant, resolve
from core.workloads.pumping.problem import pose
from core.workloads.pumping.recording import Recording, SeriesInvalid, filled, refuse
from core.workloads.pumping.series_field import open_series
from core.workloads.pumping.solvers.rule import RuleController

DAY = 96
_LOOKED_AHEAD = 3 * DAY
_HISTORY = 14 * DAY
_RUNNING_KW = 50.0
_LONG_AGO_MINUTES = 1440.0

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Material:
    """The recording from the first day on, gapless where it is needed; history before it."""

    recording: Recording
    first: int
    days: int
    inflow: list[float]
    price: list[float]
    dry: dict[date, bool]
    state: dict[str, Any]

    @property
    def stop(self) -> int:
        """The step behind the last day."""
        return self.first + self.days * DAY


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Operate each day by plans, all of them by the level rule, and compare in the same figures."""
    context.progress(0.01, "read", "reading the series")
    plant = resolve(params["plant"])
    material = _material(params, open_series(params, context), plant)
    rows, planning, state = [], dict.fromkeys(("fresh", "repaired", "fallbacks", "relaxed"), 0), material.state
    for day in range(material.days):
        (done,) = context.map("pumping.backtest_day", [_day_params(params, material, day, state)])
        rows += done["rows"]
        state = done["state"]
        planning = {name: planning[name] + done["planning"][name] for name in planning}
        context.progress(0.05 + 0.85 * (day + 1) / material.days, "operate", f"{day + 1} of {material.days} days")
    return _compared(params, context, plant, material, rows, planning)


def _material(params: Mapping[str, Any], recording: Recording, plant: Plant) -> Material:
    """Choose the days and fill short gaps; raises `SeriesInvalid`."""
    tariff = params["tariff"]
    if tariff not in recording.price:
        column = f"price_{tariff}_cent_per_kwh"
        raise refuse(None, column, f"Missing prices; there are {', '.join(recording.price) or 'none'}.")
    offset = recording.start.hour * 4 + recording.start.minute // 15
    first = (DAY - offset) % DAY
    if params["first_day"] is not None:
        first += (params["first_day"] - recording.time(first).date()).days * DAY
    whole = (recording.steps - first) // DAY
    days = params["days"] or whole
    if first < 0 or whole < 1:
        raise SeriesInvalid(
            f"/first_day: {params['first_day'] or 'none'} is no complete day of the series, which holds "
            f"{recording.time(0).isoformat()} to {recording.time(recording.steps).isoformat()}."
        )
    if not 1 <= days <= whole:
        raise SeriesInvalid(f"/days: The series holds {whole} complete days from the first one on, asked for: {days}.")
    inflow = filled(recording, recording.inflow_column, recording.inflow)
    level = filled(recording, "level_m", recording.level)
    price = filled(recording, f"price_{tariff}_cent_per_kwh", recording.price[tariff])
    start_m = level[max(0, first - 1)]
    if start_m > plant.rules.level_max_m:
        raise refuse(max(0, first - 1), "level_m", f"Impossible state: {start_m:g} m is above the highest level.")
    dates = [recording.time(first + day * DAY).date() for day in range(days)]
    sums = [sum(inflow[first + day * DAY : first + (day + 1) * DAY]) / 4 for day in range(days)]
    dry = {one: total < params["dry_below_m3_per_day"] for one, total in zip(dates, sums, strict=True)}
    state = {
        "level_m": max(plant.rules.level_min_m, start_m),
        "pumps": _pumps(recording, plant, max(0, first - 1)),
        "emptied_today": False,
    }
    return Material(recording, first, days, inflow, price, dry, state)


def _pumps(recording: Recording, plant: Plant, place: int) -> dict[str, Any]:
    """Read which pumps ran at a place, and for how long they had done so; one not recorded has rested."""
    pumps = {}
    for pump in plant.pumps:
        power = recording.power.get(pump.name, [None] * recording.steps)
        running = [value is not None and value > _RUNNING_KW for value in power[: place + 1]]
        same = next((i for i, on in enumerate(reversed(running)) if on != running[-1]), None)
        minutes = _LONG_AGO_MINUTES if same is None else min(_LONG_AGO_MINUTES, same * 15.0)
        pumps[pump.name] = {"on": running[-1], "minutes_since_switch": minutes, "available": True}
    return pumps


def _day_params(params: Mapping[str, Any], material: Material, day: int, state: Mapping[str, Any]) -> dict[str, Any]:
    """Write the day's job; in mode forecast it holds no inflow of later days, so that none can be looked at."""
    first = material.first + day * DAY
    seen = first + (_LOOKED_AHEAD if params["mode"] == "perfect" else DAY)
    return {
        **{name: params[name] for name in ("plant", "mode", "horizon_h", "replan_minutes", "weights")},
        "dry_below_m3_per_day": params["dry_below_m3_per_day"],
        "start": material.recording.time(first).isoformat(),
        "state": state,
        "history_m3_per_h": material.inflow[max(0, first - _HISTORY) : first],
        "inflow_m3_per_h": material.inflow[first:seen],
        "price_eur_per_mwh": material.price[first : first + _LOOKED_AHEAD],
        "seed": params["seed"],
    }


def _compared(
    params: Mapping[str, Any],
    context: JobContext,
    plant: Plant,
    material: Material,
    rows: Sequence[Row],
    planning: Mapping[str, int],
) -> dict[str, Any]:
    context.progress(0.92, "rule", "running the level rule over the same days")
    whole = _whole(params, material)
    by_rule = _rule_rows(whole, material.state)
    recorded = _recorded_rows(material)
    value = pose(whole).weights.water_value_eur_per_m3
    ways = {"plan": rows, "rule": by_rule, "recorded": recorded}
    price = material.price[material.first : material.stop]
    totals = {
        name: figures(plant, way, price, value, material.state["level_m"], material.dry) if way else None
        for name, way in ways.items()
    }
    findings = audit(plant, whole, rows)
    assert totals["plan"] is not None
    assert totals["rule"] is not None
    totals["plan"]["violations"] = _broken(findings)
    totals["rule"]["violations"] = _broken(audit(plant, whole, by_rule))
    days = [_day_figures(plant, material, ways, price, value, day) for day in range(material.days)]
    context.progress(0.96, "plot", "drawing")
    context.save_artifact("backtest.csv", _csv(rows, by_rule), "text/csv")
    for name, content, content_type in backtest_plot.draw(plant, ways, price, totals):
        context.save_artifact(name, content, content_type)
    context.progress(1.0, "done", f"{_saved(totals['plan'], totals['rule']):.1%} below the level rule")
    told = {"mode": params["mode"], "tariff": params["tariff"], "first_day": min(material.dry).isoformat()}
    return {**told, **_verdict(totals), "days": days, "audit": findings, **_planning(planning, totals["plan"])}


def _verdict(totals: Mapping[str, Any]) -> dict[str, Any]:
    plan, recorded = totals["plan"], totals["recorded"]
    return {
        **totals,
        "saved_against_rule": _saved(plan, totals["rule"]),
        "saved_against_recorded": _saved(plan, recorded) if recorded else None,
        "mean_abs_flow_change_m3_per_h": plan["mean_abs_flow_change_m3_per_h"],
    }


def _planning(planning: Mapping[str, int], plan: Mapping[str, Any]) -> dict[str, Any]:
    return {"planning": dict(planning), "warnings": _warnings(planning, plan)}


def _whole(params: Mapping[str, Any], material: Material) -> dict[str, Any]:
    """Write all days as the params of one plan: what the rule runs through and the audit checks."""
    chosen = slice(material.first, material.stop)
    start = material.recording.time(material.first)
    outlook = receding.known(
        start, material.inflow[chosen], material.price[chosen], dry_below_m3=params["dry_below_m3_per_day"]
    )
    weights = {"start_eur": 0.0, "smoothness_eur_per_m3_per_h": 0.0, "flow_band": None, "end_volume": "value"}
    return receding.params_for(outlook, params["plant"], material.state, weights)


def _rule_rows(whole: Mapping[str, Any], state: Mapping[str, Any]) -> list[Row]:
    problem = pose(whole)
    solution = RuleController().solve(problem, lambda _fraction, _word: None)
    counts = np.tile(problem.fleet, (problem.steps, 1)) if solution is None else solution.counts
    return operate(problem, counts, problem.inflow, state)[0]


def _recorded_rows(material: Material) -> list[Row]:
    """Return what was really done, where level, outflow and power were recorded throughout."""
    recording, rows = material.recording, []
    for step in range(material.first, material.stop):
        powers = {name: values[step] for name, values in recording.power.items()}
        level, outflow = recording.level[step], recording.outflow[step]
        if level is None or outflow is None or not powers or None in powers.values():
            return []
        rows.append(
            {
                "time": recording.time(step).isoformat(),
                "level_m": max(0.0, level),
                "outflow_m3_per_h": outflow,
                "power_kw": sum(value for value in powers.values() if value is not None),
                "pumps": {name: float(value is not None and value > _RUNNING_KW) for name, value in powers.items()},
            }
        )
    return rows


def _day_figures(
    plant: Plant,
    material: Material,
    ways: Mapping[str, Sequence[Row]],
    price: Sequence[float],
    value: float,
    day: int,
) -> dict[str, Any]:
    chosen = slice(day * DAY, (day + 1) * DAY)
    one = sorted(material.dry)[day]
    first = material.first + day * DAY
    told: dict[str, Any] = {
        "date": one.isoformat(),
        "inflow_m3": sum(material.inflow[first : first + DAY]) / 4,
        "dry": material.dry[one],
    }
    for name, rows in ways.items():
        before = rows[day * DAY - 1]["level_m"] if day and rows else material.state["level_m"]
        told[name] = figures(plant, rows[chosen], price[chosen], value, before, material.dry) if rows else None
    return told


def _saved(plan: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    base = other["adjusted_cost_eur"]
    return float(1.0 - plan["adjusted_cost_eur"] / base) if base > 0 else 0.0


def _broken(findings: Sequence[Mapping[str, Any]]) -> int:
    return sum(finding["violations"] for finding in findings)


def _csv(rows: Sequence[Row], by_rule: Sequence[Row]) -> bytes:
    stream = io.StringIO()
    pumps = sorted(rows[0]["pumps"])
    writer = csv.writer(stream, lineterminator="\n")
    names = ("level_m", "volume_m3", "inflow_m3_per_h", "outflow_m3_per_h", "power_kw")
    rule_names = ("level_m", "outflow_m3_per_h", "power_kw")
    writer.writerow(
        ["time", *names, *[f"pump_{name}_frequency_hz" for name in pumps], *[f"rule_{name}" for name in rule_names]]
    )
    for row, other in zip(rows, by_rule, strict=True):
        writer.writerow(
            [
                row["time"],
                *[f"{row[name]:.4f}" for name in names],
                *[f"{row['pumps'][name]:g}" for name in pumps],
                *[f"{other[name]:.4f}" for name in rule_names],
            ]
        )
    return stream.getvalue().encode()


def _warnings(planning: Mapping[str, int], plan: Mapping[str, Any]) -> list[str]:
    warnings = []
    if planning["fallbacks"]:
        warnings.append(f"{planning['fallbacks']} times no plan was found: the rule controller was followed.")
    if planning["relaxed"]:
        warnings.append(f"{planning['relaxed']} plans had to drop a soft rule.")
    if plan["hours_above_alarm"]:
        warnings.append(f"The level was above the alarm for {plan['hours_above_alarm']:g} h.")
    return warnings
