"""Krum's scores: how near each update's nearest neighbours are (Blanchard et al. 2017, arXiv:1703.02757, section 4)."""

import numpy as np

from core.workloads.federated.arrays import Floats
from core.workloads.federated.rounds import unfit


def scores(apart: Floats, faults: int) -> Floats:
    """Return for each update the sum of its n - f - 2 smallest squared distances to others, one at least."""
    count = len(apart)
    others = apart + np.diag(np.full(count, np.inf))
    nearest = min(max(1, count - faults - 2), max(count - 1, 0))
    total: Floats = np.sort(others, axis=1)[:, :nearest].sum(axis=1)
    return total


def order(apart: Floats, faults: int) -> list[int]:
    """Return all updates, the best first; of equal ones the earlier."""
    return [int(one) for one in np.argsort(scores(apart, faults), kind="stable")]


def check_faults(clients: int, faults: int, *, times: int, name: str) -> None:
    """Refuse more attackers than the theory bears: n >= times * f + 3; without attackers any number of clients will do.

    Raises `StrategyUnfit`.
    """
    needed = times * faults + 3
    if faults and clients < needed:
        raise unfit(
            "/settings/faults",
            f"{name} with {faults} faults takes {needed} clients at least; there are {clients}.",
        )
