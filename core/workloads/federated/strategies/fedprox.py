"""FedProx: clients are held near the model they began with (Li et al. 2020, arXiv:1812.06127, algorithm 2).

The server's part is FedAvg's; what differs is each client's objective, loss + mu / 2 * |w - w_t|^2.
"""

from core.workloads.federated.arrays import Floats
from core.workloads.federated.strategies.fedavg import FedAvg


class FedProx(FedAvg):
    """On the server the weighted mean."""


def proximal_gradient(gradient: Floats, weights: Floats, began: Floats, mu: float) -> Floats:
    """Return the gradient of a client's objective: that of its loss and that of the proximal term."""
    held: Floats = gradient + mu * (weights - began)
    return held


STRATEGY = FedProx()
