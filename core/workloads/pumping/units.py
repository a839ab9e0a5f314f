"""This file is about series in another unit than they say: found by water's balance and by what things can cost."""

from collections.abc import Sequence

Gappy = Sequence[float | None]

_STEP_H = 0.25
_BALANCE_FACTORS = (
    (3.0, 5.3, "m3/h in a column of m3 per 15 minutes (4 times off)"),
    (0.19, 0.33, "m3 per 15 minutes in a column of m3/h (4 times off)"),
    (50.0, 200.0, "about 100 times off"),
    (0.005, 0.02, "about 100 times off"),
    (0.5 / 3600, 2.0 / 3600, "m3/s"),
    (12.0, 48.0, "m3/day"),
)
_LEAST_WATER_M3 = 500.0
_CENTIMETRES_FROM_M = 50.0
_BELOW_BOTTOM_M = -0.1
_DEAREST_EUR_PER_MWH = 5_000.0
_DEAREST_MEAN_EUR_PER_MWH = 2_000.0
_CHEAPEST_PEAK_EUR_PER_MWH = 20.0
_CHEAPEST_EUR_PER_MWH = 2.0
_PRICES_TO_JUDGE = 8


def inflow_fault(inflow: Gappy, outflow: Gappy, volume: Gappy) -> str | None:
    """Compare the inflow (m3/h) with what left (m3/h) and what is stored (m3): they must balance, whatever the plant.

    None where it balances, or cannot be told.
    """
    came, accounted = 0.0, 0.0
    before: float | None = None
    for flow_in, flow_out, stored in zip(inflow, outflow, volume, strict=True):
        if before is not None and flow_in is not None and flow_out is not None and stored is not None:
            came += flow_in * _STEP_H
            accounted += flow_out * _STEP_H + stored - before
        before = stored
    if accounted < _LEAST_WATER_M3:
        return None
    ratio = came / accounted
    for low, high, unit in _BALANCE_FACTORS:
        if low <= ratio <= high:
            return f"{came:,.0f} m3 came in, {accounted:,.0f} m3 left or are stored: suspected unit: {unit}."
    return None


def level_fault(level: Gappy) -> str | None:
    """Tell when levels cannot be metres above the bottom."""
    known = [value for value in level if value is not None]
    if known and max(known) > _CENTIMETRES_FROM_M:
        return f"Up to {max(known):g} m: suspected unit: cm."
    if known and min(known) < _BELOW_BOTTOM_M:
        return f"Down to {min(known):g} m, below the bottom."
    return None


def price_fault(price: Gappy) -> str | None:
    """Tell when prices (EUR/MWh, made of cents per kWh) cannot be what they say."""
    known = [value for value in price if value is not None]
    if not known:
        return None
    if max(known) > _DEAREST_EUR_PER_MWH or sum(known) / len(known) > _DEAREST_MEAN_EUR_PER_MWH:
        return f"Up to {max(known) / 10:,.0f} cents per kWh: suspected unit: EUR/MWh (10 times off)."
    if 0 < max(known) < _CHEAPEST_PEAK_EUR_PER_MWH:
        return f"At most {max(known) / 10:.3g} cents per kWh: suspected unit: EUR/kWh (100 times off)."
    return None


def price_per_mwh_fault(price: Sequence[float]) -> str | None:
    """Tell when prices cannot be EUR/MWh."""
    peak = max((abs(value) for value in price), default=0.0)
    if peak > _DEAREST_EUR_PER_MWH:
        return f"Up to {peak:,.0f} EUR/MWh: suspected unit: cents per MWh (100 times off)."
    if 0 < peak < _CHEAPEST_EUR_PER_MWH and len(price) >= _PRICES_TO_JUDGE:
        return f"At most {peak:.3g} EUR/MWh: suspected unit: EUR/kWh (1,000 times off)."
    return None
