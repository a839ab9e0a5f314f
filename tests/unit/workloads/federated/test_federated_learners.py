"""Learners: gradients against finite differences, minima against closed forms and another optimizer."""

from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from core.workloads.federated import learners
from core.workloads.federated.training import Samples, TrainingDiverged, assess, descend, penalties

LOCAL = {"epochs": 1, "batch": 1_000, "rate": 0.1, "l2": 0.0, "mu": 0.0}
MEMBERS: dict[str, tuple[dict[str, Any], int]] = {
    "linear": ({"learner": "linear", "classes": None}, 2),
    "logistic": ({"learner": "logistic", "classes": 3}, 3),
    "mlp of classes": ({"learner": "mlp", "classes": 3, "hidden": [5, 4]}, 3),
    "mlp of values": ({"learner": "mlp", "classes": None, "hidden": [6]}, 2),
}


def drawn(outputs: int, count: int = 60, *, classifies: bool) -> Samples:
    rng = np.random.default_rng(3)
    inputs = rng.standard_normal((count, 4))
    signal = inputs @ rng.standard_normal((4, outputs)) + 0.3 * rng.standard_normal((count, outputs)) + 0.5
    return Samples(inputs, signal.argmax(axis=1) if classifies else signal)


def made(name: str) -> tuple[Any, Samples]:
    asked, outputs = MEMBERS[name]
    learner = learners.make(asked, 4, outputs)
    return learner, drawn(outputs, classifies=learner.classifies)


@pytest.mark.parametrize("name", MEMBERS)
def test_the_gradient_is_that_of_finite_differences(name: str) -> None:
    learner, samples = made(name)
    weights = 0.5 * np.random.default_rng(4).standard_normal(learner.layout.size)
    _, gradient = learner.gradient(weights, samples.inputs, samples.targets)
    for place in range(learner.layout.size):
        step = np.zeros_like(weights)
        step[place] = 1e-6
        above, _ = learner.gradient(weights + step, samples.inputs, samples.targets)
        below, _ = learner.gradient(weights - step, samples.inputs, samples.targets)
        assert gradient[place] == pytest.approx((above - below) / 2e-6, rel=1e-5, abs=1e-8)


def test_linear_training_comes_to_the_ridge_in_closed_form() -> None:
    learner, samples = made("linear")
    l2, count = 0.2, len(samples)
    weights = descend(learner, np.zeros(learner.layout.size), samples, {**LOCAL, "epochs": 3000, "l2": l2}, rng())
    whole = np.hstack([samples.inputs, np.ones((count, 1))])
    ridge = count * l2 * np.diag([1.0] * 4 + [0.0])
    exact = np.linalg.solve(whole.T @ whole + ridge, whole.T @ samples.targets)
    assert weights == pytest.approx(exact.ravel(), abs=1e-9)


def test_logistic_training_comes_to_the_minimum_that_another_optimizer_finds() -> None:
    learner, samples = made("logistic")
    l2 = 0.05
    mask = penalties(learner.layout)

    def objective(weights: Any) -> Any:
        loss, gradient = learner.gradient(weights, samples.inputs, samples.targets)
        return loss + l2 / 2 * weights @ (mask * weights), gradient + l2 * mask * weights

    found = minimize(
        objective, np.zeros(learner.layout.size), jac=True, method="L-BFGS-B", options={"gtol": 1e-10, "ftol": 1e-16}
    )
    local = {**LOCAL, "epochs": 4000, "rate": 0.5, "l2": l2}
    weights = descend(learner, np.zeros(learner.layout.size), samples, local, rng())
    assert weights == pytest.approx(found.x, abs=1e-5)
    assert accuracy(learner, weights, samples) > 0.85


def test_the_proximal_term_of_a_quadratic_has_its_closed_form() -> None:
    """With mu the minimum is (X'X / n + mu)^-1 (X'y / n + mu w_0), the intercept among the columns."""
    learner, samples = made("linear")
    began, mu = np.arange(learner.layout.size, dtype=float), 0.7
    weights = descend(learner, began, samples, {**LOCAL, "epochs": 2000, "mu": mu}, rng())
    whole = np.hstack([samples.inputs, np.ones((len(samples), 1))])
    left = whole.T @ whole / len(samples) + mu * np.eye(5)
    exact = np.linalg.solve(left, whole.T @ samples.targets / len(samples) + mu * began.reshape(5, 2))
    assert weights == pytest.approx(exact.ravel(), abs=1e-9)
    held = descend(learner, began, samples, {**LOCAL, "epochs": 2000, "rate": 0.01, "mu": 50.0}, rng())
    assert np.linalg.norm(held - began) < 0.1 * np.linalg.norm(weights - began)


def test_a_perceptron_learns_what_no_line_tells_apart() -> None:
    inputs = np.random.default_rng(5).uniform(-1, 1, (400, 2))
    samples = Samples(inputs, (inputs[:, 0] * inputs[:, 1] > 0).astype(int))
    local = {**LOCAL, "epochs": 100, "batch": 20, "rate": 0.5}
    reached = {}
    for name in ("logistic", "mlp"):
        learner = learners.make({"learner": name, "classes": 2, "hidden": [8]}, 2, 2)
        weights = descend(learner, learner.begin(rng()), samples, local, rng())
        reached[name] = accuracy(learner, weights, samples)
    assert reached["logistic"] < 0.65
    assert reached["mlp"] > 0.95


@pytest.mark.parametrize("name", MEMBERS)
def test_training_keeps_its_precision_and_follows_from_its_seed(name: str) -> None:
    learner, samples = made(name)
    local = {**LOCAL, "epochs": 3, "batch": 16}
    first, again = (descend(learner, learner.begin(rng()), samples, local, rng()) for _ in range(2))
    single = descend(learner, learner.begin(rng()).astype(np.float32), samples, local, rng())
    assert first.tobytes() == again.tobytes()
    assert (first.dtype.name, single.dtype.name) == ("float64", "float32")
    assert single == pytest.approx(first, abs=1e-4)
    other = descend(learner, learner.begin(rng()), samples, local, np.random.default_rng(2))
    assert other.tobytes() != first.tobytes()


def test_a_rate_beyond_the_curvature_is_told_as_such() -> None:
    learner, samples = made("linear")
    with pytest.raises(TrainingDiverged, match="rate of 50"):
        descend(learner, np.zeros(learner.layout.size), samples, {**LOCAL, "epochs": 1000, "rate": 50.0}, rng())


def accuracy(learner: Any, weights: Any, samples: Samples) -> float:
    told = assess(learner, weights, samples)["accuracy"]
    assert told is not None
    return told


def rng() -> np.random.Generator:
    return np.random.default_rng(1)
