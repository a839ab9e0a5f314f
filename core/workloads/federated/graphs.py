"""What a linear model of lagged rows says of the future: the dynamics that `simulation.run` takes."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.workloads.federated.arrays import Floats, Values
from core.workloads.federated.learners.base import Learner
from core.workloads.federated.training import Samples

MOST_LINKS = 5_000
"""As many as a simulation takes."""


def dynamics(training: Mapping[str, Any], learner: Learner, weights: Values, seen: Samples) -> dict[str, Any] | None:
    """Return graph, spread of the noise and level of each variable; None where the model is of another sort.

    The noise of targets is what the model misses on the samples, that of other causes their own spread.
    """
    features = training["features"]
    lags = 0 if features is None else features["lags"]
    count = len(seen.causes) * lags * seen.targets[:1].size
    if training["learner"]["learner"] != "linear" or not 0 < count <= MOST_LINKS:
        return None
    causes, targets = list(seen.causes), list(features["targets"])
    effects = weights[:count].astype(np.float64).reshape(lags, len(causes), len(targets))
    return {
        "graph": _graph(effects, causes, targets),
        "noise_sd": _noise(learner, weights, seen, targets),
        "mean": _levels(effects.sum(axis=0), weights[count:].astype(np.float64), seen, targets),
    }


def _graph(effects: Floats, causes: list[str], targets: list[str]) -> dict[str, Any]:
    own, edges = [], []
    for (lag, cause, target), effect in np.ndenumerate(effects):
        told = {"lag": lag + 1, "effect": float(effect)}
        if causes[cause] == targets[target]:
            own.append({"variable": targets[target], **told})
        else:
            edges.append({"source": causes[cause], "target": targets[target], **told})
    return {"edges": edges, "own_lags": own}


def _noise(learner: Learner, weights: Values, seen: Samples, targets: list[str]) -> dict[str, float]:
    missed = seen.targets - learner.scores(weights, seen.inputs.astype(weights.dtype))
    spreads = dict(zip(seen.causes, seen.inputs[:, : len(seen.causes)].std(axis=0).tolist(), strict=True))
    return {**spreads, **dict(zip(targets, missed.std(axis=0).tolist(), strict=True))}


def _levels(summed: Floats, intercept: Floats, seen: Samples, targets: list[str]) -> dict[str, float]:
    """Return where nothing moves: m = b + sum of effects times m, other causes at their means."""
    levels = dict(zip(seen.causes, seen.inputs[:, : len(seen.causes)].mean(axis=0).tolist(), strict=True))
    told = dict(zip(targets, seen.targets.mean(axis=0).tolist(), strict=True))
    left, right = np.eye(len(targets)), intercept.copy()
    for cause, effect in zip(seen.causes, summed, strict=True):
        if cause in targets:
            left[:, targets.index(cause)] -= effect
        else:
            right += effect * levels[cause]
    if np.linalg.cond(left) < 1.0 / np.finfo(float).eps:
        told = dict(zip(targets, np.linalg.solve(left, right).tolist(), strict=True))
    return {**levels, **told}
