"""How nodes mix, and how fast that must converge."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.workloads.federated.arrays import Floats
from core.workloads.federated.gossip.topologies import Pair

Links = NDArray[np.bool_]
"""Which nodes are linked, nodes x nodes, symmetric."""
KNOWN_TO = 1e-12
"""What eigenvalues are known to."""


def linked(nodes: int, pairs: Sequence[Pair]) -> Links:
    """Return pairs as a matrix, nodes x nodes."""
    links, ends = np.zeros((nodes, nodes), dtype=bool), np.array(pairs, dtype=np.intp).reshape(-1, 2)
    links[ends[:, 0], ends[:, 1]] = links[ends[:, 1], ends[:, 0]] = True
    return links


def metropolis(links: Links) -> Floats:
    """Return each link's weight, 1 / (1 + the larger degree of its ends) (Xiao, Boyd and Lall 2005), and each node's.

    Symmetric, with rows that sum to one: so the mean stays what it is.
    """
    degrees = links.sum(axis=1)
    weights: Floats = np.where(links, 1.0 / (1.0 + np.maximum(degrees[:, None], degrees[None, :])), 0.0)
    return whole(weights)


def whole(weights: Floats) -> Floats:
    """Give each node what its links leave."""
    between = weights - np.diag(np.diagonal(weights))
    return between + np.diag(1.0 - between.sum(axis=1))


def second(weights: Floats) -> float:
    """Return the second largest absolute eigenvalue; one less it is the spectral gap."""
    return float(np.sort(np.abs(np.linalg.eigvalsh(weights)))[-2])


def rate(weights: Floats, loss: float) -> float:
    """Return by what the distance from the mean shrinks in a round, in the root mean square over lost links.

    Links are lost independently, in both directions at once. With L the matrix of one link, (e_i - e_j)(e_i - e_j)',
    E[W^2] = E[W]^2 + 2 loss (1 - loss) sum w^2 L (as in Boyd et al. 2006, section III), of which it is the root of the
    second eigenvalue.
    """
    if loss == 0.0:
        return second(weights)
    between = weights - np.diag(np.diagonal(weights))
    mean = whole(between * (1.0 - loss))
    squares = between**2
    spread = np.diag(squares.sum(axis=1)) - squares
    return math.sqrt(second(mean @ mean + 2.0 * loss * (1.0 - loss) * spread))


def rounds_to(tolerance: float, shrinking: float) -> int | None:
    """Return in how many rounds the distance is surely this part of what it was; None for never."""
    if shrinking >= 1.0 - KNOWN_TO:
        return None
    if shrinking < KNOWN_TO:
        return 1
    return max(1, math.ceil(math.log(tolerance) / math.log(shrinking)))
