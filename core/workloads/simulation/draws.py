"""Members' own values of what is uncertain: each family's quantile function at uniform draws, member after member.

So member 17 has the same values in an ensemble of any size, and under any scenario that does not change them.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import ndtri

from core.workloads.simulation.arrays import Floats
from core.workloads.simulation.streams import stream

_SMALLEST = 2.0**-54


def draw(value: float | Mapping[str, Any] | Floats, seed: int, purpose: str, members: int, moment: int = 0) -> Floats:
    """Return one value for all (1,), or one for each member (members,) of a distribution, or those that are given."""
    if isinstance(value, np.ndarray):
        return value
    if not isinstance(value, Mapping):
        return np.array([float(value)])
    uniform = stream(seed, purpose, moment).random(members) + _SMALLEST
    return quantiles(value, uniform)


def quantiles(value: Mapping[str, Any], uniform: Floats) -> Floats:
    """Return a family's quantiles at probabilities strictly between 0 and 1."""
    match value["distribution"]:
        case "normal":
            found = value["mean"] + value["sd"] * ndtri(uniform)
        case "lognormal":
            found = value["median"] * np.exp(value["sigma"] * ndtri(uniform))
        case "uniform":
            found = value["low"] + (value["high"] - value["low"]) * uniform
        case _:
            found = _triangular(value["low"], value["mode"], value["high"], uniform)
    return np.asarray(found, dtype=np.float64)


def _triangular(low: float, mode: float, high: float, uniform: Floats) -> Floats:
    span = high - low
    left = low + np.sqrt(uniform * span * (mode - low))
    right = high - np.sqrt((1.0 - uniform) * span * (high - mode))
    return np.asarray(np.where(uniform <= (mode - low) / span, left, right))
