"""Label flip: honest training on false classes, class c told as K - 1 - c (Fang et al. 2020, arXiv:1911.11815, 4.1)."""

import numpy as np

from core.workloads.federated.arrays import Floats
from core.workloads.federated.attacks.base import Settings


class LabelFlip:
    """Follows the protocol and lies about its data."""

    def targets(self, targets: Floats, classes: int) -> Floats:
        """Turn the classes around."""
        turned: Floats = classes - 1 - targets
        return turned

    def change(
        self, honest: Floats, own: Floats, settings: Settings, attackers: int, rng: np.random.Generator
    ) -> Floats:
        """Return what was learned from them."""
        del honest, settings, attackers, rng
        return own


ATTACK = LabelFlip()
