"""Inner-product manipulation: against the honest mean, little enough to pass (Xie et al. 2019, arXiv:1903.03936, 3)."""

import numpy as np

from core.workloads.federated.arrays import Floats
from core.workloads.federated.attacks.base import Settings


class InnerProduct:
    """All send -strength times the honest mean, so that the product with the true direction turns negative."""

    def targets(self, targets: Floats, classes: int) -> Floats:
        """Learn from true classes."""
        del classes
        return targets

    def change(
        self, honest: Floats, own: Floats, settings: Settings, attackers: int, rng: np.random.Generator
    ) -> Floats:
        """Return the opposite of the honest mean."""
        del own, attackers, rng
        turned: Floats = -settings["strength"] * honest.mean(axis=0)
        return turned


ATTACK = InnerProduct()
