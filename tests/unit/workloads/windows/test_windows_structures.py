"""Structural models: the graph that is said to be there is what least squares finds, and nothing explodes."""

from typing import Any

import numpy as np
import pytest
from marshmallow import ValidationError
from numpy.typing import NDArray

from core.workloads.windows.generation import make_draw
from core.workloads.windows.generators.base import Chart
from core.workloads.windows.generators.structural import BURN_IN, make_graph
from core.workloads.windows.spec import GeneratorSpec, check_generator
from core.workloads.windows.specs.structural import LARGEST_RADIUS, Structural, spectral_radius

NAMES = ["v1", "v2", "v3", "v4", "v5", "v6"]


def spec(**options: Any) -> dict[str, Any]:
    return dict(Structural().load({"generator": "structural", **options}))


def drawn(model: dict[str, Any], rows: int, windows: int = 1, seed: int = 3) -> tuple[NDArray[np.float64], Any]:
    made = list(make_draw(Chart(NAMES, rows, seed), {"base": model, "layers": []})(range(windows)))
    return np.stack([columns for columns, _ in made]), made[0][1]


def least_squares(windows: NDArray[np.float64], lags: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Regress each variable on all of the past, no window's rows on another's: coefficients and t values by lag."""
    past = np.concatenate(
        [np.concatenate([one[:, lags - lag : one.shape[1] - lag] for lag in range(1, lags + 1)]) for one in windows],
        axis=1,
    ).T
    now = np.concatenate([one[:, lags:] for one in windows], axis=1).T
    inverse = np.linalg.inv(past.T @ past)
    found = inverse @ past.T @ now
    errors = np.sqrt(((now - past @ found) ** 2).sum(axis=0) / (len(now) - past.shape[1]))
    size = windows.shape[1]
    shape = (lags, size, size)
    return found.reshape(shape), (found / np.sqrt(np.diag(inverse))[:, None] / errors).reshape(shape)


def truth_of(edges: list[dict[str, Any]], lags: int) -> NDArray[np.float64]:
    effects = np.zeros((lags, len(NAMES), len(NAMES)))
    for edge in edges:
        effects[edge["lag"] - 1, NAMES.index(edge["source"]), NAMES.index(edge["target"])] = edge["effect"]
    return effects


@pytest.mark.parametrize("noise", ["normal", "laplace", "student_t", "uniform", "exponential", "garch"])
@pytest.mark.parametrize("seed", [11, 12])
def test_least_squares_finds_the_graph_of_long_samples(noise: str, seed: int) -> None:
    model = spec(random={"density": 0.3, "effect": [0.2, 0.4]}, lags=3, noise={"family": noise})
    windows, truth = drawn(model, 4000, windows=5, seed=seed)
    effects = truth_of(truth["edges"], 3)
    found, t = least_squares(windows, 3)
    assert np.abs(found - effects).max() < 0.05
    large = np.abs(effects) > 0.1
    assert (np.abs(t) > 6)[large].all()
    assert (np.abs(t) < 6)[effects == 0].all()


def test_given_graphs_are_kept_as_they_are() -> None:
    edges = [{"source": "v1", "target": "v2", "lag": 2, "effect": -0.5, "form": "linear"}]
    made, hidden = make_graph(spec(edges=edges), Chart(NAMES, 10, 1))
    assert hidden == []
    assert [edge for edge in made if edge["source"] != edge["target"]] == edges
    assert sorted(edge["target"] for edge in made if edge["source"] == edge["target"]) == NAMES


@pytest.mark.parametrize(("form", "moves"), [("tanh", True), ("quadratic", False), ("threshold", True)])
def test_curved_effects_have_their_form(form: str, moves: bool) -> None:  # noqa: FBT001 - of a table
    edges = [{"source": "v1", "target": "v2", "lag": 1, "effect": 1.0, "form": form}]
    ((v1, v2, *_),), _ = drawn(spec(edges=edges, own=[0.0, 0.0]), 20_000)
    past, now = v1[:-1], v2[1:]
    shapes = {"tanh": np.tanh(past), "quadratic": np.minimum(past**2, 9.0) - 1, "threshold": (past > 0).astype(float)}
    slope, offset = np.polyfit(shapes[form], now, 1)
    assert abs(slope - 1) < 0.06
    assert abs(offset) < 0.05
    assert bool(abs(np.corrcoef(past, now)[0, 1]) > 0.1) is moves


def test_a_hidden_cause_moves_its_children_together() -> None:
    model = spec(edges=[], own=[0.0, 0.0], hidden={"count": 1, "children": 2, "effect": 0.8})
    (values,), truth = drawn(model, 20_000)
    first, second = (NAMES.index(child["target"]) for child in truth["hidden"][0]["children"])
    # One hears of it a row before the other: it looks like a cause and is none.
    assert np.corrcoef(values[first][:-1], values[second][1:])[0, 1] > 0.3
    assert values.shape[0] == len(NAMES)
    assert all(edge["source"] == edge["target"] for edge in truth["edges"])


def test_a_window_begins_as_far_from_rest_as_it_goes_on() -> None:
    windows, _ = drawn(spec(edges=[], own=[0.9, 0.9]), 50, windows=400)
    expected = 1 / (1 - 0.9**2)
    assert abs(windows[:, :, 0].var() / expected - 1) < 0.1
    assert abs(windows[:, :, -1].var() / expected - 1) < 0.1
    assert 0.9**BURN_IN < 1e-9


def test_the_radius_is_the_companion_matrix_s() -> None:
    rng = np.random.default_rng(5)
    for _ in range(10):
        effects = np.abs(rng.normal(size=(2, 6, 6))) * 0.1
        edges = [
            {"source": NAMES[i], "target": NAMES[j], "lag": lag + 1, "effect": effects[lag, i, j], "form": "linear"}
            for lag in range(2)
            for i in range(6)
            for j in range(6)
        ]
        companion = np.block([[effects[0].T, effects[1].T], [np.eye(6), np.zeros((6, 6))]])
        assert abs(spectral_radius(edges, NAMES) - np.abs(np.linalg.eigvals(companion)).max()) < 1e-3


@pytest.mark.parametrize(("effect", "passes"), [(LARGEST_RADIUS - 0.001, True), (LARGEST_RADIUS + 0.001, False)])
def test_what_is_not_stationary_is_refused_just_beyond_the_limit(effect: float, passes: bool) -> None:  # noqa: FBT001 - of a table
    edges = [{"source": "v1", "target": "v1", "lag": 1, "effect": effect}]
    given = GeneratorSpec().load({"base": {"generator": "structural", "edges": edges}})
    if passes:
        check_generator(NAMES, 10, given)
        return
    with pytest.raises(ValidationError) as caught:
        check_generator(NAMES, 10, given)
    told: Any = caught.value.messages
    assert "not stationary" in str(told["generator"]["base"]["edges"])


def test_dense_random_graphs_are_damped_until_they_are_stationary() -> None:
    edges, _ = make_graph(spec(random={"density": 1.0, "effect": [0.5, 1.0]}), Chart(NAMES, 10, 2))
    assert spectral_radius(edges, NAMES) <= 0.95
    (values,), _ = drawn(spec(random={"density": 1.0, "effect": [0.5, 1.0]}), 5000)
    assert np.abs(values).max() < 100


def test_garch_noise_comes_in_clusters_of_variance_one() -> None:
    (values,), _ = drawn(spec(edges=[], own=[0.0, 0.0], noise={"family": "garch"}), 50_000)
    squares = values[0] ** 2
    assert abs(values.var() - 1) < 0.05
    assert np.corrcoef(squares[:-1], squares[1:])[0, 1] > 0.15
