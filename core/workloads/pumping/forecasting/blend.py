"""This file is about the mean of two models that err differently."""

from dataclasses import dataclass

import numpy as np

from core.workloads.pumping.forecasting.base import Floats
from core.workloads.pumping.forecasting.profile import Profile
from core.workloads.pumping.forecasting.smoothing import Smoothing


@dataclass(frozen=True, slots=True)
class Blend:
    """Profile and smoothing in equal parts."""

    name: str = "blend"
    needs_days: float = 2.0

    def forecast(self, history: Floats, steps: int, period: int) -> Floats:
        """Average what the two say."""
        parts = [model.forecast(history, steps, period) for model in (Profile(), Smoothing())]
        return np.asarray(np.mean(parts, axis=0))


MODEL = Blend()
