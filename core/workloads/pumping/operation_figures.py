"""This file is about what an operation of some days came to, in the same figures for plan, rule and record."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np

from core.workloads.pumping.geometry import volume_m3
from core.workloads.pumping.plant import Plant
from core.workloads.pumping.recording import STEP_MINUTES

Row = Mapping[str, Any]
_STEP_H = STEP_MINUTES / 60.0


def figures(
    plant: Plant,
    rows: Sequence[Row],
    price_eur_per_mwh: Sequence[float],
    water_value_eur_per_m3: float,
    level0_m: float,
    dry: Mapping[date, bool],
) -> dict[str, Any]:
    """Sum up rows of quarter-hours (time, level_m, outflow_m3_per_h, power_kw, perhaps pumps) that began at a level.

    Water left at the end is credited at its value, so that no saving is borrowed from the next day.
    """
    power = np.array([row["power_kw"] for row in rows])
    outflow = np.array([row["outflow_m3_per_h"] for row in rows])
    levels = np.array([row["level_m"] for row in rows])
    energy_kwh = float(power.sum() * _STEP_H)
    pumped_m3 = float(outflow.sum() * _STEP_H)
    energy_eur = float(power @ np.asarray(price_eur_per_mwh) / 1000.0 * _STEP_H)
    gone_m3 = float(volume_m3(plant, level0_m) - volume_m3(plant, rows[-1]["level_m"]))
    emptied = {_day(row) for row in rows if row["level_m"] < plant.rules.empty_below_m}
    days = sorted({_day(row) for row in rows})
    return {
        "energy_cost_eur": energy_eur,
        "energy_kwh": energy_kwh,
        "pumped_m3": pumped_m3,
        "kwh_per_m3": energy_kwh / pumped_m3 if pumped_m3 else 0.0,
        "end_volume_credit_eur": water_value_eur_per_m3 * gone_m3,
        "adjusted_cost_eur": energy_eur - water_value_eur_per_m3 * gone_m3,
        "mean_abs_flow_change_m3_per_h": float(np.abs(np.diff(outflow)).mean()) if len(outflow) > 1 else 0.0,
        "flow_sd_m3_per_h": _deviation_within_days(rows, outflow),
        "max_level_m": float(levels.max()),
        "hours_above_alarm": float((levels > plant.rules.alarm_m).sum() * _STEP_H),
        "starts": _starts(rows),
        "emptied_days": len(emptied),
        "dry_days": sum(dry[day] for day in days),
        "dry_days_emptied": sum(dry[day] for day in emptied),
        "violations": None,
    }


def _deviation_within_days(rows: Sequence[Row], outflow: Any) -> float:
    days = [_day(row) for row in rows]
    parts = [outflow[[place for place, one in enumerate(days) if one == day]] for day in sorted(set(days))]
    return float(np.sqrt(np.mean(np.concatenate([part - part.mean() for part in parts]) ** 2)))


def _starts(rows: Sequence[Row]) -> int | None:
    if "pumps" not in rows[0]:
        return None
    starts, before = 0, rows[0]["pumps"]
    for row in rows[1:]:
        starts += sum(hz > 0 and not before.get(name, 0.0) > 0 for name, hz in row["pumps"].items())
        before = row["pumps"]
    return starts


def _day(row: Row) -> date:
    return datetime.fromisoformat(row["time"]).date()
