"""This file is about planning with what is known at a moment: forecasts instead of facts, and room for their errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from core.workloads.pumping import forecast, geometry
from core.workloads.pumping.problem import Day, Floats, Problem, pose
from core.workloads.pumping.recording import STEP_MINUTES
from core.workloads.pumping.units import Gappy

QUANTILES = (0.1, 0.5, 0.9)
PUBLISHED_AT_H = 14
"""At that hour tomorrow's prices are known."""
RESERVE_H = 4.0
_HEADROOM_M = 0.4
_LEAST_ROOM = 0.4
_OUTFLOW_SHARE = 0.99
_STEP_H = STEP_MINUTES / 60.0
_DAY_STEPS = round(24 / _STEP_H)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is believed of the horizon: inflow and its upper band in m3/h, price in EUR/MWh, whether each day is dry."""

    start: datetime
    inflow: Floats
    upper: Floats
    price: Floats
    dry: tuple[bool, ...]
    model: str
    stale_steps: int


def foresee(
    start: datetime, history: Gappy, price: Gappy, steps: int, *, dry_below_m3: float, today: Sequence[float] = ()
) -> Outlook:
    """Forecast from `start` on: `history` ends there, `price` begins there and holds what is published.

    `today` is the inflow of the day so far, which decides with the forecast whether the day is dry. A history that is
    nothing but gaps raises `SeriesInvalid`.
    """
    said = forecast.ahead(history, steps, QUANTILES, now=len(history))
    lower, upper = said.quantiles[0], said.quantiles[-1]
    dry = dry_days(start, (said.values + lower) / 2.0, today, dry_below_m3)
    return Outlook(start, said.values, upper, beyond(price, steps), dry, said.model, said.stale_steps)


def known(
    start: datetime,
    inflow: Sequence[float],
    price: Sequence[float],
    *,
    dry_below_m3: float,
    today: Sequence[float] = (),
) -> Outlook:
    """Take what will be as known: perfect foresight."""
    values = np.asarray(inflow, dtype=float)
    dry = dry_days(start, values, today, dry_below_m3)
    return Outlook(start, values, values, np.asarray(price, dtype=float), dry, "perfect", 0)


def published_steps(start: datetime) -> int:
    """Return for how many steps from `start` on prices are known: to midnight, from 14:00 on to the next one."""
    done = (start.hour * 60 + start.minute) // STEP_MINUTES
    return _DAY_STEPS - done + (_DAY_STEPS if start.hour >= PUBLISHED_AT_H else 0)


def beyond(price: Gappy, steps: int) -> Floats:
    """Fill prices that are not published with the same time of the last day known; raises ValueError without any."""
    values = [value for value in price if value is not None]
    if not values:
        raise ValueError("no price is known")
    result = [value if value is not None else float("nan") for value in price[:steps]]
    result += [float("nan")] * (steps - len(result))
    for step, value in enumerate(result):
        if value != value:  # noqa: PLR0124 - not a number
            result[step] = result[step - _DAY_STEPS] if step >= _DAY_STEPS else values[step % len(values)]
    return np.array(result)


def params_for(
    outlook: Outlook, plant: str | Mapping[str, Any], state: Mapping[str, Any], weights: Mapping[str, Any]
) -> dict[str, Any]:
    """Write the params of `pumping.optimize`, loaded already, that mean this outlook."""
    return {
        "plant": plant,
        "start": outlook.start,
        "step_minutes": STEP_MINUTES,
        "state": state,
        "inflow_m3_per_h": [float(value) for value in outlook.inflow],
        "price_eur_per_mwh": [float(value) for value in outlook.price],
        "times": None,
        "dry": list(outlook.dry),
        "weights": weights,
        "recorded": None,
        "co2_g_per_kwh": None,
        "overrides": [],
        "previous": None,
        "effort": "fresh",
    }


def pose_robust(params: Mapping[str, Any], upper: Floats) -> Problem:
    """Pose the problem with room for errors of the forecast.

    The ceiling is below the alarm by what the upper band brings more than expected within the hours that a change of
    plan takes, and the largest outflow is planned with a hundredth to spare. Today's emptying is owed until midnight.
    Water left at the end is worth what lifting it costs in the cheapest third of the horizon: it can wait for such
    hours.
    """
    problem = pose(params)
    surplus = np.cumsum(np.maximum(upper - problem.inflow, 0.0)[: round(RESERVE_H / _STEP_H)]) * problem.step_h
    alarm = problem.volume_alarm
    headroom = float(geometry.volume_m3(problem.plant, problem.plant.rules.alarm_m - _HEADROOM_M))
    ceiling = max(_LEAST_ROOM * alarm, min(headroom, alarm - float(surplus.max(initial=0.0))))
    weights = problem.weights
    mean, cheap = float(np.mean(problem.price)), float(np.mean(np.sort(problem.price)[: max(1, problem.steps // 3)]))
    lift_kwh = weights.water_value_eur_per_m3 / mean if mean > 0 else 0.0
    rules = problem.plant.rules
    # More water than expected raises the level, and with it what the same pumps deliver.
    held = replace(rules, outflow_max_m3_per_h=_OUTFLOW_SHARE * rules.outflow_max_m3_per_h)
    return replace(
        problem,
        plant=replace(problem.plant, rules=held),
        volume_alarm=min(alarm, ceiling),
        days=tuple(_owed(day, params) for day in problem.days),
        weights=replace(weights, water_value_eur_per_m3=max(0.0, cheap) * lift_kwh),
    )


def _owed(day: Day, params: Mapping[str, Any]) -> Day:
    if day.start or day.empty or params["state"].get("emptied_today", False):
        return day
    return replace(day, empty=bool(params["dry"][0]))


def dry_days(start: datetime, inflow: Floats, today: Sequence[float], dry_below_m3: float) -> tuple[bool, ...]:
    """Tell of each step whether its day is dry, by the mean rate of the whole day as far as it is seen."""
    times = [start + timedelta(minutes=STEP_MINUTES * step) for step in range(len(inflow))]
    rates: dict[Any, list[float]] = {times[0].date(): list(today)}
    for time, flow in zip(times, inflow, strict=True):
        rates.setdefault(time.date(), []).append(float(flow))
    dry = {day: sum(flows) / len(flows) * 24.0 < dry_below_m3 for day, flows in rates.items()}
    return tuple(dry[time.date()] for time in times)
