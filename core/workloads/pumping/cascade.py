"""This file is about stations in series: what one pumps is the inflow of the next, each planned in turn.

The stations are coordinated by prices: the value table of the one downstream says what a cubic metre arriving at each
step costs it, and the one upstream plans anew with that price on what it pumps. The cheapest plan in all is kept.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from core.workloads.pumping.dispatch import Dispatched
from core.workloads.pumping.dynamics import costs, simulate
from core.workloads.pumping.plant import Plant, resolve
from core.workloads.pumping.presentation import Plan
from core.workloads.pumping.problem import Floats, Problem, pose

Params = Mapping[str, Any]
Decide = Callable[[Problem, dict[str, Any]], tuple[Plan | None, Dispatched | None]]
_ROUNDS = 2
_TRANSFER_M3_PER_H = 1e-6


@dataclass(frozen=True, slots=True)
class Station:
    """One station of a cascade with the inflow that it gets, and what was decided for it."""

    problem: Problem
    params: dict[str, Any]
    plan: Plan
    found: Dispatched | None


def params_of(params: Params, position: int, inflow_m3_per_h: Sequence[float]) -> dict[str, Any]:
    """Return params for one station alone; only the first knows weather, recorded operation and its emptying."""
    plant = resolve(params["plant"])
    station, own = plant.stations[position], {pump.name for pump in plant.stations[position].pumps}
    state = params["state"]
    alone = replace(station, downstream=None)
    orders = [order for order in params.get("overrides") or [] if order["pump"] in own]
    if position == 0:
        return {**params, "plant": alone, "overrides": orders, "previous": _previous(params, alone)}
    return {
        **params,
        "plant": alone,
        "state": {**state, "level_m": state["downstream_levels_m"][position - 1], "emptied_today": False},
        "inflow_m3_per_h": list(inflow_m3_per_h),
        "dry": None,
        "recorded": None,
        "overrides": orders,
        "previous": _previous(params, alone),
    }


def run(params: Params, decide: Decide, onward: Floats | None = None) -> list[Station] | None:
    """Decide station by station, each with what the one before pumps; None when one of them has no plan."""
    stations: list[Station] = []
    inflow: Sequence[float] = params["inflow_m3_per_h"]
    for position, _ in enumerate(resolve(params["plant"]).stations):
        alone = params_of(params, position, inflow)
        problem = pose(alone)
        plan, found = decide(replace(problem, onward=onward if position == 0 else None), alone)
        if plan is None:
            return None
        own = found and replace(found, problem=replace(found.problem, onward=None))
        stations.append(Station(problem, alone, plan, own))
        inflow = [row["outflow_m3_per_h"] for row in plan.rows]
    return stations


def coordinate(params: Params, decide: Decide) -> list[Station] | None:
    """Return the cheapest of the plans that prices from downstream lead to."""
    best = run(params, decide)
    latest = best
    for _ in range(_ROUNDS):
        if latest is None or len(latest) == 1:
            break
        latest = run(params, decide, _onward(latest[1]))
        if latest is not None and (best is None or objective_eur(latest) < objective_eur(best)):
            best = latest
    return best


def objective_eur(stations: Sequence[Station]) -> float:
    """Return what the stations' plans cost together."""
    totals = [
        costs(one.problem, one.plan.counts[None], simulate(one.problem, one.plan.counts[None])) for one in stations
    ]
    return float(sum(total.total[0] for total in totals))


def merged_rows(stations: Sequence[Station]) -> Iterator[dict[str, Any]]:
    """Join the stations' rows: level and flow of the first, power and pumps of all, the others' basins below it."""
    for rows in zip(*(one.plan.rows for one in stations), strict=True):
        first, rest = rows[0], rows[1:]
        below = [
            {key: row[key] for key in ("level_m", "volume_m3", "inflow_m3_per_h", "outflow_m3_per_h", "power_kw")}
            for row in rest
        ]
        yield {
            **first,
            "power_kw": sum(row["power_kw"] for row in rows),
            "pumps": {name: hz for row in rows for name, hz in row["pumps"].items()},
            "downstream": [
                {"plant": one.problem.plant.name, **row} for one, row in zip(stations[1:], below, strict=True)
            ],
        }


def findings(stations: Sequence[Station]) -> list[dict[str, Any]]:
    """Return the audits of all stations, the rules of those downstream by their name, and whether transfers agree."""
    if len(stations) == 1:
        return stations[0].plan.findings
    found = list(stations[0].plan.findings)
    for one in stations[1:]:
        found += [{**finding, "rule": f"{one.problem.plant.name}.{finding['rule']}"} for finding in one.plan.findings]
    return [*found, _transfer(stations)]


def _transfer(stations: Sequence[Station]) -> dict[str, Any]:
    """Check that each station gets exactly what the one before it pumps."""
    residuals = [
        abs(sent["outflow_m3_per_h"] - got["inflow_m3_per_h"])
        for before, after in pairwise(stations)
        for sent, got in zip(before.plan.rows, after.plan.rows, strict=True)
    ]
    broken = sum(residual > _TRANSFER_M3_PER_H for residual in residuals)
    worst = max(residuals, default=0.0)
    return {
        "rule": "transfer",
        "hard": True,
        "limit": _TRANSFER_M3_PER_H,
        "worst": worst,
        "unit": "m3/h",
        "violations": broken,
    }


def kpis_of(kpis: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Add up what adds up; flow and level figures are the first station's, all energy is for its water."""
    summed = ("starts", "stops", "hours_above_alarm", "adjusted_cost_eur", "end_volume_m3")
    emitted = [one["co2_kg"] for one in kpis if one["co2_kg"] is not None]
    return {
        **kpis[0],
        **{key: sum(one[key] for one in kpis) for key in summed},
        "kwh_per_m3": sum(one["kwh_per_m3"] for one in kpis),
        "co2_kg": sum(emitted) if emitted else None,
    }


def _onward(station: Station) -> Floats | None:
    """Return what a cubic metre arriving at each step costs a station, by the slope of its cost ahead."""
    found, volumes = station.found, np.array([row["volume_m3"] for row in station.plan.rows])
    if found is None or found.solution.values is None:
        return None
    values, slopes = found.solution.values, np.empty(len(volumes))
    reach_m3 = max(1.0, 0.02 * (station.problem.volume_max - station.problem.floor))
    for step, volume in enumerate(volumes):
        low, high = np.interp([volume - reach_m3, volume + reach_m3], values.nodes, values.ahead[step + 1])
        slopes[step] = (high - low) / (2.0 * reach_m3)
    steepest = 3.0 * station.problem.weights.excess_eur_per_m3
    return np.clip(slopes, 0.0, steepest)


def _previous(params: Params, station: Plant) -> dict[str, Any] | None:
    previous, own = params.get("previous"), {pump.name for pump in station.pumps}
    if not previous:
        return None
    rows = [
        {"time": row["time"], "pumps": {name: hz for name, hz in row["pumps"].items() if name in own}}
        for row in previous["schedule"]
    ]
    return {"schedule": rows}
