"""Independent rows: ten families of distributions, dependence between variables by a Gaussian or t copula.

Without a copula values are drawn by numpy's own methods. With one, each variable is the quantile function of its family
at the copula's uniforms (Sklar 1959; Nelsen, An Introduction to Copulas, 2006).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from core.workloads.windows.generators.base import Chart, Columns, Draw, Truth
from core.workloads.windows.specs.independent import FAMILIES

Parameters = Mapping[str, Any]
_TINY = 1e-12
_MIXTURE_GRID = 8193


def prepare(spec: Mapping[str, Any], chart: Chart) -> Draw:
    """Draw all variables at once where one family serves for all and nothing depends on anything."""
    given = [with_defaults(one) for one in spec["families"]]
    families = given * len(chart.names) if len(given) == 1 else given
    for name, family in zip(chart.names, families, strict=True):
        if family.get("categories"):
            chart.categories[name] = list(family["categories"])
    dependence = spec.get("dependence")
    factor = (
        None if dependence is None else np.linalg.cholesky(_correlation(dependence, len(chart.names))).astype(float)
    )

    def draw(indices: Sequence[int]) -> Iterator[tuple[Columns, Truth]]:
        return ((draw_one(chart.stream("independent", index)), {}) for index in indices)

    def draw_one(rng: np.random.Generator) -> Columns:
        shape = (len(chart.names), chart.window_size)
        if dependence is not None and factor is not None:
            uniforms = copula(rng, factor, dependence, shape)
            return np.stack([QUANTILES[one["family"]](row, one) for row, one in zip(uniforms, families, strict=True)])
        if len(given) == 1:
            return DRAWS[given[0]["family"]](rng, shape, given[0])
        return np.stack([DRAWS[one["family"]](rng, shape[1:], one) for one in families])

    return draw


def with_defaults(family: Mapping[str, Any]) -> dict[str, Any]:
    """Put in the parameters that were left out."""
    return {**{name: default for name, (_, default) in FAMILIES[family["family"]].items()}, **family}


def copula(
    rng: np.random.Generator, factor: NDArray[np.float64], dependence: Mapping[str, Any], shape: tuple[int, int]
) -> NDArray[np.float64]:
    """Draw uniforms (variables by rows) that depend on each other; `factor` is the correlations' Cholesky factor."""
    normals = factor @ rng.standard_normal(shape)
    if dependence["copula"] == "gaussian":
        uniforms = special.ndtr(normals)
    else:
        df = dependence["df"]
        uniforms = special.stdtr(df, normals / np.sqrt(rng.chisquare(df, shape[1]) / df))
    return np.clip(uniforms, _TINY, 1 - _TINY)


def _correlation(dependence: Mapping[str, Any], count: int) -> NDArray[np.float64]:
    if dependence["matrix"] is not None:
        return np.array(dependence["matrix"], dtype=float)
    off = float(dependence["correlation"])
    return np.full((count, count), off) + (1 - off) * np.eye(count)


def _normal(rng: np.random.Generator, shape: tuple[int, ...], of: Parameters) -> Columns:
    values = rng.standard_normal(shape)
    if of["sd"] != 1:
        values *= of["sd"]
    if of["mean"] != 0:
        values += of["mean"]
    return values


def _mixture(rng: np.random.Generator, shape: tuple[int, ...], of: Parameters) -> Columns:
    chosen = np.searchsorted(np.cumsum(of["weights"])[:-1], rng.random(shape), side="right")
    return np.take(of["means"], chosen) + np.take(of["sds"], chosen) * rng.standard_normal(shape)


def _categorical_at(uniforms: NDArray[np.float64], of: Parameters) -> Columns:
    return np.searchsorted(np.cumsum(of["probabilities"])[:-1], uniforms, side="right").astype(float)


def _mixture_at(uniforms: NDArray[np.float64], of: Parameters) -> Columns:
    """Invert the mixture's distribution function on a grid, by interpolation."""
    means, sds = np.array(of["means"]), np.array(of["sds"])
    grid = np.linspace((means - 9 * sds).min(), (means + 9 * sds).max(), _MIXTURE_GRID)
    heights = (np.array(of["weights"]) * special.ndtr((grid[:, None] - means) / sds)).sum(axis=1)
    values: Columns = np.interp(uniforms, heights, grid)
    return values


def _poisson_at(uniforms: NDArray[np.float64], of: Parameters) -> Columns:
    """Take the smallest count whose distribution function reaches the uniform."""
    count = np.ceil(special.pdtrik(uniforms, of["rate"]))
    below = np.maximum(count - 1, 0)
    smallest: Columns = np.where(special.pdtr(below, of["rate"]) >= uniforms, below, count)
    return smallest


DRAWS: dict[str, Callable[[np.random.Generator, tuple[int, ...], Parameters], Columns]] = {
    "normal": _normal,
    "lognormal": lambda rng, shape, of: rng.lognormal(of["mean"], of["sd"], shape),
    "gamma": lambda rng, shape, of: rng.gamma(of["shape"], of["scale"], shape),
    "exponential": lambda rng, shape, of: rng.exponential(of["scale"], shape),
    "poisson": lambda rng, shape, of: rng.poisson(of["rate"], shape).astype(float),
    "uniform": lambda rng, shape, of: rng.uniform(of["low"], of["high"], shape),
    "beta": lambda rng, shape, of: rng.beta(of["a"], of["b"], shape),
    "student_t": lambda rng, shape, of: of["mean"] + of["scale"] * rng.standard_t(of["df"], shape),
    "mixture": _mixture,
    "categorical": lambda rng, shape, of: _categorical_at(rng.random(shape), of),
}
"""How each family is drawn."""
QUANTILES: dict[str, Callable[[NDArray[np.float64], Parameters], Columns]] = {
    "normal": lambda u, of: of["mean"] + of["sd"] * special.ndtri(u),
    "lognormal": lambda u, of: np.exp(of["mean"] + of["sd"] * special.ndtri(u)),
    "gamma": lambda u, of: of["scale"] * special.gammaincinv(of["shape"], u),
    "exponential": lambda u, of: -of["scale"] * np.log1p(-u),
    "poisson": _poisson_at,
    "uniform": lambda u, of: of["low"] + (of["high"] - of["low"]) * u,
    "beta": lambda u, of: special.betaincinv(of["a"], of["b"], u),
    "student_t": lambda u, of: of["mean"] + of["scale"] * special.stdtrit(of["df"], u),
    "mixture": _mixture_at,
    "categorical": _categorical_at,
}
"""Each family's quantile function."""
