"""Krum: the one update whose neighbours are nearest (Blanchard et al. 2017, arXiv:1703.02757, section 4)."""

import numpy as np

from core.workloads.federated.mixing import mixed
from core.workloads.federated.products import distances
from core.workloads.federated.rounds import Aggregate, Round
from core.workloads.federated.selection import check_faults, order


class Krum:
    """Holds against f attackers of n >= 2 f + 3 clients; one update is a noisy answer, so prefer Multi-Krum."""

    needs: frozenset[str] = frozenset()

    def aggregate(self, given: Round) -> Aggregate:
        """Return the best update."""
        check_faults(given.rows.clients, given.faults, times=2, name="Krum")
        chosen = np.zeros(given.rows.clients)
        chosen[order(distances(given.rows), given.faults)[0]] = 1.0
        return mixed(given, chosen)


STRATEGY = Krum()
