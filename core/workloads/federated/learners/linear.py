"""Linear regression: coefficients (d x k) and intercept (k), half the squared error."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.workloads.federated.arrays import Floats, Values
from core.workloads.federated.layout import Layout
from core.workloads.federated.learners.losses import Loss, squared


class Linear:
    """Scores are inputs times coefficients, plus the intercept; begins with zeros."""

    classifies = False
    _loss: Loss = staticmethod(squared)

    def __init__(self, inputs: int, outputs: int) -> None:
        self.layout = Layout((("coefficients", (inputs, outputs)), ("intercept", (outputs,))))
        self._shape = inputs, outputs

    def begin(self, rng: np.random.Generator) -> Floats:
        """Return zeros: the loss has one minimum."""
        del rng
        return np.zeros(self.layout.size)

    def scores(self, weights: Values, inputs: Values) -> Values:
        """Return n x k."""
        inner = self._shape[0] * self._shape[1]
        scores: Values = inputs @ weights[:inner].reshape(self._shape) + weights[inner:]
        return scores

    def gradient(self, weights: Values, inputs: Values, targets: Values) -> tuple[float, Values]:
        """Return mean loss and gradient."""
        loss, slope = self._loss(self.scores(weights, inputs), targets)
        return loss, np.concatenate([(inputs.T @ slope).ravel(), slope.sum(axis=0)])


def make(asked: Mapping[str, Any], inputs: int, outputs: int) -> Linear:
    """Make it; nothing is asked of it."""
    del asked
    return Linear(inputs, outputs)
