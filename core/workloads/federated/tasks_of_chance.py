"""Tasks for simulations: classes around centers of chance, and samples dealt out to clients more or less alike."""

import numpy as np

from core.workloads.federated.arrays import Floats
from core.workloads.federated.training import Samples

FEWEST = 2
"""Samples that every client has at least."""


def draw(samples: int, inputs: int, classes: int, separation: float, rng: np.random.Generator) -> Samples:
    """Draw classes of equal size in turn; each is Gaussian with unit spread around a center `separation` from 0."""
    centers = rng.standard_normal((classes, inputs))
    centers *= separation / np.linalg.norm(centers, axis=1, keepdims=True)
    targets = np.arange(samples) % classes
    return Samples(centers[targets] + rng.standard_normal((samples, inputs)), targets)


def part(samples: Samples, places: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> Samples:
    """Return some of the samples."""
    return Samples(samples.inputs[places], samples.targets[places])


def deal(samples: Samples, clients: int, alpha: float | None, rng: np.random.Generator) -> list[Samples]:
    """Deal samples out: evenly, or each class by shares from a Dirichlet distribution (Hsu et al. 2019, 1909.06335).

    Where a client is left with fewer than `FEWEST`, those who have most give.
    """
    order = rng.permutation(len(samples))
    if alpha is None:
        return [part(samples, one) for one in np.array_split(order, clients)]
    hands: list[list[int]] = [[] for _ in range(clients)]
    for code in np.unique(samples.targets):
        mine = order[samples.targets[order] == code]
        ends = np.floor(np.cumsum(_shares(clients, alpha, rng)) * len(mine) + 0.5).astype(int)[:-1]
        for hand, dealt in zip(hands, np.split(mine, ends), strict=True):
            hand.extend(dealt.tolist())
    for hand in hands:
        while len(hand) < FEWEST:
            hand.append(max(hands, key=len).pop())
    return [part(samples, np.array(hand, dtype=np.int64)) for hand in hands]


def _shares(clients: int, alpha: float, rng: np.random.Generator) -> Floats:
    return rng.dirichlet(np.full(clients, alpha))
