"""Sign flip: the opposite of what was learned, `strength` times as long (Li et al. 2019, arXiv:1811.03761)."""

import numpy as np

from core.workloads.federated.arrays import Floats
from core.workloads.federated.attacks.base import Settings


class SignFlip:
    """Pushes the model back where it came from."""

    def targets(self, targets: Floats, classes: int) -> Floats:
        """Learn from true classes."""
        del classes
        return targets

    def change(
        self, honest: Floats, own: Floats, settings: Settings, attackers: int, rng: np.random.Generator
    ) -> Floats:
        """Return the opposite."""
        del honest, attackers, rng
        turned: Floats = -settings["strength"] * own
        return turned


ATTACK = SignFlip()
