"""Multi-Krum: the weighted mean of the updates that Krum likes best (Blanchard et al. 2017, arXiv:1703.02757)."""

import numpy as np

from core.workloads.federated.mixing import mixed
from core.workloads.federated.products import distances
from core.workloads.federated.rounds import Aggregate, Round, unfit
from core.workloads.federated.selection import check_faults, order


class MultiKrum:
    """`keep` updates count; n - f unless said."""

    needs: frozenset[str] = frozenset()

    def aggregate(self, given: Round) -> Aggregate:
        """Return the mean of the best updates by their clients' weights."""
        count = given.rows.clients
        check_faults(count, given.faults, times=2, name="Multi-Krum")
        keep = int(given.settings.get("keep") or max(1, count - given.faults))
        if keep > count:
            raise unfit("/settings/keep", f"{keep} updates are to be kept of {count}.")
        chosen = np.zeros(count)
        best = order(distances(given.rows), given.faults)[:keep]
        chosen[best] = given.weights[best]
        if not chosen.any():
            chosen[best] = 1.0
        return mixed(given, chosen / chosen.sum())


STRATEGY = MultiKrum()
