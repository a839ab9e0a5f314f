"""This file is about what every forecasting model promises, and where the models are."""

import importlib
import pkgutil
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Model(Protocol):
    """Looks at evenly spaced history and says how it goes on; the same history gives the same forecast."""

    @property
    def name(self) -> str:
        """What results call the model."""

    @property
    def needs_days(self) -> float:
        """How many days of history it takes to be of use."""

    def forecast(self, history: Floats, steps: int, period: int) -> Floats:
        """Return the next values, shape (steps,), from a gapless history that ends now; a day has `period` steps."""


def models() -> dict[str, Model]:
    """Find the model of each module beside this one, by name."""
    found = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        value = getattr(importlib.import_module(f"{__package__}.{module.name}"), "MODEL", None)
        if value is not None:
            found[value.name] = value
    return dict(sorted(found.items()))


def hourly(history: Floats, period: int) -> Floats:
    """Average the history to whole hours that end now."""
    each = max(1, period // 24)
    whole = len(history) // each
    return np.asarray(history[len(history) - each * whole :].reshape(whole, each).mean(axis=1))


def spread(values: Floats, last: float, steps: int, period: int) -> Floats:
    """Put hourly means back on the finer steps, from the last value known on."""
    each = max(1, period // 24)
    centers = np.arange(len(values)) * each + (each - 1) / 2
    known, said = np.concatenate([[-1.0], centers]), np.concatenate([[last], values])
    return np.asarray(np.interp(np.arange(steps), known, said))
