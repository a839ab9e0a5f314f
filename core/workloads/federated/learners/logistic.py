"""Multinomial logistic regression: coefficients (d x k) and intercept (k), cross entropy."""

from collections.abc import Mapping
from typing import Any

from core.workloads.federated.learners.linear import Linear
from core.workloads.federated.learners.losses import Loss, cross_entropy


class Logistic(Linear):
    """A linear score for each class; begins with zeros, that is with all classes alike."""

    classifies = True
    _loss: Loss = staticmethod(cross_entropy)


def make(asked: Mapping[str, Any], inputs: int, outputs: int) -> Logistic:
    """Make it; nothing is asked of it."""
    del asked
    return Logistic(inputs, outputs)
