"""An epidemic among agents who meet everybody alike, all acting at once on the state before the turn.

A susceptible agent escapes infection in a turn with probability exp(-contacts * infected / agents), an infected one
recovers with probability `recovery`; the mean of large populations follows Kermack and McKendrick (1927).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.workloads.simulation.arrays import Floats
from core.workloads.simulation.populations.base import nothing_else, settings_of
from core.workloads.simulation.simulating import Output
from core.workloads.simulation.streams import chances

SUSCEPTIBLE, INFECTED, RECOVERED = 0, 1, 2
_BLOCK = 1 << 17
"""Agents that are looked at together: what is computed of them stays in the cache."""


class Sir:
    """Agents as one byte each: (members, agents)."""

    def __init__(self, given: Mapping[str, Any], members: int, seed: int) -> None:
        self.outputs: Sequence[Output] = [Output(name, "measure") for name in ("susceptible", "infected", "recovered")]
        self.step = 0
        self._given, self._seed = given, seed
        self.settings = settings_of(given)
        self.state = np.zeros((members, given["agents"]), dtype=np.uint8)
        self.counts = np.zeros((3, members), dtype=np.int64)
        """Of each sort, in each member; kept along."""

    def begin(self) -> None:
        """Infect the first: the same number in each member."""
        self.state[:, : max(1, round(self._given["first_infected"] * self.state.shape[1]))] = INFECTED
        self._count()

    def advance(self) -> None:
        """Let everybody meet."""
        members, agents = self.state.shape
        drawn = chances(self._seed, "sir", self.step, self.state.shape, questions=2)
        at_once = max(1, _BLOCK // agents)
        for begin in range(0, members, at_once):
            rows = slice(begin, begin + at_once)
            state = self.state[rows]
            contacts, recovery = (_of(self.settings[name], rows) for name in ("contacts", "recovery"))
            met = 1.0 - np.exp(-contacts * self.counts[INFECTED, rows, None] / agents)
            caught = drawn.come_true(0, rows, met, state == SUSCEPTIBLE)
            cured = drawn.come_true(1, rows, recovery, state == INFECTED)
            for sort, hit in ((SUSCEPTIBLE, caught), (INFECTED, cured)):
                moved = [np.count_nonzero(row) for row in hit]
                self.counts[sort, rows] -= moved
                self.counts[sort + 1, rows] += moved
                state += hit.view(np.uint8)
        self.step += 1

    def observe(self) -> Floats:
        """Return how many there are of each sort: (3, members)."""
        return self.counts.astype(np.float64)

    def dump(self) -> dict[str, Any]:
        """Return the agents."""
        return {"agents": self.state}

    def restore(self, arrays: Mapping[str, Any]) -> None:
        """Take up what `dump` returned."""
        self.state[...] = arrays["agents"]
        self._count()

    def tell(self) -> dict[str, Any]:
        """Return nothing else."""
        return nothing_else()

    def _count(self) -> None:
        self.counts[...] = [
            [np.count_nonzero(row == sort) for row in self.state] for sort in (SUSCEPTIBLE, INFECTED, RECOVERED)
        ]


def _of(setting: Floats, rows: slice) -> Floats:
    """Return a setting of some members: (1, 1) where it is the same for all, else (rows, 1)."""
    return (setting if len(setting) == 1 else setting[rows])[:, None]


POPULATION = Sir
