"""The families of made windows that accuracy is measured on, each with its truth; one seed gives one window."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
BURN_IN = 200
LAGS = 2


@dataclass(frozen=True, slots=True)
class Window:
    """One window and the graph it was made by."""

    family: str
    seed: int
    values: Floats
    """Rows = time; NaN where a value is missing."""
    truth: npt.NDArray[np.bool_]
    """truth[i][j]: j causes i, at any lag; the diagonal is False."""
    coefficients: Floats | None
    """coefficients[l-1][i][j] where the family is linear; of seen variables beside hidden ones, too."""


Noise = Callable[[np.random.Generator, int, int], Floats]
Effect = Callable[[Floats], Floats]


def gaussian(rng: np.random.Generator, rows: int, variables: int) -> Floats:
    """Draw standard normal noise."""
    return rng.standard_normal((rows, variables))


def laplace(rng: np.random.Generator, rows: int, variables: int) -> Floats:
    """Draw Laplace noise of unit variance."""
    return rng.laplace(scale=np.sqrt(0.5), size=(rows, variables))


def garch(rng: np.random.Generator, rows: int, variables: int) -> Floats:
    """Draw GARCH(1,1) noise of unit variance: quiet and stormy times in turn (alpha .15, beta .8)."""
    alpha, beta = 0.15, 0.8
    drawn = rng.standard_normal((rows, variables))
    noise, variance = np.empty_like(drawn), np.ones(variables)
    for t in range(rows):
        noise[t] = np.sqrt(variance) * drawn[t]
        variance = (1 - alpha - beta) + alpha * noise[t] ** 2 + beta * variance
    return noise


def draw_structure(
    rng: np.random.Generator, variables: int, edges: int, low: float, high: float
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Draw a stationary sparse VAR(2): own lags .2-.6, so many cross edges at lag 1 or 2, random signs."""
    off = [(i, j) for i in range(variables) for j in range(variables) if i != j]
    while True:
        coefficients = np.zeros((LAGS, variables, variables))
        coefficients[0][np.diag_indices(variables)] = rng.uniform(0.2, 0.6, variables)
        truth = np.zeros((variables, variables), dtype=np.bool_)
        for place in rng.choice(len(off), size=edges, replace=False):
            i, j = off[place]
            coefficients[rng.integers(LAGS), i, j] = rng.choice([-1, 1]) * rng.uniform(low, high)
            truth[i, j] = True
        if spectral_radius(coefficients) < 0.95:
            return coefficients, truth


def spectral_radius(coefficients: Floats) -> float:
    """Return the largest absolute eigenvalue of the companion matrix; below 1 the process is stationary."""
    lags, variables, _ = coefficients.shape
    companion = np.eye(lags * variables, k=-variables)
    companion[:variables] = np.hstack(list(coefficients))
    return float(np.abs(np.linalg.eigvals(companion)).max())


def simulate(coefficients: Floats, noise: Floats) -> Floats:
    """Run a VAR on the noise; the first `BURN_IN` rows are dropped."""
    values = np.zeros_like(noise)
    lags = len(coefficients)
    for t in range(len(noise)):
        values[t] = noise[t] + sum(coefficients[k] @ values[t - 1 - k] for k in range(min(lags, t)))
    return values[BURN_IN:]


def _linear(
    family: str, seed: int, rows: int, low: float, high: float, noise: Noise, variables: int = 10, edges: int = 15
) -> Window:
    rng = np.random.default_rng([seed, len(family)])
    coefficients, truth = draw_structure(rng, variables, edges, low, high)
    values = simulate(coefficients, noise(rng, rows + BURN_IN, variables))
    return Window(family, seed, values, truth, coefficients)


def _nonlinear(family: str, seed: int, rows: int = 1000, variables: int = 10, edges: int = 12) -> Window:
    """Mix tanh, quadratic and threshold effects; own lags stay linear."""
    rng = np.random.default_rng([seed, len(family)])
    shapes: tuple[Effect, ...] = (
        lambda x: np.tanh(2.0 * x),
        lambda x: np.clip(x, -2.5, 2.5) ** 2 - 1.0,
        lambda x: np.where(x > 0.5, 1.0, -0.3),
    )
    off = [(i, j) for i in range(variables) for j in range(variables) if i != j]
    own = rng.uniform(0.2, 0.5, variables)
    truth = np.zeros((variables, variables), dtype=np.bool_)
    effects: list[tuple[int, int, int, float, Effect]] = []
    for place in rng.choice(len(off), size=edges, replace=False):
        i, j = off[place]
        truth[i, j] = True
        strength = rng.choice([-1, 1]) * rng.uniform(0.3, 0.6)
        effects.append((i, j, int(rng.integers(1, LAGS + 1)), strength, shapes[rng.integers(len(shapes))]))
    noise = rng.standard_normal((rows + BURN_IN, variables))
    values = np.zeros_like(noise)
    for t in range(LAGS, len(noise)):
        values[t] = own * values[t - 1] + noise[t]
        for i, j, lag, strength, shape in effects:
            values[t, i] += strength * float(shape(values[t - lag, j]))
    return Window(family, seed, values[BURN_IN:], truth, None)


def _trends_and_seasons(family: str, seed: int) -> Window:
    """Add a common season of 24 rows and a trend to each variable of a linear window."""
    made = _linear(family, seed, 1000, 0.15, 0.4, gaussian)
    rng = np.random.default_rng([seed, 777])
    rows, variables = made.values.shape
    time = np.arange(rows)[:, None]
    season = rng.uniform(1.0, 3.0, variables) * np.sin(2 * np.pi * time / 24 + rng.uniform(0, 2 * np.pi, variables))
    trend = rng.uniform(-4.0, 4.0, variables) * (time / rows) + rng.uniform(-2.0, 2.0, variables) * (time / rows) ** 2
    return Window(family, seed, made.values + season + trend, made.truth, made.coefficients)


def _missing(family: str, seed: int) -> Window:
    """Lose one value in ten of a linear window, at random."""
    made = _linear(family, seed, 1000, 0.15, 0.4, gaussian)
    values = made.values.copy()
    values[np.random.default_rng([seed, 778]).random(values.shape) < 0.1] = np.nan
    return Window(family, seed, values, made.truth, made.coefficients)


def _hidden(family: str, seed: int, hidden: int = 2, children: int = 3) -> Window:
    """Hide two autocorrelated variables, each a cause of three others one row later."""
    rng = np.random.default_rng([seed, len(family)])
    variables = 10
    seen, truth = draw_structure(rng, variables, 12, 0.15, 0.4)
    whole = np.zeros((LAGS, variables + hidden, variables + hidden))
    whole[:, :variables, :variables] = seen
    for h in range(hidden):
        whole[0, variables + h, variables + h] = rng.uniform(0.5, 0.8)
        for child in rng.choice(variables, size=children, replace=False):
            whole[0, child, variables + h] = rng.choice([-1, 1]) * rng.uniform(0.4, 0.7)
    values = simulate(whole, rng.standard_normal((1000 + BURN_IN, variables + hidden)))
    return Window(family, seed, values[:, :variables], truth, seen)


def _noise(family: str, seed: int) -> Window:
    rng = np.random.default_rng([seed, len(family)])
    return Window(family, seed, rng.standard_normal((500, 8)), np.zeros((8, 8), dtype=np.bool_), None)


def _autocorrelated_noise(family: str, seed: int) -> Window:
    rng = np.random.default_rng([seed, len(family)])
    own = np.diag(rng.uniform(0.5, 0.95, 8))[None]
    values = simulate(own, rng.standard_normal((500 + BURN_IN, 8)))
    return Window(family, seed, values, np.zeros((8, 8), dtype=np.bool_), None)


def _random_walks(family: str, seed: int) -> Window:
    rng = np.random.default_rng([seed, len(family)])
    return Window(family, seed, rng.standard_normal((500, 8)).cumsum(axis=0), np.zeros((8, 8), dtype=np.bool_), None)


def _common_season(family: str, seed: int) -> Window:
    """Drive independent noise by one season, with amplitudes and phases of their own."""
    rng = np.random.default_rng([seed, len(family)])
    time = np.arange(500)[:, None]
    season = rng.uniform(0.5, 3.0, 8) * np.sin(2 * np.pi * time / 24 + rng.uniform(0, 2 * np.pi, 8))
    own = np.diag(rng.uniform(0.2, 0.6, 8))[None]
    values = simulate(own, rng.standard_normal((500 + BURN_IN, 8)))
    return Window(family, seed, values + season, np.zeros((8, 8), dtype=np.bool_), None)


FAMILIES: dict[str, Callable[[int], Window]] = {
    "linear": lambda seed: _linear("linear", seed, 1000, 0.15, 0.4, gaussian),
    "weak": lambda seed: _linear("weak", seed, 300, 0.10, 0.35, gaussian),
    "garch": lambda seed: _linear("garch", seed, 1000, 0.1, 0.3, garch),
    "laplace_weak": lambda seed: _linear("laplace_weak", seed, 1000, 0.06, 0.25, laplace),
    "nonlinear": lambda seed: _nonlinear("nonlinear", seed),
    "trends_and_seasons": lambda seed: _trends_and_seasons("trends_and_seasons", seed),
    "missing": lambda seed: _missing("missing", seed),
    "hidden": lambda seed: _hidden("hidden", seed),
}

QUIET: dict[str, Callable[[int], Window]] = {
    "noise": lambda seed: _noise("noise", seed),
    "autocorrelated": lambda seed: _autocorrelated_noise("autocorrelated", seed),
    "random_walks": lambda seed: _random_walks("random_walks", seed),
    "common_season": lambda seed: _common_season("common_season", seed),
}
"""Families without any edge."""
