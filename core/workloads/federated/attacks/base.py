"""What every attack does; attackers know what all honest clients send, as theory allows them to."""

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from core.workloads.federated.arrays import Floats

Settings = Mapping[str, float]


class Attack(Protocol):
    """One member of the family."""

    def targets(self, targets: Floats, classes: int) -> Floats:
        """Return the classes (n) that an attacker trains on, given the true ones."""

    def change(
        self, honest: Floats, own: Floats, settings: Settings, attackers: int, rng: np.random.Generator
    ) -> Floats:
        """Return what an attacker sends (p), given what honest clients send (clients x p) and what it learned."""
