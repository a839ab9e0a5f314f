"""What is asked of something that can be simulated, before anything is computed."""

from collections.abc import Mapping
from typing import Any, Protocol

from core.workloads.simulation.faults import Faults
from core.workloads.simulation.timetable import Timetable

OF_MODELS = ("parameters", "initial", "dt", "method", "policies", "watch")
"""Fields that only stock-and-flow models take."""


class Subject(Protocol):
    """A module of this folder."""

    def check(self, data: Mapping[str, Any], faults: Faults) -> None:
        """Note what of loaded params does not fit; raises `ValidationError` where nothing further can be said."""

    def names(self, data: Mapping[str, Any]) -> list[str]:
        """Return what can be told."""

    def table(self, data: Mapping[str, Any]) -> Timetable:
        """Lay out the run."""

    def size(self, data: Mapping[str, Any]) -> int:
        """Return how many values each member has."""


def refuse_what_models_take(data: Mapping[str, Any], faults: Faults) -> None:
    """Note fields that make no sense without a model."""
    for name in OF_MODELS:
        if data.get(name):
            faults.add((name,), "Only a stock-and-flow model takes this.")
