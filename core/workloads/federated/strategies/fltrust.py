"""FLTrust: updates count as far as they point where the server's does (Cao et al. 2021, arXiv:2012.13995, alg. 2)."""

import numpy as np

from core.workloads.federated.mixing import mixed
from core.workloads.federated.products import products
from core.workloads.federated.rounds import Aggregate, Round, unfit


class FLTrust:
    """Needs an update that the server made of clean data; then any number may attack. Weights do not count."""

    needs: frozenset[str] = frozenset({"trusted"})

    def aggregate(self, given: Round) -> Aggregate:
        """Return the mean of updates made as long as the server's own, weighted by relu(cosine)."""
        assert given.trusted is not None, "checked by whoever knows what it needs"
        pairs = products(given.rows, given.trusted)
        lengths = np.sqrt(np.diagonal(pairs))
        own = lengths[-1]
        if own == 0.0:
            raise unfit("/trusted", "The server's own update is zero: it points nowhere.")
        safe = np.where(lengths[:-1] > 0.0, lengths[:-1], 1.0)
        trust = np.maximum(pairs[-1, :-1] / (own * safe), 0.0)
        total = trust.sum()
        coefficients = trust * own / safe / total if total > 0.0 else np.zeros(given.rows.clients)
        return mixed(given, coefficients)


STRATEGY = FLTrust()
