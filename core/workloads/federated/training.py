"""Local training: mini-batch gradient descent, as a member makes it, and how well a model does on samples.

The objective is the mean loss + l2 / 2 * |coefficients|^2 + mu / 2 * |w - w_0|^2, w_0 being where training began: the
last term is FedProx's (Li et al. 2020, arXiv:1812.06127, eq. 2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import Conflict
from core.workloads.federated.arrays import Floats, Values
from core.workloads.federated.layout import Layout
from core.workloads.federated.learners.base import Learner
from core.workloads.federated.strategies.fedprox import proximal_gradient
from core.workloads.federated.uploads.base import count


class TrainingDiverged(Conflict):
    """Training left the finite numbers: its rate is too large for the data."""

    code = "training_diverged"


@dataclass(frozen=True, slots=True)
class Samples:
    """What is learned from."""

    inputs: Values
    """n x d."""
    targets: Values
    """Codes of classes (n, integers), or values (n x k)."""
    causes: tuple[str, ...] = ()
    """Names of the columns that are learned from, where they have names; `inputs` has them once for each lag."""

    def __len__(self) -> int:
        return len(self.inputs)


def descend(
    learner: Learner, began: Values, samples: Samples, local: Mapping[str, Any], rng: np.random.Generator
) -> Values:
    """Return the parameters after `epochs` passes over the samples in random order, `batch` of them a step.

    `local` has `epochs`, `batch`, `rate`, `l2`, `mu`. The precision is that of `began`. Raises `TrainingDiverged`.
    """
    weights, penalized = began.copy(), penalties(learner.layout).astype(began.dtype) * began.dtype.type(local["l2"])
    inputs, rate = samples.inputs.astype(began.dtype, copy=False), began.dtype.type(local["rate"])
    targets = samples.targets if learner.classifies else samples.targets.astype(began.dtype, copy=False)
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(local["epochs"]):
            order = rng.permutation(len(samples))
            for start in range(0, len(order), local["batch"]):
                part = order[start : start + local["batch"]]
                _, gradient = learner.gradient(weights, inputs[part], targets[part])
                gradient += penalized * weights
                weights -= rate * proximal_gradient(gradient, weights, began, local["mu"])
    if not np.isfinite(weights).all():
        raise TrainingDiverged(f"Training left the finite numbers; its rate of {local['rate']:g} may be too large.")
    return weights


def assess(learner: Learner, weights: Values, samples: Samples) -> dict[str, float | None]:
    """Return `loss` (the mean, without penalties), `accuracy` of a classifier, and else `r2` over all outputs."""
    inputs = samples.inputs.astype(weights.dtype, copy=False)
    loss, _ = learner.gradient(weights, inputs, samples.targets)
    scores = learner.scores(weights, inputs)
    if learner.classifies:
        return {"loss": loss, "accuracy": float((scores.argmax(axis=1) == samples.targets).mean()), "r2": None}
    spread = float(np.square(samples.targets - samples.targets.mean(axis=0)).sum())
    missed = float(np.square(samples.targets - scores).sum())
    return {"loss": loss, "accuracy": None, "r2": None if spread == 0.0 else 1.0 - missed / spread}


def penalties(layout: Layout) -> Floats:
    """Return one for each parameter that the penalty takes, zero for intercepts."""
    return np.concatenate(
        [np.full(count(shape), float(name.startswith("coefficients"))) for name, shape in layout.shapes]
    )
