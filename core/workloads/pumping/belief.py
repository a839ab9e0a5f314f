"""This file is about what is believed at the start of a plan: inflow ahead with its band, prices, the level of now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from core.workloads.pumping import receding, telemetry
from core.workloads.pumping.forecast import ahead
from core.workloads.pumping.hydraulics import tabulate
from core.workloads.pumping.plant import Plant
from core.workloads.pumping.problem import Floats
from core.workloads.pumping.receding import Outlook
from core.workloads.pumping.recording import STEP_MINUTES, SeriesInvalid

Params = dict[str, Any]
_NO_HISTORY_SHARE = 0.25
_FLAT_PRICE_EUR_PER_MWH = 60.0


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed at the start: the outlook, its lower band, the level and how long nothing was measured."""

    outlook: Outlook
    lower: Floats
    level_m: float
    silent_steps: int
    published_steps: int

    @property
    def silent_minutes(self) -> int:
        """For how long no level was measured."""
        return self.silent_steps * STEP_MINUTES


def believe(plant: Plant, params: Params) -> Belief:
    """Say what is expected of the horizon and where the level is; without any history the pumps' own scale serves."""
    steps = round(params["horizon_h"] * 60 / STEP_MINUTES)
    start, told = params["start"], params["telemetry"]
    history = telemetry.inflow_history(plant, told)
    silent = telemetry.silent_steps(told["level_m"])
    try:
        said = ahead(history, steps, receding.QUANTILES, now=len(history))
        values, lower, upper, model, stale = (
            said.values,
            said.quantiles[0],
            said.quantiles[-1],
            said.model,
            said.stale_steps,
        )
    except SeriesInvalid:
        usual = _NO_HISTORY_SHARE * plant.rules.outflow_max_m3_per_h
        values, lower, upper = (np.full(steps, usual * factor) for factor in (1.0, 0.5, 2.0))
        model, stale = "none", len(history)
    today = history[len(history) - _steps_of_today(start) :] if _steps_of_today(start) else []
    seen = [value for value in today if value is not None]
    price, published = _prices(params, steps)
    outlook = Outlook(
        start,
        values,
        upper,
        price,
        receding.dry_days(start, (values + lower) / 2.0, seen, params["dry_below_m3_per_day"]),
        model,
        stale,
    )
    return Belief(outlook, lower, _level(plant, params, history, silent), silent, published)


def _level(plant: Plant, params: Params, history: list[float | None], silent: int) -> float:
    levels = params["telemetry"]["level_m"]
    last = next((value for value in reversed(levels) if value is not None), plant.normal_level_m)
    if not silent:
        return max(plant.rules.level_min_m, float(last))
    known = len(history) - silent
    try:
        inflow = ahead(history[:known], silent, receding.QUANTILES, now=known).values if known else np.empty(0)
    except SeriesInvalid:
        inflow = np.empty(0)
    earlier = (params["previous"] or {"schedule": []})["schedule"]
    level = telemetry.carry_on(plant, tabulate(plant), float(last), inflow, params["start"], earlier)
    return max(plant.rules.level_min_m, level)


def belief_document(belief: Belief) -> dict[str, Any]:
    """Write a belief as results tell it."""
    outlook = belief.outlook
    return {
        "model": outlook.model,
        "stale_minutes": outlook.stale_steps * STEP_MINUTES,
        "inflow_m3_per_h": [round(float(value), 2) for value in outlook.inflow],
        "lower_m3_per_h": [round(float(value), 2) for value in belief.lower],
        "upper_m3_per_h": [round(float(value), 2) for value in outlook.upper],
        "price_eur_per_mwh": [round(float(value), 4) for value in outlook.price],
        "published_steps": belief.published_steps,
        "dry_today": outlook.dry[0],
        "level_m": belief.level_m,
        "level_estimated": belief.silent_steps > 0,
    }


def _prices(params: Params, steps: int) -> tuple[Floats, int]:
    known = params["price_eur_per_mwh"][:steps]
    published = next((place for place, value in enumerate(known) if value is None), len(known))
    if any(value is not None for value in known):
        return receding.beyond(known, steps), published
    usual = params["usual_price_eur_per_mwh"]
    return np.full(steps, _FLAT_PRICE_EUR_PER_MWH if usual is None else usual), 0


def _steps_of_today(start: datetime) -> int:
    return int((start.hour * 60 + start.minute) // STEP_MINUTES)
