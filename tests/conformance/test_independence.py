"""What every test of independence promises: quiet on independent variables, and finds the effects it is made for."""

import pkgutil
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from core.workloads.causal import independence
from core.workloads.causal.params import TESTS
from core.workloads.causal.series import SeriesUnfit
from tests.unit.workloads.causal.windows import discover, edges_of

Values = Any
EFFECTS: dict[str, Callable[[Values, Values], Values]] = {
    "auto": lambda source, noise: source**2 + noise,
    "partial_correlation": lambda source, noise: 0.5 * source + noise,
    "robust_rank": lambda source, noise: np.exp(2.0 * (0.5 * source + noise)),
    "nonlinear": lambda source, noise: source**2 + noise,
    "discrete": lambda source, noise: ((source == 1) ^ (noise > 1.3)).astype(float),
}
"""How an effect that each test is made for follows from its cause, one row later."""

each_test = pytest.mark.parametrize("name", TESTS)


def draw(name: str, rng: np.random.Generator, rows: int) -> Values:
    if name == "discrete":
        return rng.integers(0, 3, rows).astype(float)
    return rng.standard_normal(rows)


def test_every_module_is_a_choice_and_every_choice_a_module() -> None:
    assert {one.name for one in pkgutil.iter_modules(independence.__path__)} - {"base"} == set(TESTS) == set(EFFECTS)


@each_test
def test_the_effect_it_is_made_for_is_found_in_its_direction(name: str) -> None:
    rng = np.random.default_rng(5)
    source, other = draw(name, rng, 600), draw(name, rng, 600)
    effect = np.zeros(600)
    effect[1:] = EFFECTS[name](source[:-1], rng.standard_normal(599))
    effect[0] = effect[1]
    found = edges_of(
        discover(np.column_stack([source, effect, other]), ["cause", "effect", "other"], max_lag=2, test=name)
    )
    assert ("cause", "effect", 1) in found
    assert ("effect", "cause", 1) not in found


@each_test
def test_independent_variables_stay_unjoined(name: str) -> None:
    """Of twenty windows of noise one is expected to have an edge at most; more than four would be a rare accident."""
    loud = 0
    for seed in range(20):
        rng = np.random.default_rng(100 + seed)
        values = np.column_stack([draw(name, rng, 150) for _ in range(3)])
        loud += bool(edges_of(discover(values, max_lag=2, test=name, resamples=100)))
    assert loud <= 4


def test_the_discrete_test_refuses_a_measured_variable_by_name() -> None:
    rng = np.random.default_rng(1)
    values = np.column_stack([rng.integers(0, 3, 100), rng.standard_normal(100)])
    with pytest.raises(SeriesUnfit, match="'size' has 100 different values"):
        discover(values, ["color", "size"], test="discrete")
