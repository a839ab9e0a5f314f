"""This file is about recorded operation: one day of the shared CSV as params of `pumping.optimize`."""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

_RUNNING_KW = 50.0
_DRY_DAY_M3 = 110_000.0
_LONG_AGO_MINUTES = 1440
_STEP_MINUTES = 15

Row = dict[str, str]


def recorded_day(path: Path, day: date, tariff: Literal["normal", "high"]) -> dict[str, Any]:
    """Return the day's params: state from the record before it, true inflow, prices, and what was done as `recorded`.

    Prices are cents per kWh whatever a header says; inflow is a volume for each step. Raises ValueError when the day
    is not complete.
    """
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    times = [datetime.fromisoformat(row["time"]) for row in rows]
    first = next((i for i, time in enumerate(times) if time.date() == day), None)
    if first is None:
        raise ValueError(f"No record of {day}.")
    steps = 24 * 60 // _STEP_MINUTES
    chosen = rows[first : first + steps]
    expected = [times[first] + timedelta(minutes=_STEP_MINUTES * i) for i in range(steps)]
    if times[first : first + steps] != expected:
        raise ValueError(f"The record of {day} has gaps or duplicates.")
    inflow = [max(0.0, float(row["inflow_m3_per_15min"]) * 60 / _STEP_MINUTES) for row in chosen]
    dry = sum(inflow) * _STEP_MINUTES / 60 < _DRY_DAY_M3
    return {
        "plant": "tunnel",
        "start": times[first].isoformat(),
        "step_minutes": _STEP_MINUTES,
        "state": _state(rows[:first] or rows[:1]),
        "inflow_m3_per_h": inflow,
        "price_eur_per_mwh": [float(row[f"price_{tariff}_cent_per_kwh"]) * 10.0 for row in chosen],
        "dry": [dry] * steps,
        "weights": {"start_eur": 2.0, "smoothness_eur_per_m3_per_h": 0.0, "flow_band": 1.6, "end_volume": "fixed"},
        "recorded": {
            "power_kw": [sum(_powers(row).values()) for row in chosen],
            "outflow_m3_per_h": [float(row["outflow_m3_per_h"]) for row in chosen],
            "level_m": [float(row["level_m"]) for row in chosen],
        },
    }


def _state(before: list[Row]) -> dict[str, Any]:
    running = [{name: power > _RUNNING_KW for name, power in _powers(row).items()} for row in before]
    pumps = {}
    for name, on in running[-1].items():
        same = next((i for i, row in enumerate(reversed(running)) if row[name] != on), None)
        minutes = _LONG_AGO_MINUTES if same is None else min(_LONG_AGO_MINUTES, same * _STEP_MINUTES)
        pumps[name] = {"on": on, "minutes_since_switch": minutes}
    return {"level_m": max(0.0, float(before[-1]["level_m"])), "pumps": pumps}


def _powers(row: Row) -> dict[str, float]:
    suffix = "_power_kw"
    return {key.removeprefix("pump_").removesuffix(suffix): float(row[key]) for key in row if key.endswith(suffix)}
