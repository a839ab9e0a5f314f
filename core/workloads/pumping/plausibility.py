"""This file is about values that cannot be meant as they stand: wrong units and impossible states."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.workloads.pumping import units
from core.workloads.pumping.plant import Plant
from core.workloads.pumping.recording import STEP_MINUTES, Recording, refuse

_FLOOD_FACTOR = 4.0
_SPIKE_FACTOR = 10.0
_TRICKLE_FACTOR = 0.05
_FOURFOLD = 4.0
"""A column of m3 per quarter of an hour read as m3/h, or the other way round."""
_LEAST_JUDGED_H = 6.0


@dataclass(frozen=True, slots=True)
class _Ordinary:
    """Shares of an ordinary day's mean: below `little` and above `much` a series is looked at.

    It is refused when four times or a quarter of it lies between `low` and `high`, and swings as inflow does.
    """

    little: float
    much: float
    low: float
    high: float
    least_swing: float


_HOURS = _Ordinary(0.4, 2.9, 0.5, 2.4, 0.02)
_DAYS = _Ordinary(0.48, 2.9, 0.6, 2.2, 0.08)
"""Ten recorded days have means of 0.97 to 1.97 of an ordinary one's over a day, 0.54 to 2.26 over six hours."""
_DAY_H = 24.0
_MOST_SWING = 0.6
_DEAREST_EUR_PER_MWH = 5_000.0
_CHEAPEST_PEAK_EUR_PER_MWH = 2.0
"""Single prices near zero are daily business; a whole horizon below this is in another unit."""
_CENTIMETRES_FROM_M = 20.0


def refuse_implausible(data: dict[str, Any], plant: Plant, problems: dict[str, Any]) -> None:
    """Add a problem, naming the suspected unit, for each value about a hundred times off."""
    for field, fault in (
        ("inflow_m3_per_h", inflow_fault(data["inflow_m3_per_h"], plant, data["step_minutes"])),
        ("price_eur_per_mwh", _price_fault(data["price_eur_per_mwh"])),
    ):
        if fault:
            problems.setdefault(field, [fault])
    fault = _level_fault(data["state"]["level_m"], plant)
    if fault:
        problems.setdefault("state", {})["level_m"] = [fault]


def refuse_foreign(recording: Recording, plant: Plant) -> None:
    """Raise `SeriesInvalid`, naming the suspected unit, for a recording that cannot be this plant's as it stands."""
    known = [value for value in recording.inflow if value is not None]
    fault = inflow_fault(known, plant, STEP_MINUTES) if known else None
    if fault is None:
        stored = [None if level is None else plant.stored_m3(level) for level in recording.level]
        fault = units.inflow_fault(recording.inflow, recording.outflow, stored)
    if fault:
        raise refuse(None, recording.inflow_column, fault)


def inflow_fault(inflow: Sequence[float], plant: Plant, step_minutes: int) -> str | None:
    """Tell the unit that is suspected of an inflow in m3/h, by what the plant can lift and by its ordinary day."""
    mean, most = sum(inflow) / len(inflow), max(inflow)
    limit = plant.rules.outflow_max_m3_per_h
    if mean > _FLOOD_FACTOR * limit or most > _SPIKE_FACTOR * limit:
        return (
            f"Mean {mean:,.0f}, most {most:,.0f} m3/h, for pumps of {limit:,.0f} m3/h at most: suspected unit m3/day."
        )
    least_flow = min(kind.flow_min_m3_per_h for kind in plant.pump_kinds)
    if 0 < mean < _TRICKLE_FACTOR * least_flow:
        return f"Mean {mean:.3g} m3/h is next to nothing for these pumps: suspected unit m3/s."
    typical = plant.typical_inflow_m3_per_h
    if typical is None or mean <= 0:
        return None
    beside = f"on ordinary days of {plant.name!r} {typical:,.0f}"
    if mean < _TRICKLE_FACTOR * typical:
        return f"Mean {mean:.3g} m3/h, {beside}: suspected unit about 100 times off."
    factor = _factor_off([value / typical for value in inflow], step_minutes / 60.0)
    if factor is None:
        return None
    unit = "unit m3 per 15 minutes (4 times off)" if factor < 1 else "factor 4, m3/h taken for a quarter's"
    return f"Mean {mean:,.0f} m3/h, {beside}: suspected {unit}."


def _factor_off(shares: Sequence[float], step_h: float) -> float | None:
    """Return 4 or a quarter where shares of an ordinary mean are far off, but just like inflow when that is undone.

    A drought or a flood does not have an ordinary day's shape at exactly that scale. A night's few hours are low enough
    to be taken for a day's quarter, so that less than six hours are not judged.
    """
    hours = len(shares) * step_h
    if hours < _LEAST_JUDGED_H:
        return None
    usual = _DAYS if hours >= _DAY_H else _HOURS
    mean = sum(shares) / len(shares)
    swing = (sum((share - mean) ** 2 for share in shares) / len(shares)) ** 0.5 / mean
    if not usual.least_swing <= swing <= _MOST_SWING:
        return None
    if mean < usual.little and usual.low <= mean * _FOURFOLD <= usual.high:
        return 1.0 / _FOURFOLD
    if mean > usual.much and usual.low <= mean / _FOURFOLD <= usual.high:
        return _FOURFOLD
    return None


def _price_fault(price: list[float]) -> str | None:
    peak = max(abs(value) for value in price)
    if peak > _DEAREST_EUR_PER_MWH:
        return f"Up to {peak:.6g} EUR/MWh: suspected unit cent/MWh."
    if 0 < peak < _CHEAPEST_PEAK_EUR_PER_MWH:
        return f"At most {peak:.3g} EUR/MWh: suspected unit EUR/kWh; multiply by 1,000."
    return None


def _level_fault(level_m: float, plant: Plant) -> str | None:
    rules = plant.rules
    if level_m >= _CENTIMETRES_FROM_M and level_m > plant.volume[-1].to_level_m:
        return f"{level_m:g} m is above the basin's top: suspected unit cm."
    if level_m > rules.level_max_m:
        return f"Impossible state: {level_m:g} m is above the highest level {rules.level_max_m:g} m."
    if level_m < rules.level_min_m:
        return f"{level_m:g} m is below the lowest level {rules.level_min_m:g} m."
    return None
