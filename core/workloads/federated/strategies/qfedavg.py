"""q-FedAvg: clients with a larger loss count more (Li et al. 2020, arXiv:1905.10497, algorithm 2).

With L = 1 / rate and D_k = -L x_k the change is -sum(F_k^q D_k) / sum(q F_k^(q-1) |D_k|^2 + L F_k^q). Weights do not
count: the paper samples clients by them.
"""

import numpy as np

from core.workloads.federated.mixing import mixed
from core.workloads.federated.products import products
from core.workloads.federated.rounds import Aggregate, Round

_LEAST_LOSS = 1e-10


class QFedAvg:
    """`q` 0 is the plain mean; the larger, the more even the losses become. Whoever tells a large loss counts more."""

    needs: frozenset[str] = frozenset({"losses"})

    def aggregate(self, given: Round) -> Aggregate:
        """Return the fair change."""
        assert given.losses is not None, "checked by whoever knows what it needs"
        q, steepness = given.settings["q"], 1.0 / given.settings["rate"]
        losses = given.losses + _LEAST_LOSS
        norms = steepness**2 * np.diagonal(products(given.rows))
        heights = q * losses ** (q - 1.0) * norms + steepness * losses**q
        return mixed(given, steepness * losses**q / heights.sum())


STRATEGY = QFedAvg()
