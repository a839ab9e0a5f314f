"""This file is about the mean day, moved by how far the present is off it, which is forgotten in a day or two."""

from dataclasses import dataclass

import numpy as np

from core.workloads.pumping.forecasting.base import Floats


@dataclass(frozen=True, slots=True)
class Profile:
    """A smoothed mean day of the last week plus an offset of the last hour that decays."""

    name: str = "profile"
    needs_days: float = 1.0
    days: int = 7
    smoothed_h: float = 1.25
    offset_h: float = 1.0
    decay_h: float = 36.0

    def forecast(self, history: Floats, steps: int, period: int) -> Floats:
        """Go on with the mean day, the offset fading with `decay_h`."""
        days = min(self.days, len(history) // period)
        day = _smooth(
            history[-days * period :].reshape(days, period).mean(axis=0), round(self.smoothed_h * period / 24)
        )
        recent = max(1, round(self.offset_h * period / 24))
        offset = float(np.mean(history[-recent:] - day[-recent:]))
        hours = np.arange(1, steps + 1) * 24.0 / period
        return np.asarray(np.resize(day, steps) + offset * np.exp(-hours / self.decay_h))


def _smooth(day: Floats, width: int) -> Floats:
    """Average each slot of a day with those around it; the day is a circle."""
    half = width // 2
    around = np.concatenate([day[len(day) - half :], day, day[:half]])
    return np.convolve(around, np.full(2 * half + 1, 1.0 / (2 * half + 1)), "valid")


MODEL = Profile()
