"""Losses: their mean over samples, and the derivative with respect to the scores."""

from collections.abc import Callable

import numpy as np

from core.workloads.federated.arrays import Values

Loss = Callable[[Values, Values], tuple[float, Values]]
"""Takes scores (n x k) and targets; returns the mean loss and its derivative (n x k)."""


def squared(scores: Values, targets: Values) -> tuple[float, Values]:
    """Half the squared error, summed over outputs (targets n x k)."""
    missed = scores - targets
    return float(np.sum(missed * missed, dtype=np.float64) / (2 * len(scores))), missed / len(scores)


def cross_entropy(scores: Values, targets: Values) -> tuple[float, Values]:
    """Minus the logarithm of the probability of the true class (targets n, codes from 0), by softmax of the scores."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    odds = np.exp(shifted)
    total = odds.sum(axis=1, keepdims=True)
    rows = np.arange(len(scores))
    loss = float(np.mean(np.log(total[:, 0]) - shifted[rows, targets], dtype=np.float64))
    slope = odds / total
    slope[rows, targets] -= 1.0
    return loss, slope / len(scores)
