"""This file is about the forecast that tomorrow is like today: the yardstick of all others."""

from dataclasses import dataclass

import numpy as np

from core.workloads.pumping.forecasting.base import Floats


@dataclass(frozen=True, slots=True)
class SeasonalNaive:
    """The last day again; the last value where there is no whole day yet."""

    name: str = "seasonal_naive"
    needs_days: float = 0.0

    def forecast(self, history: Floats, steps: int, period: int) -> Floats:
        """Repeat the last day."""
        if len(history) < period:
            return np.full(steps, history[-1])
        return np.resize(history[-period:], steps)


MODEL = SeasonalNaive()
