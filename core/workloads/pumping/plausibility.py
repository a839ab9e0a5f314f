"""This file is about values that cannot be meant as they stand: wrong units and impossible states."""

from typing import Any

from core.workloads.pumping.plant import Plant

_FLOOD_FACTOR = 4.0
_SPIKE_FACTOR = 10.0
_TRICKLE_FACTOR = 0.05
_FOURFOLD = 4.0
"""A column of m3 per quarter of an hour read as m3/h, or the other way round."""
_LITTLE, _MUCH = 0.4, 2.9
_ORDINARY_MEAN = (0.6, 1.6)
_ORDINARY_SWING = (0.08, 0.6)
_DEAREST_EUR_PER_MWH = 5_000.0
_CHEAPEST_PEAK_EUR_PER_MWH = 2.0
"""Single prices near zero are daily business; a whole horizon below this is in another unit."""
_CENTIMETRES_FROM_M = 20.0


def refuse_implausible(data: dict[str, Any], plant: Plant, problems: dict[str, Any]) -> None:
    """Add a problem, naming the suspected unit, for each value about a hundred times off."""
    for field, fault in (
        ("inflow_m3_per_h", _inflow_fault(data["inflow_m3_per_h"], plant)),
        ("price_eur_per_mwh", _price_fault(data["price_eur_per_mwh"])),
    ):
        if fault:
            problems.setdefault(field, [fault])
    fault = _level_fault(data["state"]["level_m"], plant)
    if fault:
        problems.setdefault("state", {})["level_m"] = [fault]


def _inflow_fault(inflow: list[float], plant: Plant) -> str | None:
    mean, most = sum(inflow) / len(inflow), max(inflow)
    limit = plant.rules.outflow_max_m3_per_h
    if mean > _FLOOD_FACTOR * limit or most > _SPIKE_FACTOR * limit:
        return (
            f"Mean {mean:,.0f}, most {most:,.0f} m3/h, for pumps of {limit:,.0f} m3/h at most: suspected unit m3/day."
        )
    least_flow = min(kind.flow_min_m3_per_h for kind in plant.pump_kinds)
    if 0 < mean < _TRICKLE_FACTOR * least_flow:
        return f"Mean {mean:.3g} m3/h is next to nothing for these pumps: suspected unit m3/s."
    return _fourfold_fault(inflow, plant.typical_inflow_m3_per_h)


def _fourfold_fault(inflow: list[float], typical: float | None) -> str | None:
    """Compare with the plant's ordinary day: far off, but just like one when taken four times or by a quarter.

    A drought or a flood does not have an ordinary day's shape at exactly that scale.
    """
    if typical is None:
        return None
    mean = sum(inflow) / len(inflow)
    if 0 < mean < _TRICKLE_FACTOR * typical:
        return f"Mean {mean:.3g} m3/h, on ordinary days {typical:,.0f}: suspected unit about 100 times off."
    if mean < _LITTLE * typical and _is_ordinary(inflow, typical / _FOURFOLD):
        return (
            f"Mean {mean:,.0f} m3/h, on ordinary days {typical:,.0f}: suspected unit m3 per 15 minutes (4 times off)."
        )
    if mean > _MUCH * typical and _is_ordinary(inflow, typical * _FOURFOLD):
        return (
            f"Mean {mean:,.0f} m3/h, on ordinary days {typical:,.0f}: suspected factor 4, m3/h taken for a quarter's."
        )
    return None


def _is_ordinary(inflow: list[float], typical: float) -> bool:
    mean = sum(inflow) / len(inflow)
    swing = (sum((value - mean) ** 2 for value in inflow) / len(inflow)) ** 0.5 / mean if mean else 0.0
    lowest, highest = _ORDINARY_MEAN
    return lowest * typical <= mean <= highest * typical and _ORDINARY_SWING[0] <= swing <= _ORDINARY_SWING[1]


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
