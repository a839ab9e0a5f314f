"""FedAvg: the mean of updates, weighted by examples (McMahan et al. 2017, arXiv:1602.05629, algorithm 1)."""

from core.workloads.federated.mixing import mixed
from core.workloads.federated.rounds import Aggregate, Round


class FedAvg:
    """Breaks with a single client that attacks."""

    needs: frozenset[str] = frozenset()

    def aggregate(self, given: Round) -> Aggregate:
        """Return the weighted mean."""
        return mixed(given, given.share())


STRATEGY = FedAvg()
