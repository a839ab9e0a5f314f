"""This file is about a made-up plant week: inflow, weather and prices from a seed, in pure Python."""

import math
import random
from datetime import date, datetime, timedelta
from typing import Any

STEP_MINUTES = 15
STEPS_A_DAY = 96
EPOCH = datetime(2025, 3, 3)  # noqa: DTZ001 - plant time, without daylight saving
"""A Monday; every seventh day from the third on is rainy."""

_BASE_INFLOW_M3_PER_H = 4050.0
_RAIN_INFLOW_M3_PER_H = 3600.0
_RAIN_DAY = 2


def is_dry(day: date) -> bool:
    """Tell whether the scenario has no rain on that day."""
    return (day - EPOCH.date()).days % 7 != _RAIN_DAY


def inflow_m3_per_h(day: date, seed: int) -> list[float]:
    """Return the day's inflow: low at night, peaks in the morning and evening, a storm on the rainy day."""
    rng = random.Random(f"inflow/{seed}/{day.isoformat()}")  # noqa: S311 - a scenario, no secret
    scale, ripple, values = 1.0 + rng.uniform(-0.04, 0.04), 0.0, []
    for step in range(STEPS_A_DAY):
        hour = step * STEP_MINUTES / 60.0
        daily = 1.0 - 0.42 * math.exp(-(((hour - 4.5) / 2.6) ** 2)) + 0.24 * math.exp(-(((hour - 9.5) / 2.2) ** 2))
        daily += 0.18 * math.exp(-(((hour - 20.5) / 2.4) ** 2))
        storm = 0.0 if is_dry(day) else _RAIN_INFLOW_M3_PER_H * math.exp(-(((hour - 14.0) / 5.0) ** 2))
        ripple = 0.8 * ripple + rng.gauss(0.0, 0.025)
        values.append(round(max(200.0, _BASE_INFLOW_M3_PER_H * scale * daily * (1.0 + ripple) + storm), 1))
    return values


def price_eur_per_mwh(day: date, seed: int) -> list[float]:
    """Return the day's price, constant within each hour: cheap nights, a morning and an evening peak."""
    rng = random.Random(f"price/{seed}/{day.isoformat()}")  # noqa: S311 - a scenario, no secret
    mean = rng.uniform(55.0, 95.0)
    hourly = []
    for hour in range(24):
        shape = 0.75 - 0.35 * math.exp(-(((hour - 3.0) / 3.0) ** 2)) + 0.7 * math.exp(-(((hour - 8.5) / 1.8) ** 2))
        shape += 0.95 * math.exp(-(((hour - 18.0) / 2.0) ** 2)) + rng.gauss(0.0, 0.06)
        hourly.append(round(max(1.0, mean * shape), 2))
    return [price for price in hourly for _ in range(60 // STEP_MINUTES)]


def params(start: datetime, steps: int, seed: int, *, state: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return params of `pumping.optimize` for a stretch of the scenario; `start` falls on a quarter of an hour."""
    times = [start + timedelta(minutes=STEP_MINUTES * i) for i in range(steps)]
    days = sorted({time.date() for time in times})
    inflow = {day: inflow_m3_per_h(day, seed) for day in days}
    price = {day: price_eur_per_mwh(day, seed) for day in days}
    slots = [(time.date(), (time.hour * 60 + time.minute) // STEP_MINUTES) for time in times]
    return {
        "plant": "tunnel",
        "start": start.isoformat(),
        "step_minutes": STEP_MINUTES,
        "state": state or initial_state(),
        "inflow_m3_per_h": [inflow[day][slot] for day, slot in slots],
        "price_eur_per_mwh": [price[day][slot] for day, slot in slots],
        "dry": [is_dry(day) for day, _ in slots],
        "weights": {"start_eur": 2.0, "smoothness_eur_per_m3_per_h": 0.0, "flow_band": 1.6, "end_volume": "fixed"},
        "time_limit_s": 30,
        "seed": seed,
    }


def initial_state() -> dict[str, Any]:
    """Return the plant at the scenario's start: a large and a small pump have been running for five hours."""
    names = ("1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "2.3", "2.4")
    return {
        "level_m": 2.2,
        "pumps": {name: {"on": name in {"1.1", "1.2"}, "minutes_since_switch": 300} for name in names},
    }


def plan_to_simulate(steps: int) -> dict[str, Any]:
    """Return params of `pumping.simulate`: the two pumps go on, a third joins for the last two hours."""
    wanted = params(EPOCH, steps, 1)
    third = [0.0] * (steps - 8) + [49.0] * 8
    return {
        **{key: wanted[key] for key in ("plant", "start", "step_minutes", "state")},
        "inflow_m3_per_h": wanted["inflow_m3_per_h"],
        "price_eur_per_mwh": wanted["price_eur_per_mwh"],
        "plan": {"1.1": [49.0] * steps, "1.2": [49.0] * steps, "2.3": third},
    }


def turn_of_the_loop(slot: datetime, seed: int) -> dict[str, Any]:
    """Return params of `pumping.replan`: a day and a half behind, the prices of the day ahead."""
    past, steps = STEPS_A_DAY * 3 // 2, STEPS_A_DAY
    before = params(slot - timedelta(minutes=STEP_MINUTES * past), past, seed)
    state = initial_state()
    return {
        "plant": "tunnel",
        "start": slot.isoformat(),
        "telemetry": {
            "level_m": [state["level_m"]] * past,
            "inflow_m3_per_h": before["inflow_m3_per_h"],
            "outflow_m3_per_h": before["inflow_m3_per_h"],
            "pumps": state["pumps"],
        },
        "price_eur_per_mwh": params(slot, steps, seed)["price_eur_per_mwh"],
        "horizon_h": 12,
    }


def recorded_rows(first: datetime, steps: int, seed: int) -> list[dict[str, Any]]:
    """Return the scenario as a recording in the shared columns, as far as the sky and the market decide it."""
    wanted = params(first, steps, seed)
    step = timedelta(minutes=STEP_MINUTES)
    columns = zip(wanted["inflow_m3_per_h"], wanted["price_eur_per_mwh"], strict=True)
    return [
        {
            "time": (first + number * step).isoformat(),
            "inflow_m3_per_15min": round(inflow * STEP_MINUTES / 60, 3),
            "price_normal_cent_per_kwh": round(price / 10.0, 4),
        }
        for number, (inflow, price) in enumerate(columns)
    ]


def recorded_operation(first: datetime, steps: int, seed: int) -> list[dict[str, Any]]:
    """Return the same rows with a level that was held, so that they can be operated anew."""
    return [{**row, "level_m": 2.2} for row in recorded_rows(first, steps, seed)]


def day_of_a_backtest(day: datetime, seed: int) -> dict[str, Any]:
    """Return params of `pumping.backtest_day`: a morning with a day of history."""
    before = params(day - timedelta(days=1), STEPS_A_DAY, seed)
    wanted = params(day, STEPS_A_DAY, seed)
    return {
        "start": day.isoformat(),
        "steps": 24,
        "state": initial_state(),
        "history_m3_per_h": before["inflow_m3_per_h"],
        "inflow_m3_per_h": wanted["inflow_m3_per_h"],
        "price_eur_per_mwh": wanted["price_eur_per_mwh"],
        "horizon_h": 12,
        "replan_minutes": 180,
    }
