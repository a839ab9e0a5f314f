"""This file is about choosing a model by what each would have said in the past."""

from dataclasses import dataclass

import numpy as np

from core.workloads.pumping.forecasting.base import Floats, Model, models

_ORIGINS_APART_H = 4.0
_MOST_ORIGINS = 36
_WARM_UP_DAYS = 2.0
_PREFERRED = "blend"
_CLEARLY = 0.9
"""A model other than the preferred has to have missed less by a tenth: a week of the past is a small sample."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a model would have missed by: mean absolute error over mean value, over rolling origins of the past."""

    model: str
    nmae: float
    origins: int


def origins(length: int, period: int, apart_h: float, most: int, warm_up_days: float = _WARM_UP_DAYS) -> list[int]:
    """Return past moments, oldest first, from which forecasts can be judged."""
    apart = max(1, round(apart_h * period / 24))
    found = range(length - apart, round(warm_up_days * period) - 1, -apart)
    return sorted(found)[-most:]


def choose(history: Floats, steps: int, period: int) -> tuple[Model, list[Score]]:
    """Return the model that missed least, and all scores, best first; by need of history while there is too little."""
    candidates = models()
    days = len(history) / period
    past = origins(len(history), period, _ORIGINS_APART_H, _MOST_ORIGINS)
    if not past:
        fit = [model for model in candidates.values() if model.needs_days <= days]
        return max(fit, key=lambda model: (model.needs_days, model.name)), []
    scores = [_score(model, history, steps, period, past) for model in candidates.values()]
    scores.sort(key=lambda score: (score.nmae, score.model))
    usual = next(score for score in scores if score.model == _PREFERRED)
    chosen = scores[0] if scores[0].nmae < _CLEARLY * usual.nmae else usual
    return candidates[chosen.model], scores


def _score(model: Model, history: Floats, steps: int, period: int, past: list[int]) -> Score:
    error = total = 0.0
    for origin in past:
        truth = history[origin : origin + steps]
        said = np.maximum(model.forecast(history[:origin], len(truth), period), 0.0)
        error += float(np.abs(said - truth).sum())
        total += float(np.abs(truth).sum())
    return Score(model.name, error / total if total else 0.0, len(past))
