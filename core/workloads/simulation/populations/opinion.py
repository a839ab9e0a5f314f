"""Opinions that meet in pairs (Deffuant, Neau, Amblard and Weisbuch 2000): each turn all agents are paired at random.

Two opinions that differ by less than `confidence` come closer by `convergence` of their difference; the mean of all
never changes, and about 1 / (2 confidence) groups remain.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.workloads.simulation.arrays import Floats
from core.workloads.simulation.populations.base import nothing_else, settings_of
from core.workloads.simulation.simulating import Output
from core.workloads.simulation.streams import stream

_SMALLEST_GROUP = 0.01
"""What part of all agents a group has at least, to be counted as one."""
_APART = 0.01


class Opinion:
    """Opinions of all agents: (members, agents)."""

    def __init__(self, given: Mapping[str, Any], members: int, seed: int) -> None:
        self.outputs: Sequence[Output] = [
            Output(name, "measure") for name in ("mean", "spread", "groups", "largest_group")
        ]
        self.step = 0
        self._seed, self.settings = seed, settings_of(given)
        self.opinions = np.zeros((members, given["agents"]))

    def begin(self) -> None:
        """Spread opinions evenly at random."""
        self.opinions[...] = stream(self._seed, "opinion/start").random(self.opinions.shape)

    def advance(self) -> None:
        """Let everybody meet somebody; of an odd number one stays alone."""
        rng = stream(self._seed, "opinion", self.step)
        half = self.opinions.shape[1] // 2
        settings = (np.broadcast_to(self.settings[name], len(self.opinions)) for name in ("confidence", "convergence"))
        for opinions, confidence, convergence in zip(self.opinions, *settings, strict=True):
            order = rng.permutation(len(opinions))
            one, other = order[:half], order[half : 2 * half]
            apart = opinions[other] - opinions[one]
            move = np.where(np.abs(apart) < confidence, convergence * apart, 0.0)
            opinions[one] += move
            opinions[other] -= move
        self.step += 1

    def observe(self) -> Floats:
        """Return mean, standard deviation, groups, share of the largest group: (4, members)."""
        groups = np.array([_groups(one) for one in self.opinions])
        return np.stack([self.opinions.mean(axis=1), self.opinions.std(axis=1), groups[:, 0], groups[:, 1]])

    def dump(self) -> dict[str, Any]:
        """Return the opinions."""
        return {"opinions": self.opinions}

    def restore(self, arrays: Mapping[str, Any]) -> None:
        """Take up what `dump` returned."""
        self.opinions[...] = arrays["opinions"]

    def tell(self) -> dict[str, Any]:
        """Return nothing else."""
        return nothing_else()


def _groups(opinions: Floats) -> tuple[float, float]:
    """Count groups, between which there is a gap, and tell which part of all the largest has."""
    ordered = np.sort(opinions)
    borders = np.flatnonzero(np.diff(ordered) > _APART) + 1
    sizes = np.diff(np.concatenate([[0], borders, [len(ordered)]])) / len(ordered)
    return float(np.count_nonzero(sizes >= _SMALLEST_GROUP)), float(sizes.max())


POPULATION = Opinion
