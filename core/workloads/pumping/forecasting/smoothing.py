"""This file is about exponential smoothing with a daily season and a level that returns to the mean (ETS, additive)."""

from dataclasses import dataclass

import numpy as np

from core.workloads.pumping.forecasting.base import Floats, hourly, spread

_DAY_H = 24


@dataclass(frozen=True, slots=True)
class Smoothing:
    """Hourly level and season after Holt and Winters (1960), the level damped towards the mean as the horizon grows."""

    name: str = "smoothing"
    needs_days: float = 2.0
    level_weight: float = 0.6
    season_weight: float = 0.15
    damping: float = 0.98
    mean_days: int = 7

    def forecast(self, history: Floats, steps: int, period: int) -> Floats:
        """Smooth through the history, then go on with level and season."""
        values = hourly(history, period)
        first = values[: _DAY_H * min(3, len(values) // _DAY_H)].reshape(-1, _DAY_H).mean(axis=0)
        level, season = float(first.mean()), list(first - first.mean())
        for hour, value in enumerate(values):
            slot = hour % _DAY_H
            level = self.level_weight * (value - season[slot]) + (1.0 - self.level_weight) * level
            season[slot] = self.season_weight * (value - level) + (1.0 - self.season_weight) * season[slot]
        mean = float(values[-_DAY_H * self.mean_days :].mean())
        ahead = np.arange(1, -(-steps * _DAY_H // period) + 1)
        levels = mean + (level - mean) * self.damping**ahead
        seasons = np.array(season)[(len(values) + ahead - 1) % _DAY_H]
        recent = float(history[-max(1, period // _DAY_H) :].mean())
        return spread(levels + seasons, recent, steps, period)


MODEL = Smoothing()
