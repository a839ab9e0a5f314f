"""A multilayer perceptron: layers of tanh units, then scores; for classes by cross entropy, else by squared error."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from core.workloads.federated.arrays import Floats, Values
from core.workloads.federated.layout import Layout
from core.workloads.federated.learners.losses import Loss, cross_entropy, squared
from core.workloads.federated.uploads.base import count


class Perceptron:
    """Layer i has `coefficients_i` (width before x width) and `intercept_i`; at most 10 layers, so names sort."""

    def __init__(self, widths: Sequence[int], *, classifies: bool) -> None:
        self.classifies = classifies
        self._loss: Loss = cross_entropy if classifies else squared
        sizes = list(enumerate(pairwise(widths)))
        coefficients = [(f"coefficients_{layer}", size) for layer, size in sizes]
        intercepts = [(f"intercept_{layer}", (after,)) for layer, (_, after) in sizes]
        self.layout = Layout((*coefficients, *intercepts))

    def begin(self, rng: np.random.Generator) -> Floats:
        """Draw coefficients evenly from ±sqrt(6 / (before + after)) (Glorot and Bengio 2010, eq. 16)."""
        weights = np.zeros(self.layout.size)
        for coefficients, _ in self._layers(weights):
            bound = np.sqrt(6.0 / sum(coefficients.shape))
            coefficients[:] = rng.uniform(-bound, bound, coefficients.shape)
        return weights

    def scores(self, weights: Values, inputs: Values) -> Values:
        """Return n x k."""
        return self._forward(weights, inputs)[-1]

    def gradient(self, weights: Values, inputs: Values, targets: Values) -> tuple[float, Values]:
        """Return mean loss and gradient, by back-propagation."""
        seen = self._forward(weights, inputs)
        loss, slope = self._loss(seen[-1], targets)
        gradient = np.empty_like(weights)
        layers, slots = list(self._layers(weights)), list(self._layers(gradient))
        for place in reversed(range(len(layers))):
            before = seen[place]
            slots[place][0][:] = before.T @ slope
            slots[place][1][:] = slope.sum(axis=0)
            if place:
                slope = (slope @ layers[place][0].T) * (1.0 - before * before)
        return loss, gradient

    def _forward(self, weights: Values, inputs: Values) -> list[Values]:
        """Return the inputs, what each layer makes of them, and the scores."""
        seen, layers = [inputs], list(self._layers(weights))
        for place, (coefficients, intercept) in enumerate(layers):
            sums = seen[-1] @ coefficients + intercept
            seen.append(sums if place == len(layers) - 1 else np.tanh(sums))
        return seen

    def _layers(self, vector: Values) -> Iterator[tuple[Values, Values]]:
        """Yield each layer's coefficients and intercept as views."""
        half = len(self.layout.shapes) // 2
        parts = [
            vector[self.layout.offsets[name] : self.layout.offsets[name] + count(shape)].reshape(shape)
            for name, shape in self.layout.shapes
        ]
        yield from zip(parts[:half], parts[half:], strict=True)


def make(asked: Mapping[str, Any], inputs: int, outputs: int) -> Perceptron:
    """Make it with the hidden layers that are asked for."""
    return Perceptron([inputs, *asked["hidden"], outputs], classifies=asked["classes"] is not None)
