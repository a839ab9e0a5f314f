"""Trimmed mean: of each coordinate, without the largest and the smallest (Yin et al. 2018, arXiv:1803.01498, def. 2).

Holds against as many attackers as are trimmed at each end. Weights do not count.
"""

import numpy as np

from core.workloads.federated.coordinates import reduce_sorted
from core.workloads.federated.rounds import Aggregate, Round


class TrimmedMean:
    """`trim` is the share of clients left out at each end, rounded down."""

    needs: frozenset[str] = frozenset()

    def aggregate(self, given: Round) -> Aggregate:
        """Return the coordinates' trimmed means."""
        count = given.rows.clients
        cut = int(given.settings["trim"] * count + 1e-9)
        ones = np.full(count - 2 * cut, 1.0 / (count - 2 * cut), given.rows.dtype)
        return reduce_sorted(given.rows, lambda tile: tile[:, cut : count - cut] @ ones, cut, count - cut)


STRATEGY = TrimmedMean()
