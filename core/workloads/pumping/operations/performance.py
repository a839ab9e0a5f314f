"""This file is about plan against actual: what was measured over a stretch beside what the plans of then had meant."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.workloads.pumping.operations import prices, states
from core.workloads.pumping.operations.gathering import STEP, Reading, price_at
from core.workloads.pumping.operations.models import PlanRow
from core.workloads.pumping.operations.plans import CARRIED_OUT
from core.workloads.pumping.operations.plants import Station

_STEP_H = STEP.total_seconds() / 3600
MOST_READINGS = 96 * 31


def compare(session: Session, station: Station, since: datetime, until: datetime) -> dict[str, Any]:
    """Return figures of the quarter-hours that were measured, and of what was planned for the same ones."""
    pairs = beside(session, station, since, until)
    readings = [reading for reading, _ in pairs]
    priced = dict(prices.between(session, station, since, until))
    both = [(reading, row) for reading, row in pairs if row is not None]
    co2 = station.settings.get("co2_g_per_kwh")
    alarm_m = station.plant.rules.alarm_m
    measured_rows = [_as_row(reading) for reading in readings]
    return {
        "since": since,
        "until": until,
        "quarters": len(readings),
        "planned_quarters": len(both),
        "actual": figures(measured_rows, priced, co2, alarm_m),
        "actual_where_planned": figures([_as_row(reading) for reading, _ in both], priced, co2, alarm_m),
        "plan": figures([{**row, "began": reading.at - STEP} for reading, row in both], priced, co2, alarm_m),
        "mean_abs_level_error_m": _mean([abs(reading.level_m - row["level_m"]) for reading, row in both]),
        "switched_as_planned": _mean([float(_same(reading, row)) for reading, row in both]),
    }


def beside(
    session: Session, station: Station, since: datetime, until: datetime
) -> list[tuple[Reading, Mapping[str, Any] | None]]:
    """Return what was measured in order of time, each beside what was planned for the quarter-hour that it ends."""
    ended = until + timedelta(microseconds=1)
    readings = states.read(session, station, limit=MOST_READINGS, before=ended, since=since)[::-1]
    planned = _planned(session, station, since, until)
    return [(reading, planned.get(reading.at - STEP)) for reading in readings if reading.at > since]


def figures(
    rows: Sequence[Mapping[str, Any]], priced: Mapping[datetime, float], co2_g_per_kwh: float | None, alarm_m: float
) -> dict[str, Any]:
    """Sum up quarter-hours: EUR, kWh, kWh/m3, starts, kg CO2, smoothness, time above the alarm.

    A figure whose measurements are missing is None, not a guess; the cost is that of the quarter-hours whose power and
    price are both known, `priced_quarters` of them.
    """
    powers = [row["power_kw"] for row in rows if row["power_kw"] is not None]
    flows = [row["outflow_m3_per_h"] for row in rows if row["outflow_m3_per_h"] is not None]
    paid = [
        (row["power_kw"], price_at(priced, row["began"]))
        for row in rows
        if row["power_kw"] is not None and price_at(priced, row["began"]) is not None
    ]
    energy_kwh = sum(powers) * _STEP_H if powers else None
    pumped_m3 = sum(flows) * _STEP_H if flows else None
    running = [set(row["running"]) for row in rows if row["running"] is not None]
    return {
        "priced_quarters": len(paid),
        "energy_cost_eur": sum(kw * (price or 0.0) / 1000 for kw, price in paid) * _STEP_H if paid else None,
        "energy_kwh": energy_kwh,
        "pumped_m3": pumped_m3,
        "kwh_per_m3": energy_kwh / pumped_m3 if energy_kwh is not None and pumped_m3 else None,
        "starts": sum(len(after - before) for before, after in pairwise(running)) if running else None,
        "co2_kg": None if co2_g_per_kwh is None or energy_kwh is None else energy_kwh * co2_g_per_kwh / 1000,
        "mean_abs_flow_change_m3_per_h": _mean([abs(b - a) for a, b in pairwise(flows)]),
        "hours_above_alarm": sum(row["level_m"] > alarm_m for row in rows) * _STEP_H if rows else None,
        "max_level_m": max((row["level_m"] for row in rows), default=None),
    }


def _planned(session: Session, station: Station, since: datetime, until: datetime) -> dict[datetime, Mapping[str, Any]]:
    """Return the first row of each plan carried out: what was meant for the quarter it was made for."""
    query = (
        select(PlanRow.slot, PlanRow.result["schedule"][0].label("row"))
        .where(
            PlanRow.tenant_id == station.tenant_id,
            PlanRow.plant == station.name,
            PlanRow.slot >= since,
            PlanRow.slot < until,
            PlanRow.status.in_(CARRIED_OUT),
            PlanRow.result.is_not(None),
        )
        .order_by(PlanRow.id)
    )
    return {row.slot: {**row.row, "running": _running(row.row["pumps"])} for row in session.execute(query)}


def _as_row(reading: Reading) -> dict[str, Any]:
    running = [name for name, pump in reading.pumps.items() if pump.get("on")] if reading.pumps else None
    return {
        "began": reading.at - STEP,
        "level_m": reading.level_m,
        "power_kw": reading.power_kw,
        "outflow_m3_per_h": reading.outflow_m3_per_h,
        "running": running,
    }


def _running(pumps: Mapping[str, float]) -> list[str]:
    return [name for name, hz in pumps.items() if hz > 0]


def _same(reading: Reading, row: Mapping[str, Any]) -> bool:
    return {name for name, pump in reading.pumps.items() if pump.get("on")} == set(row["running"])


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
