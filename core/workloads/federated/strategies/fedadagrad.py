"""FedAdagrad: Adagrad on the server (Reddi et al. 2021, arXiv:2003.00295, algorithm 2)."""

from core.workloads.federated.adaptive import adapt
from core.workloads.federated.arrays import Values
from core.workloads.federated.rounds import Aggregate, Round


class FedAdagrad:
    """v = v + mean^2, so steps only become smaller."""

    needs: frozenset[str] = frozenset()

    def aggregate(self, given: Round) -> Aggregate:
        """Return the optimizer's step from the weighted mean."""
        return adapt(given, _advance)


def _advance(before: Values, square: Values, decay: float) -> Values:
    del decay
    after: Values = before + square
    return after


STRATEGY = FedAdagrad()
