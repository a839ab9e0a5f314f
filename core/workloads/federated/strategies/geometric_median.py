"""RFA: the geometric median, by smoothed Weiszfeld steps (Pillutla et al. 2022, arXiv:1912.13445, alg. 2).

The median is a sum of the updates at every step, so the steps are made with scalar products alone: the updates are
read once for those and once for the sum.
"""

import numpy as np

from core.workloads.federated.mixing import mixed
from core.workloads.federated.products import distances
from core.workloads.federated.rounds import Aggregate, Round

_STILL = 1e-12


class GeometricMedian:
    """Holds as long as less than half of the weight attacks."""

    needs: frozenset[str] = frozenset()

    def aggregate(self, given: Round) -> Aggregate:
        """Return the point whose weighted sum of distances to the updates is least."""
        apart, share = distances(given.rows), given.share()
        coefficients = share
        for _ in range(int(given.settings["iterations"])):
            # Of a point sum(c x) with sum(c) = 1 the squared distance to x_i is (A c)_i - c A c / 2.
            towards = apart @ coefficients
            away = np.sqrt(np.maximum(towards - coefficients @ towards / 2.0, 0.0))
            pull = share / np.maximum(away, given.settings["smoothing"])
            following = pull / pull.sum()
            moved = np.abs(following - coefficients).sum()
            coefficients = following
            if moved < _STILL:
                break
        return mixed(given, coefficients)


STRATEGY = GeometricMedian()
