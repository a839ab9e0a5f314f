"""This file is about bands that hold what they say: split-conformal quantiles, scaled by how wrong one was lately."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.workloads.pumping.forecasting.base import Floats, Model
from core.workloads.pumping.forecasting.selection import origins

_ORIGINS_APART_H = 1.0
_MOST_ORIGINS = 168
_SHORT_H = 4.0
_RECENT_H = 96.0
_LEAD_EDGES_H = (0.0, 1.0, 2.0, 4.0, 8.0, 12.0, 18.0, 24.0, 1e9)
_FLOOR = 0.01
_FEWEST = 12
_LEVELS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.86, 0.92, 0.96, 0.99)
_JUDGED_APART = 4
_FEWEST_JUDGED = 6
_MEDIAN = 0.5
_OUTERMOST = 0.995


@dataclass(frozen=True, slots=True)
class Residuals:
    """What past forecasts missed by: origins, signed errors of shape (origins, steps), NaN for what is not known."""

    origins: tuple[int, ...]
    errors: Floats
    level: float
    period: int

    def known_at(self, now: int) -> "Residuals":
        """Forget what was not known then."""
        rows = [row for row, origin in enumerate(self.origins) if origin < now]
        errors = self.errors[rows].copy()
        for row, place in enumerate(rows):
            errors[row, now - self.origins[place] :] = np.nan
        return Residuals(tuple(self.origins[row] for row in rows), errors, self.level, self.period)


def past_errors(model: Model, history: Floats, steps: int, period: int) -> Residuals:
    """Forecast again from each hour of the past week."""
    past = origins(len(history), period, _ORIGINS_APART_H, _MOST_ORIGINS)
    errors = np.full((len(past), steps), np.nan)
    for row, origin in enumerate(past):
        truth = history[origin : origin + steps]
        errors[row, : len(truth)] = truth - np.maximum(model.forecast(history[:origin], len(truth), period), 0.0)
    return Residuals(tuple(past), errors, float(np.mean(np.abs(history))), period)


def bands(residuals: Residuals, quantiles: Sequence[float], now: int) -> Floats | None:
    """Return what to add to a forecast made at `now` for each quantile, shape (quantiles, steps); None: too few known.

    Errors of like leads are pooled, each divided by how wrong forecasts were before its origin; their quantiles are
    multiplied by how wrong they were of late (split-conformal prediction with normalized scores: Lei et al. 2018,
    section 5.2). As storms are not exchangeable with dry days, the level asked of the quantiles is then the one at
    which the bands issued in the past held as often as they should have (in the spirit of Gibbs and Candes 2021).
    """
    asked = [_asked(residuals, quantile, now) for quantile in quantiles]
    return _scaled(residuals, asked, now)


def _asked(residuals: Residuals, quantile: float, now: int) -> float:
    if quantile == _MEDIAN:
        return quantile
    held = _held(residuals, now)
    if held is None:
        return quantile
    nominal = abs(2.0 * quantile - 1.0)
    level = max(nominal, float(np.interp(nominal, held, _LEVELS)))
    # Errors of one origin go together: each counts as one value in the correction for small samples.
    count = len(residuals.origins)
    side = min((1.0 + level) / 2.0 * (count + 1) / count, _OUTERMOST)
    return side if quantile > _MEDIAN else 1.0 - side


def _held(residuals: Residuals, now: int) -> Floats | None:
    """Return the share of past values within the bands issued for them, for each level; None: too few were issued."""
    sides = np.array([_MEDIAN + sign * level / 2.0 for sign in (-1, 1) for level in _LEVELS])
    inside, judged = np.zeros(len(_LEVELS)), 0
    total = 0
    for row in range(0, len(residuals.origins), _JUDGED_APART):
        origin = residuals.origins[row]
        issued = _scaled(residuals.known_at(origin), sides, origin)
        if issued is None:
            continue
        truth = residuals.errors[row, : now - origin]
        truth = truth[np.isfinite(truth)]
        low, high = issued[: len(_LEVELS), : len(truth)], issued[len(_LEVELS) :, : len(truth)]
        inside += ((truth >= low) & (truth <= high)).sum(axis=1)
        total += len(truth)
        judged += 1
    if judged < _FEWEST_JUDGED:
        return None
    return np.maximum.accumulate(inside / total)


def _scaled(residuals: Residuals, quantiles: Sequence[float] | Floats, now: int) -> Floats | None:
    scales = np.array([_scale(residuals, origin) for origin in residuals.origins])
    known = np.isfinite(scales)
    present = _scale(residuals, now)
    if known.sum() < _FEWEST or not np.isfinite(present):
        return None
    scaled = residuals.errors[known] / scales[known, None]
    hours = (np.arange(residuals.errors.shape[1]) + 1) * 24.0 / residuals.period
    group = np.searchsorted(_LEAD_EDGES_H, hours, side="left") - 1
    result = np.zeros((len(quantiles), len(hours)))
    pool = np.empty(0)
    for number in np.unique(group):
        values = scaled[:, group == number]
        values = values[np.isfinite(values)]
        pool = values if len(values) >= _FEWEST else pool  # for leads not seen yet those of the longest seen serve
        if not len(pool):
            return None
        result[:, group == number] = present * np.quantile(pool, quantiles)[:, None]
    return result


def _scale(residuals: Residuals, now: int) -> float:
    """Return how wrong the first hours of forecasts were in the days before `now`, by what was known then."""
    short, recent = (round(hours * residuals.period / 24) for hours in (_SHORT_H, _RECENT_H))
    rows = [row for row, origin in enumerate(residuals.origins) if now - recent <= origin <= now - short]
    if not rows:
        return float("nan")
    return max(float(np.nanmean(np.abs(residuals.errors[rows, :short]))), _FLOOR * residuals.level)
