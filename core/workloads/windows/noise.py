"""What moves a structural model: noise of several families, all of the standard deviation that is asked for."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

GARCH_OMEGA, GARCH_ALPHA, GARCH_BETA = 0.1, 0.2, 0.7
"""Of a GARCH(1,1) process (Bollerslev 1986), with variance 1 in the long run."""


def draw(rng: np.random.Generator, shape: tuple[int, int], of: Mapping[str, Any]) -> NDArray[np.float64]:
    """Draw noise, variables by rows, with mean 0."""
    return _standard(rng, shape, of) * float(of["sd"])


def _standard(rng: np.random.Generator, shape: tuple[int, int], of: Mapping[str, Any]) -> NDArray[np.float64]:
    match of["family"]:
        case "laplace":
            return rng.laplace(0.0, math.sqrt(0.5), shape)
        case "student_t":
            return rng.standard_t(of["df"], shape) * math.sqrt((of["df"] - 2) / of["df"])
        case "uniform":
            return rng.uniform(-math.sqrt(3), math.sqrt(3), shape)
        case "exponential":
            return rng.standard_exponential(shape) - 1.0
        case "garch":
            return _garch(rng.standard_normal(shape))
        case _:
            return rng.standard_normal(shape)


def _garch(normals: NDArray[np.float64]) -> NDArray[np.float64]:
    values = np.empty_like(normals)
    variance = np.ones(len(normals))
    for row in range(normals.shape[1]):
        values[:, row] = np.sqrt(variance) * normals[:, row]
        variance = GARCH_OMEGA + GARCH_ALPHA * values[:, row] ** 2 + GARCH_BETA * variance
    return values
