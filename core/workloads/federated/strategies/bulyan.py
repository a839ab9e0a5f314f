"""Bulyan: Krum chooses again and again, then each coordinate's values next to the median count (El Mhamdi et al. 2018).

arXiv:1802.07927, section 4: theta = n - 2 f updates are chosen one after the other, and of each coordinate the mean of
the beta = theta - 2 f values nearest to the median of the chosen. Weights do not count.
"""

import numpy as np

from core.workloads.federated.arrays import Floats, Rows, Values
from core.workloads.federated.coordinates import reduce_sorted
from core.workloads.federated.products import distances
from core.workloads.federated.rounds import Aggregate, Round
from core.workloads.federated.selection import check_faults, order


class Bulyan:
    """Holds against f attackers of n >= 4 f + 3 clients, in every coordinate."""

    needs: frozenset[str] = frozenset()

    def aggregate(self, given: Round) -> Aggregate:
        """Return the means of the values nearest to the medians of the chosen updates."""
        count, faults = given.rows.clients, given.faults
        check_faults(count, faults, times=4, name="Bulyan")
        theta = max(1, count - 2 * faults)
        beta = max(1, theta - 2 * faults)
        chosen = _choose(distances(given.rows), faults, theta)
        found = reduce_sorted(
            _Some(given.rows, chosen), lambda tile: _nearest(tile, beta), (theta - beta) // 2, (theta + beta + 1) // 2
        )
        shares = np.zeros(count)
        shares[chosen] = found.shares
        return Aggregate(found.change, shares)


def _choose(apart: Floats, faults: int, theta: int) -> list[int]:
    """Take the best update by Krum out of those that are left, theta times."""
    left = list(range(len(apart)))
    chosen: list[int] = []
    while len(chosen) < theta:
        best = left[order(apart[np.ix_(left, left)], faults)[0]]
        chosen.append(best)
        left.remove(best)
    return sorted(chosen)


def _nearest(tile: Values, beta: int) -> Values:
    """Return the mean of the beta values nearest to each sorted row's median: they stand next to each other."""
    count = tile.shape[1]
    low, high = tile[:, (count - 1) // 2], tile[:, count // 2]
    middle = low + (high - low) / 2
    windows = range(count - beta + 1)
    reach = np.stack([np.maximum(middle - tile[:, at], tile[:, at + beta - 1] - middle) for at in windows])
    begins = np.argmin(reach, axis=0)
    sums = np.zeros((len(tile), count + 1))
    np.cumsum(tile, axis=1, dtype=np.float64, out=sums[:, 1:])
    row = np.arange(len(tile))
    mean: Values = ((sums[row, begins + beta] - sums[row, begins]) / beta).astype(tile.dtype)
    return mean


class _Some:
    """Some of the rows."""

    def __init__(self, rows: Rows, chosen: list[int]) -> None:
        self._rows, self._chosen = rows, chosen
        self.clients, self.size, self.dtype = len(chosen), rows.size, rows.dtype

    def block(self, start: int, stop: int) -> Values:
        """Return their columns."""
        chosen: Values = self._rows.block(start, stop)[self._chosen]
        return chosen


STRATEGY = Bulyan()
