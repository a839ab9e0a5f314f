"""Noise: Gaussian values in place of an update, `strength` times as long as an honest one."""

import numpy as np

from core.workloads.federated.arrays import Floats
from core.workloads.federated.attacks.base import Settings


class Noise:
    """Sends what has nothing to do with the task."""

    def targets(self, targets: Floats, classes: int) -> Floats:
        """Learn from true classes."""
        del classes
        return targets

    def change(
        self, honest: Floats, own: Floats, settings: Settings, attackers: int, rng: np.random.Generator
    ) -> Floats:
        """Return a direction of chance."""
        del attackers
        drawn = rng.standard_normal(len(own))
        usual = float(np.median(np.linalg.norm(honest, axis=1)))
        noise: Floats = drawn * (settings["strength"] * usual / np.linalg.norm(drawn))
        return noise


ATTACK = Noise()
