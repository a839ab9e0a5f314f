"""What every learner does: scores, a loss with its gradient, and where to begin; its parameters are one vector."""

from typing import Protocol

import numpy as np

from core.workloads.federated.arrays import Floats, Values
from core.workloads.federated.layout import Layout


class Learner(Protocol):
    """One member of the family; shapes: samples n, inputs d, outputs (or classes) k, parameters p."""

    layout: Layout
    """Names and shapes of the parameters; names that begin with `coefficients` are penalized, others are not."""
    classifies: bool
    """Whether targets are codes of classes (n) or values (n x k)."""

    def begin(self, rng: np.random.Generator) -> Floats:
        """Return the parameters (p) that training begins with where there are none."""

    def scores(self, weights: Values, inputs: Values) -> Values:
        """Return n x k: predicted values, or for each class the logarithm of its odds up to a constant."""

    def gradient(self, weights: Values, inputs: Values, targets: Values) -> tuple[float, Values]:
        """Return the mean loss over the samples and its gradient (p), without penalties."""
