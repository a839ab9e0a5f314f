"""Accounting by Renyi differential privacy: an upper bound, quickly found (Mironov 2017, arXiv:1702.07476).

Moments of a subsampled Gaussian by Mironov, Talwar and Zhang 2019 (arXiv:1908.10530); epsilon from them by
Canonne, Kamath and Steinke 2020 (arXiv:2004.00010, proposition 12).
"""

import math
from collections.abc import Sequence

from core.workloads.federated.privacy.moments import Releases, log_moment

ORDERS = (*(1.0 + tenth / 10.0 for tenth in range(1, 100)), *map(float, range(11, 64)), 128.0, 256.0, 512.0, 1024.0)
"""Those of the published tables."""


def epsilon(releases: Sequence[Releases], delta: float) -> float:
    """Return the epsilon of all releases together at this delta."""
    if not releases:
        return 0.0
    return max(0.0, min(_at(releases, delta, order) for order in ORDERS))


def divergence(releases: Sequence[Releases], order: float) -> float:
    """Return the Renyi divergence of this order (above 1) of all releases together."""
    return sum(log_moment(one, order).real for one in releases) / (order - 1.0)


def _at(releases: Sequence[Releases], delta: float, order: float) -> float:
    return divergence(releases, order) + math.log1p(-1.0 / order) - math.log(delta * order) / (order - 1.0)
