"""A little is enough: within the honest spread, all attackers the same (Baruch et al. 2019, arXiv:1902.06156, alg. 3).

With n clients of whom m attack, s = floor(n / 2 + 1) - m more supporters make a majority; z is the largest number with
Phi(z) < (n - m - s) / (n - m), and what is sent is mean - z * standard deviation of each coordinate.
"""

import math

import numpy as np
from scipy.special import ndtri

from core.workloads.federated.arrays import Floats
from core.workloads.federated.attacks.base import Settings


class LittleIsEnough:
    """Hides among those honest clients who are farthest to one side."""

    def targets(self, targets: Floats, classes: int) -> Floats:
        """Learn from true classes."""
        del classes
        return targets

    def change(
        self, honest: Floats, own: Floats, settings: Settings, attackers: int, rng: np.random.Generator
    ) -> Floats:
        """Return the mean, moved by `strength` times z standard deviations against where it goes."""
        del own, rng
        z = largest_shift(len(honest) + attackers, attackers)
        middle = honest.mean(axis=0)
        moved: Floats = middle - settings["strength"] * z * honest.std(axis=0) * np.sign(middle)
        return moved


def largest_shift(clients: int, attackers: int) -> float:
    """Return z, zero where no supporter would be left."""
    supporters = math.floor(clients / 2 + 1) - attackers
    share = (clients - attackers - supporters) / (clients - attackers)
    return max(float(ndtri(share)), 0.0) if 0.0 < share < 1.0 else 0.0


ATTACK = LittleIsEnough()
