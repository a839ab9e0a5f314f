"""What all populations are: an ensemble of independent populations, all agents of all members in one array each."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from core.workloads.simulation.arrays import Floats
from core.workloads.simulation.population_specs import find
from core.workloads.simulation.simulating import Output


class Population(Protocol):
    """Populations at the beginning of a turn; `Simulated` by what it does."""

    outputs: Sequence[Output]
    step: int
    settings: dict[str, Floats]
    """What each turn goes by, as its spec's `SETTINGS` name it: (1,) where all members have the same, or (members,)."""

    def __init__(self, given: Mapping[str, Any], members: int, seed: int) -> None: ...

    def begin(self) -> None:
        """Set out."""

    def advance(self) -> None:
        """Let all agents have their turn."""

    def observe(self) -> Floats:
        """Return what is measured: (measures, members)."""

    def dump(self) -> dict[str, Any]:
        """Return all that the turns to come hang on."""

    def restore(self, arrays: Mapping[str, Any]) -> None:
        """Take up what `dump` returned."""

    def tell(self) -> dict[str, Any]:
        """Return what else there is to tell: nothing."""


def settings_of(given: Mapping[str, Any]) -> dict[str, Floats]:
    """Return the settings as they are given, the same for all members."""
    return {name: np.array([float(given[name])]) for name in find(given["population"]).SETTINGS}


def nothing_else() -> dict[str, Any]:
    """Return what a population tells beside its measures."""
    return {"events": [], "conservation": [], "warnings": []}
