"""Limits of generators over HTTP: just inside is taken, just outside is refused by its field."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.limits import NORMAL, PAIR, PLAIN, Ask, check, fresh_name, variables

LARGEST = 1_000_000
JUST_ABOVE = LARGEST * 1.000001
BEYOND = [-JUST_ABOVE, JUST_ABOVE]


def chain(effect: float, **edge: Any) -> dict[str, Any]:
    """A structural model of one edge."""
    edges = [{"source": "a", "target": "b", "effect": effect, **edge}]
    return {"generator": "structural", "lags": 20, "edges": edges}


def structural(**fields: Any) -> dict[str, Any]:
    return {"generator": "structural", "random": {}, **fields}


def family(name: str, **fields: Any) -> dict[str, Any]:
    return {"generator": "independent", "families": [{"family": name, **fields}]}


def mixture(parts: int) -> dict[str, Any]:
    return family("mixture", weights=[1 / max(parts, 1)] * parts, means=[0] * parts, sds=[1] * parts)


def categorical(parts: int, **fields: Any) -> dict[str, Any]:
    return family("categorical", probabilities=[1 / parts] * parts, **fields)


def dependent(**fields: Any) -> dict[str, Any]:
    return {**NORMAL, "dependence": {"copula": "t", **fields}}


def many_edges(many: int) -> dict[str, Any]:
    """A model of so many different edges, none of which does anything."""
    ends = [(source, target, lag) for source in variables(50) for target in variables(50) for lag in (1, 2, 3)]
    edges = [{"source": source, "target": target, "lag": lag, "effect": 0} for source, target, lag in ends[:many]]
    return {"generator": "structural", "lags": 3, "edges": edges}


def correlated(off: float) -> dict[str, Any]:
    return dependent(matrix=[[1, off], [off, 1]])


@pytest.mark.parametrize(
    ("make", "inside", "outside"),
    [
        (lambda v: structural(lags=v), [1, 20], [0, 21]),
        (lambda v: structural(own=v), [[-0.95, 0.95]], [[-0.951, 0.5], [0, 0.951], [0.1], [0.1, 0.2, 0.3]]),
        (lambda v: structural(noise={"sd": v}), [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        (lambda v: structural(noise={"family": "student_t", "df": v}), [2.1, 1000], [2.09, 1000.1]),
        (lambda v: structural(hidden={"count": v}), [1, 20], [0, 21]),
        (lambda v: structural(hidden={"children": v}), [2, 50], [1, 51]),
        (lambda v: structural(hidden={"effect": v}), [0.01, 5], [0.009, 5.001]),
        (lambda v: structural(random={"density": v}), [0, 1], [-0.001, 1.001]),
        (lambda v: structural(random={"effect": v}), [[0.01, 2]], [[0.009, 1], [0.1, 2.001], [0.1]]),
        (lambda v: structural(random={"forms": ["tanh"] * v}), [1, 4], [0, 5]),
        (lambda v: chain(0.5, lag=v), [1, 20], [0, 21]),
        (lambda v: chain(v, form="tanh"), [-10, 10], [-10.001, 10.001]),
        (lambda v: chain(v, target="a"), [0.969, -0.969], [0.971, -0.971]),
        (many_edges, [5000], [5001]),
    ],
)
def test_structural_models(ask: Ask, make: Callable[[Any], Any], inside: list[Any], outside: list[Any]) -> None:
    check_base(ask, make, inside, outside, [*PAIR, *variables(50)])


@pytest.mark.parametrize(
    ("make", "inside", "outside"),
    [
        (lambda v: family("normal", mean=v), [-LARGEST, LARGEST], BEYOND),
        (lambda v: family("normal", sd=v), [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        (lambda v: family("lognormal", mean=v), [-50, 50], [-50.1, 50.1]),
        (lambda v: family("lognormal", sd=v), [1e-6, 20], [9e-7, 20.1]),
        (lambda v: family("gamma", shape=v), [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        (lambda v: family("gamma", scale=v), [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        (lambda v: family("exponential", scale=v), [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        (lambda v: family("poisson", rate=v), [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        (lambda v: family("uniform", low=v, high=LARGEST), [-LARGEST, LARGEST - 1], [-JUST_ABOVE, LARGEST]),
        (lambda v: family("uniform", low=-1, high=v), [-0.999, LARGEST], [-1, JUST_ABOVE]),
        (lambda v: family("beta", a=v), [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        (lambda v: family("beta", b=v), [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        (lambda v: family("student_t", df=v), [0.1, LARGEST], [0.09, JUST_ABOVE]),
        (lambda v: family("student_t", mean=v), [-LARGEST, LARGEST], BEYOND),
        (lambda v: family("student_t", scale=v), [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        (mixture, [1, 20], [0, 21]),
        (lambda v: family("mixture", weights=[v, 1 - v], means=[0, 0], sds=[1, 1]), [0, 1], [-0.001, 1.001]),
        (lambda v: family("mixture", weights=[0.5, v], means=[0, 0], sds=[1, 1]), [0.5], [0.499, 0.501]),
        (lambda v: family("mixture", weights=[1], means=[v], sds=[1]), [-LARGEST, LARGEST], BEYOND),
        (lambda v: family("mixture", weights=[1], means=[0], sds=[v]), [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        (categorical, [1, 100], [101]),
        (lambda v: categorical(2, categories=["x", v]), ["y", "y" * 100], ["", "y" * 101]),
        (lambda v: categorical(2, categories=v), [["x", "y"]], [["x"], ["x", "y", "z"]]),
        (lambda v: {**NORMAL, "families": [{"family": "normal"}] * v}, [1, 2], [0, 3]),
        (lambda v: dependent(correlation=v), [-0.99, 0.99], [-0.991, 0.991]),
        (lambda v: dependent(df=v), [1, 1000], [0.99, 1000.1]),
        (correlated, [-0.999, 0.999], [-1, 1, 1.001, -1.001]),
    ],
)
def test_independent_rows(ask: Ask, make: Callable[[Any], Any], inside: list[Any], outside: list[Any]) -> None:
    check_base(ask, make, inside, outside, PAIR)


def check_base(ask: Ask, make: Callable[[Any], Any], inside: list[Any], outside: list[Any], names: list[str]) -> None:
    for value in [*inside, *outside]:
        body = {**PLAIN, "variables": names, "name": fresh_name(), "generator": {"base": make(value)}}
        check(ask("POST", "/domains", body), inside=value in inside, field="/generator/base")


@pytest.mark.parametrize(
    ("layer", "field", "inside", "outside"),
    [
        ({"generator": "bursts"}, "rate", [0, 1], [-0.001, 1.001]),
        ({"generator": "bursts", "rate": 0.1}, "length", [1, 100_000], [0, 100_001]),
        ({"generator": "bursts", "rate": 0.1}, "size", [0, LARGEST], [-0.001, JUST_ABOVE]),
        ({"generator": "drift"}, "at_window", [0, 1 << 40], [-1, (1 << 40) + 1]),
        ({"generator": "drift", "at_window": 1}, "over_windows", [0, 1 << 30], [-1, (1 << 30) + 1]),
        ({"generator": "drift", "at_window": 1}, "shift", [-LARGEST, LARGEST], BEYOND),
        ({"generator": "drift", "at_window": 1}, "scale", [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        ({"generator": "missing"}, "rate", [0, 0.95], [-0.001, 0.951]),
        ({"generator": "missing", "rate": 0.1}, "length", [1, 100_000], [0, 100_001]),
        ({"generator": "outliers"}, "rate", [0, 1], [-0.001, 1.001]),
        ({"generator": "outliers", "rate": 0.1}, "size", [0, LARGEST], [-0.001, JUST_ABOVE]),
        ({"generator": "regime"}, "shifts", [[0, 1], [0] * 10], [[0], [0] * 11]),
        ({"generator": "regime"}, "shifts", [[-LARGEST, LARGEST]], [[0, JUST_ABOVE], [-JUST_ABOVE, 0]]),
        ({"generator": "regime", "shifts": [0, 1]}, "scales", [[1e-6, LARGEST]], [[9e-7, 1], [1, JUST_ABOVE], [1]]),
        ({"generator": "regime", "shifts": [0, 1]}, "stay", [0, 1], [-0.001, 1.001]),
        ({"generator": "rounding"}, "decimals", [0, 12], [-1, 13]),
        ({"generator": "season"}, "period", [2, LARGEST], [1.999, JUST_ABOVE]),
        ({"generator": "season", "period": 9}, "amplitude", [-LARGEST, LARGEST], BEYOND),
        ({"generator": "season", "period": 9}, "phase", [0, 1], [-0.001, 1.001]),
        ({"generator": "season", "period": 9}, "harmonics", [1, 10], [0, 11]),
        ({"generator": "trend"}, "slope", [-LARGEST, LARGEST], BEYOND),
        ({"generator": "trend"}, "bend", [-LARGEST, LARGEST], BEYOND),
    ],
)
def test_layers(ask: Ask, layer: dict[str, Any], field: str, inside: list[Any], outside: list[Any]) -> None:
    for value in [*inside, *outside]:
        generator = {"base": NORMAL, "layers": [{**layer, field: value}]}
        answer = ask("POST", "/domains", {**PLAIN, "name": fresh_name(), "generator": generator})
        check(answer, inside=value in inside, field=f"/generator/layers/0/{field}")


@pytest.mark.parametrize(("many", "inside"), [(20, True), (21, False)])
def test_how_many_layers(ask: Ask, many: int, *, inside: bool) -> None:
    generator = {"base": NORMAL, "layers": [{"generator": "trend"}] * many}
    answer = ask("POST", "/domains", {**PLAIN, "name": fresh_name(), "generator": generator})
    check(answer, inside=inside, field="/generator/layers")
