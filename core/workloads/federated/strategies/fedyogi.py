"""FedYogi: Yogi on the server (Reddi et al. 2021, arXiv:2003.00295, algorithm 2)."""

import numpy as np

from core.workloads.federated.adaptive import adapt
from core.workloads.federated.arrays import Values
from core.workloads.federated.rounds import Aggregate, Round


class FedYogi:
    """v moves towards the squares by steps that do not depend on how far they are."""

    needs: frozenset[str] = frozenset()

    def aggregate(self, given: Round) -> Aggregate:
        """Return the optimizer's step from the weighted mean."""
        return adapt(given, _advance)


def _advance(before: Values, square: Values, decay: float) -> Values:
    after: Values = before - (1.0 - decay) * square * np.sign(before - square)
    return after


STRATEGY = FedYogi()
