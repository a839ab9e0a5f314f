"""FedAdam: Adam on the server (Reddi et al. 2021, arXiv:2003.00295, algorithm 2)."""

from core.workloads.federated.adaptive import adapt
from core.workloads.federated.arrays import Values
from core.workloads.federated.rounds import Aggregate, Round


class FedAdam:
    """v = beta2 * v + (1 - beta2) * mean^2."""

    needs: frozenset[str] = frozenset()

    def aggregate(self, given: Round) -> Aggregate:
        """Return the optimizer's step from the weighted mean."""
        return adapt(given, _advance)


def _advance(before: Values, square: Values, decay: float) -> Values:
    after: Values = decay * before + (1.0 - decay) * square
    return after


STRATEGY = FedAdam()
