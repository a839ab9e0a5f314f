"""What is drawn follows the distribution that it is said to, by tests that others wrote, at fixed seeds."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from core.workloads.windows.generators.base import Chart
from core.workloads.windows.generators.independent import DRAWS, QUANTILES, prepare, with_defaults
from core.workloads.windows.specs.independent import FAMILIES, Dependence, Independent

ROWS = 20_000
REFUSED_BELOW = 0.001
CONTINUOUS: dict[str, tuple[dict[str, Any], Any]] = {
    "normal": ({"mean": 2.0, "sd": 3.0}, stats.norm(2, 3)),
    "lognormal": ({"mean": 0.5, "sd": 0.75}, stats.lognorm(0.75, scale=np.exp(0.5))),
    "gamma": ({"shape": 2.5, "scale": 1.5}, stats.gamma(2.5, scale=1.5)),
    "exponential": ({"scale": 2.0}, stats.expon(scale=2)),
    "uniform": ({"low": -1.0, "high": 4.0}, stats.uniform(-1, 5)),
    "beta": ({"a": 2.0, "b": 0.7}, stats.beta(2, 0.7)),
    "student_t": ({"df": 4.0, "mean": 1.0, "scale": 2.0}, stats.t(4, 1, 2)),
}
DISCRETE: dict[str, tuple[dict[str, Any], Callable[[NDArray[Any]], NDArray[Any]]]] = {
    "poisson": ({"rate": 3.5}, stats.poisson(3.5).pmf),
    "categorical": ({"probabilities": [0.2, 0.5, 0.3]}, lambda k: np.array([0.2, 0.5, 0.3])[k]),
}
MIXTURE = {"weights": [0.6, 0.4], "means": [-0.8, 0.8], "sds": [0.4, 0.4]}


def mixture_cdf(x: Any) -> Any:
    return 0.6 * stats.norm.cdf(x, -0.8, 0.4) + 0.4 * stats.norm.cdf(x, 0.8, 0.4)


def drawn(family: str, given: dict[str, Any], *, by_quantiles: bool) -> NDArray[np.float64]:
    rng = np.random.default_rng(20261126)
    of = with_defaults({"family": family, **given})
    return QUANTILES[family](rng.random(ROWS), of) if by_quantiles else DRAWS[family](rng, (ROWS,), of)


def test_every_family_is_tested() -> None:
    assert {*CONTINUOUS, *DISCRETE, "mixture"} == set(FAMILIES) == set(DRAWS) == set(QUANTILES)


@pytest.mark.parametrize("by_quantiles", [False, True])
@pytest.mark.parametrize("family", CONTINUOUS)
def test_continuous_families_pass_kolmogorov_and_anderson(family: str, by_quantiles: bool) -> None:  # noqa: FBT001 - of a table
    given, law = CONTINUOUS[family]
    values = drawn(family, given, by_quantiles=by_quantiles)
    assert stats.kstest(values, law.cdf).pvalue > REFUSED_BELOW
    assert stats.cramervonmises(values, law.cdf).pvalue > REFUSED_BELOW


@pytest.mark.parametrize("by_quantiles", [False, True])
def test_a_mixture_passes_too(by_quantiles: bool) -> None:  # noqa: FBT001 - of a table
    assert stats.kstest(drawn("mixture", MIXTURE, by_quantiles=by_quantiles), mixture_cdf).pvalue > REFUSED_BELOW


@pytest.mark.parametrize("by_quantiles", [False, True])
@pytest.mark.parametrize("family", DISCRETE)
def test_discrete_families_pass_chi_squared(family: str, by_quantiles: bool) -> None:  # noqa: FBT001 - of a table
    given, pmf = DISCRETE[family]
    values = drawn(family, given, by_quantiles=by_quantiles).astype(int)
    counts = np.bincount(values)
    expected = pmf(np.arange(len(counts))) * ROWS
    often = expected >= 5
    rest = counts[~often].sum(), ROWS - expected[often].sum()
    seen, wanted = [*counts[often]], [*expected[often]]
    if rest[1] > 1e-6:
        seen, wanted = [*seen, rest[0]], [*wanted, rest[1]]
    assert stats.chisquare(seen, wanted, sum_check=False).pvalue > REFUSED_BELOW


def copula_of(kind: str) -> NDArray[np.float64]:
    families = [{"family": "exponential"}, {"family": "normal"}]
    dependence = Dependence().load({"copula": kind, "correlation": 0.6, "df": 4})
    spec = Independent().load({"generator": "independent", "families": families, "dependence": dependence})
    ((columns, _),) = prepare(spec, Chart(["x", "y"], ROWS, 11))([0])
    return columns


@pytest.mark.parametrize("kind", ["gaussian", "t"])
def test_a_copula_keeps_the_margins_and_has_kendalls_tau(kind: str) -> None:
    """For elliptical copulas tau = 2 arcsin(rho) / pi (Lindskog, McNeil & Schmock 2003)."""
    x, y = copula_of(kind)
    assert stats.kstest(x, stats.expon.cdf).pvalue > REFUSED_BELOW
    assert stats.kstest(y, stats.norm.cdf).pvalue > REFUSED_BELOW
    assert abs(stats.kendalltau(x, y).statistic - 2 * np.arcsin(0.6) / np.pi) < 0.015


def test_a_t_copula_has_extremes_together_and_a_gaussian_one_has_not() -> None:
    """Tail dependence of a t copula: 2 t_{df+1}(-sqrt((df+1)(1-rho)/(1+rho))); of a Gaussian one: 0 in the limit."""
    share = {}
    for kind in ("gaussian", "t"):
        x, y = copula_of(kind)
        share[kind] = np.mean(y[x > np.quantile(x, 0.99)] > np.quantile(y, 0.99))
    assert abs(share["t"] - 2 * stats.t(5).cdf(-np.sqrt(5 * 0.4 / 1.6))) < 0.12
    assert share["t"] > share["gaussian"] + 0.05
