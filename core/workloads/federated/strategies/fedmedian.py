"""FedMedian: the median of each coordinate (Yin et al. 2018, arXiv:1803.01498, definition 1).

Any coordinate lies among honest clients' values as long as fewer than half attack. Weights do not count.
"""

from core.workloads.federated.arrays import Values
from core.workloads.federated.coordinates import reduce_sorted
from core.workloads.federated.rounds import Aggregate, Round


class FedMedian:
    """Of an even number of clients the mean of the middle two."""

    needs: frozenset[str] = frozenset()

    def aggregate(self, given: Round) -> Aggregate:
        """Return the coordinates' medians."""
        count = given.rows.clients
        return reduce_sorted(given.rows, _middle, (count - 1) // 2, count // 2 + 1)


def _middle(tile: Values) -> Values:
    count = tile.shape[1]
    low, high = tile[:, (count - 1) // 2], tile[:, count // 2]
    middle: Values = low if count % 2 else low + (high - low) / 2
    return middle


STRATEGY = FedMedian()
