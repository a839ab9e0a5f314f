"""What every generator promises: the same window whoever makes it, and nothing that does not fit."""

import importlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from marshmallow import ValidationError

from core.workloads.windows import generators
from core.workloads.windows.generation import make_draw
from core.workloads.windows.generators.base import Chart
from core.workloads.windows.spec import GeneratorSpec, check_generator
from core.workloads.windows.specs.base import members

NAMES = ["a", "b", "c"]
EDGES = [
    {"source": "a", "target": "b", "lag": 1, "effect": 0.4},
    {"source": "b", "target": "c", "lag": 2, "effect": 0.5},
]
NORMAL = {"generator": "independent", "families": [{"family": "normal"}]}
CURVED = [
    {"source": "a", "target": "b", "effect": 0.7, "form": "tanh"},
    {"source": "a", "target": "c", "effect": 0.3, "form": "quadratic"},
    {"source": "b", "target": "c", "effect": 0.5, "form": "threshold"},
]
WITH_LAYER: dict[str, dict[str, Any]] = {
    "season": {"period": 24},
    "trend": {"slope": 0.5, "bend": 0.1},
    "regime": {"shifts": [0, 3], "scales": [1, 2], "stay": 0.9},
    "drift": {"at_window": 2, "shift": 2.0, "scale": 1.5},
    "outliers": {"rate": 0.05},
    "bursts": {"rate": 0.05},
    "missing": {"rate": 0.2, "mechanism": "block"},
    "rounding": {"decimals": 2},
}
CASES: dict[str, dict[str, Any]] = {
    "normal": {"base": NORMAL},
    "t copula": {
        "base": {
            "generator": "independent",
            "families": [{"family": "gamma"}, {"family": "poisson"}, {"family": "beta"}],
            "dependence": {"copula": "t", "correlation": 0.5},
        }
    },
    "linear": {"base": {"generator": "structural", "edges": EDGES}},
    "curved": {"base": {"generator": "structural", "edges": CURVED}},
    "random": {"base": {"generator": "structural", "random": {"density": 0.5, "forms": ["linear", "tanh"]}}},
    "garch, hidden": {
        "base": {"generator": "structural", "edges": EDGES, "noise": {"family": "garch"}, "hidden": {"children": 3}}
    },
    **{name: {"base": NORMAL, "layers": [{"generator": name, **options}]} for name, options in WITH_LAYER.items()},
}

each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def drawn(case: Mapping[str, Any], indices: list[int], seed: int = 5) -> list[bytes]:
    loaded = GeneratorSpec().load(case)
    check_generator(NAMES, 40, loaded)
    return [columns.tobytes() for columns, _ in make_draw(Chart(NAMES, 40, seed), loaded)(indices)]


def test_every_spec_has_its_generator() -> None:
    assert {layer for layer, spec in members().items() if spec.role == "layer"} == set(WITH_LAYER)
    for name, spec in members().items():
        made = importlib.import_module(f"{generators.__name__}.{name}")
        assert callable(made.prepare if spec.role == "base" else made.apply)


@each_case
def test_a_window_is_the_same_alone_and_among_others_in_any_order(case: Mapping[str, Any]) -> None:
    together = dict(zip(range(9), drawn(case, list(range(9))), strict=True))
    for some in ([4], [8, 3], [0, 1, 2], [7, 6, 5, 4, 3, 2, 1, 0]):
        assert drawn(case, some) == [together[index] for index in some]


@each_case
def test_windows_and_seeds_differ(case: Mapping[str, Any]) -> None:
    assert len({*drawn(case, [0, 1]), *drawn(case, [0], seed=6)}) == 3


@each_case
def test_values_are_finite_where_they_are_there(case: Mapping[str, Any]) -> None:
    for content in drawn(case, [0, 1 << 40]):
        values = np.frombuffer(content)
        assert np.isfinite(values[~np.isnan(values)]).all()
        assert "missing" in str(case) or not np.isnan(values).any()


@each_case
def test_strange_variables_and_fields_are_refused(case: Mapping[str, Any]) -> None:
    last = [*case.get("layers", []), case["base"]][0]
    with pytest.raises(ValidationError):
        GeneratorSpec().load({**case, "base": {**case["base"], "colour": 1}})
    if "layers" in case:
        wrong = GeneratorSpec().load({**case, "layers": [{**last, "variables": ["z"]}]})
        with pytest.raises(ValidationError) as caught:
            check_generator(NAMES, 40, wrong)
        assert "'z' is no variable" in str(caught.value.messages)
