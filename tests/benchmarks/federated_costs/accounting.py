"""Accountants beside dp-accounting and published tables, to three digits."""

import json
import math
import subprocess
from collections.abc import Iterator
from pathlib import Path

from job_costs.figures import Figure, Target, absolute, unmeasured

from core.workloads.federated.privacy import renyi, tight
from core.workloads.federated.privacy.moments import Releases

SIDE = Path(__file__).parents[1] / "federated_sides" / "accounting.py"
CASES = ((0.1, 1.0, 100, 1e-5), (0.02, 1.0, 1000, 1e-5), (1.0, 8.0, 50, 1e-6), (0.01, 1.0, 3, 1e-5))
MNIST = 256 / 60_000
PUBLISHED = (
    (MNIST, 1.3, 15 / MNIST, 1.19),
    (MNIST, 1.1, 60 / MNIST, 3.01),
    (MNIST, 0.7, 45 / MNIST, 7.10),
    (0.01, 4.0, 10_000, 1.26),
)
"""Sampling, noise, rounds and epsilon at delta 1e-5: TensorFlow Privacy's tutorials, and Abadi et al. 2016."""
DIGITS = 5e-4


def accounting(python: str | None) -> Iterator[Figure]:
    """Yield how far each accountant is off its peer, and published tables off ours, relative."""
    for sampling, noise, rounds, published in PUBLISHED:
        told = f"epsilon of a published table, q {sampling:.3g}, z {noise:g}: {published:g} off by"
        yield absolute(
            told, Target(at_most=0.005, unit=""), abs(_converted(Releases(noise, sampling, int(rounds))) - published)
        )
    if python is None:
        yield unmeasured("accountants beside dp-accounting", "give --peers, or run it by ./penstock bench federated")
        return
    argv = [python, str(SIDE), json.dumps(CASES)]
    peers = json.loads(subprocess.run(argv, capture_output=True, text=True, check=True).stdout)
    for (sampling, noise, rounds, delta), (by_orders, by_losses) in zip(CASES, peers, strict=True):
        releases = [Releases(noise, sampling, rounds)]
        case = f"q {sampling:g}, z {noise:g}, {rounds} rounds, delta {delta:g}"
        tightly = tight.epsilon(releases, delta) / by_losses - 1.0
        yield absolute(f"tight beside PLD, {case}: relative", Target(at_most=DIGITS, unit=""), abs(tightly))
        above = renyi.epsilon(releases, delta) / by_orders - 1.0
        yield absolute(f"renyi above RDP, {case}: relative", Target(at_most=DIGITS, unit=""), max(above, 0.0))


def _converted(releases: Releases) -> float:
    """Convert as the tables of their time did (Mironov 2017, proposition 3)."""
    return min(renyi.divergence([releases], order) + math.log(1e5) / (order - 1) for order in renyi.ORDERS)
