"""This file is about `pumping.forecast`: what will come in, and cost, with bands; never silent when data are stale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.pumping.forecasting import base, conformal, selection
from core.workloads.pumping.forecasting.base import Floats
from core.workloads.pumping.forecasting.selection import Score
from core.workloads.pumping.recording import STEP_MINUTES, Gappy, Recording, SeriesInvalid
from core.workloads.pumping.series_field import open_series

PERIOD = 24 * 60 // STEP_MINUTES
STALE_AFTER_STEPS = 2
LONGEST_HISTORY_DAYS = 14
_FEW_DAYS = 1.0
_ROUGH_BAND = 0.35


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected from a moment on: `quantiles` of shape (asked quantiles, steps), never below `floor`."""

    model: str
    values: Floats
    quantiles: Floats
    scores: list[Score]
    stale_steps: int
    banded: bool


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Forecast inflow, and the price beyond what is published, from the last row on or from `start`."""
    context.progress(0.05, "read", "reading the series")
    recording = open_series(params, context)
    origin = _origin(params, recording)
    steps = round(params["horizon_h"] * 60 / STEP_MINUTES)
    context.progress(0.2, "inflow", "trying the models on the past")
    inflow = ahead(recording.inflow[:origin], steps, params["quantiles"], now=origin, model=params["model"])
    times = [recording.time(origin + step) for step in range(steps)]
    tariff = params["tariff"]
    price = None
    if tariff in recording.price:
        context.progress(0.6, "price", f"tariff {tariff}")
        price = _price(recording, tariff, origin, steps, params)
    context.progress(1.0, "done", f"{inflow.model}, {len(times)} steps")
    return {
        "origin": recording.time(origin).isoformat(),
        "step_minutes": STEP_MINUTES,
        "model": inflow.model,
        "fallback": inflow.stale_steps > STALE_AFTER_STEPS or not inflow.banded,
        "stale_minutes": inflow.stale_steps * STEP_MINUTES,
        "scores": [{"model": s.model, "nmae": s.nmae, "origins": s.origins} for s in inflow.scores],
        "inflow": _rows(times, inflow, params["quantiles"], "m3_per_h"),
        "price": price,
        "days": days(times, inflow.values, params["dry_below_m3_per_day"]),
        "warnings": _warnings(inflow),
    }


def ahead(
    history: Sequence[float | None],
    steps: int,
    quantiles: Sequence[float],
    *,
    now: int,
    model: str = "auto",
    floor: float | None = 0.0,
) -> Forecast:
    """Forecast `steps` from place `now` on out of what was recorded before; None in the history is a gap.

    What is missing at the end is forecast, too, and makes the forecast stale; gaps before are filled from the days
    around. Raises `SeriesInvalid` when nothing at all is known.
    """
    known = [place for place, value in enumerate(history[:now]) if value is not None]
    if not known:
        raise SeriesInvalid("There is no history to forecast from.")
    stale = now - 1 - known[-1]
    past = _gapless(history[known[0] : known[-1] + 1])[-LONGEST_HISTORY_DAYS * PERIOD :]
    whole = steps + stale
    if model == "auto":
        chosen, scores = selection.choose(past, min(whole, PERIOD), PERIOD)
    else:
        chosen, scores = base.models()[model], []
        if len(past) / PERIOD < chosen.needs_days:
            raise SeriesInvalid(
                f"{model} takes {chosen.needs_days:g} days of history, {len(past) / PERIOD:.1f} are there."
            )
    values = chosen.forecast(past, whole, PERIOD)
    residuals = conformal.past_errors(chosen, past, whole, PERIOD)
    moved = conformal.bands(residuals, quantiles, len(past))
    banded = moved is not None
    if moved is None:
        moved = np.array([np.abs(values) * _ROUGH_BAND * np.sign(q - 0.5) * (q != 0.5) for q in quantiles])  # noqa: PLR2004 - the median
    spread = values + moved
    if floor is not None:
        values, spread = np.maximum(values, floor), np.maximum(spread, floor)
    return Forecast(chosen.name, values[stale:], np.sort(spread, axis=0)[:, stale:], scores, stale, banded)


def days(times: Sequence[datetime], inflow: Floats, dry_below_m3: float) -> list[dict[str, Any]]:
    """Tell of each day that the forecast touches how much comes, and whether it is dry, at its mean rate."""
    sums: dict[date, list[float]] = {}
    for time, flow in zip(times, inflow, strict=True):
        sums.setdefault(time.date(), []).append(float(flow))
    return [
        {
            "date": day.isoformat(),
            "inflow_m3": sum(flows) * STEP_MINUTES / 60,
            "hours": len(flows) * STEP_MINUTES / 60,
            "dry": float(np.mean(flows)) * 24 < dry_below_m3,
        }
        for day, flows in sums.items()
    ]


def _origin(params: Mapping[str, Any], recording: Recording) -> int:
    start = params["start"]
    if start is None:
        return recording.steps
    if (start.tzinfo is None) != (recording.start.tzinfo is None):
        raise SeriesInvalid("start has a UTC offset and the series has none, or the other way round.")
    place, rest = divmod(start - recording.start, timedelta(minutes=STEP_MINUTES))
    if rest or place <= 0:
        raise SeriesInvalid(f"{start.isoformat()} is no quarter-hour after the series' first.")
    return int(place)


def _price(
    recording: Recording, tariff: str, origin: int, steps: int, params: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return the prices of the horizon: what the series knows as it is, the rest forecast."""
    values = list(recording.price[tariff])
    known = values[origin : origin + steps]
    known += [None] * (steps - len(known))
    published = next((place for place, value in enumerate(known) if value is None), steps)
    times = [recording.time(origin + step) for step in range(steps)]
    if published == steps:
        rows = [{"time": t.isoformat(), "eur_per_mwh": v, "published": True} for t, v in zip(times, known, strict=True)]
        return {"model": "published", "rows": rows}
    said = ahead(
        values[: origin + published], steps - published, params["quantiles"], now=origin + published, floor=None
    )
    rows = [
        {"time": time.isoformat(), "eur_per_mwh": value, "published": True}
        for time, value in zip(times[:published], known, strict=False)
    ]
    for row in _rows(times[published:], said, params["quantiles"], "eur_per_mwh"):
        rows.append({**row, "published": False})
    return {"model": said.model, "rows": rows}


def _rows(times: Sequence[datetime], said: Forecast, quantiles: Sequence[float], unit: str) -> list[dict[str, Any]]:
    return [
        {
            "time": time.isoformat(),
            unit: round(float(said.values[step]), 3),
            "quantiles": {f"{q:g}": round(float(said.quantiles[row, step]), 3) for row, q in enumerate(quantiles)},
        }
        for step, time in enumerate(times)
    ]


def _gapless(values: Gappy | Sequence[float | None]) -> Floats:
    """Fill short gaps linearly, long ones with the mean of the same time on the days that know it."""
    array = np.array([np.nan if value is None else value for value in values])
    missing = np.isnan(array)
    if not missing.any():
        return array
    places = np.arange(len(array))
    filled = np.where(missing, np.interp(places, places[~missing], array[~missing]), array)
    for place in np.flatnonzero(missing):
        alike = array[place % PERIOD :: PERIOD]
        around = missing[max(0, place - 4) : place + 5]
        if around.all() and np.isfinite(alike).any():
            filled[place] = np.nanmean(alike)
    return filled


def _warnings(said: Forecast) -> list[str]:
    warnings = []
    if said.stale_steps > STALE_AFTER_STEPS:
        warnings.append(f"The last {said.stale_steps * STEP_MINUTES} minutes are missing: forecast from before them.")
    if not said.banded:
        warnings.append("Too little history to calibrate the band: it is a rough third of the value.")
    return warnings
