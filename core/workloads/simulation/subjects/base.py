"""What is asked of something that can be simulated, before anything is computed."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from core.workloads.simulation.faults import Faults
from core.workloads.simulation.spelling import suggestion
from core.workloads.simulation.timetable import Timetable

OF_MODELS = ("parameters", "initial", "dt", "method")
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


def check_shocks(data: Mapping[str, Any], known: Sequence[str], horizon: float, faults: Faults) -> None:
    """Note shocks of what is not there, outside the run, and of no length."""
    for place, shock in enumerate(data.get("shocks", ())):
        if shock["target"] not in known:
            told = suggestion(shock["target"], known)
            faults.add(("shocks", place, "target"), f"There is no {shock['target']!r} to be changed{told}")
        if not 0 <= shock["at"] <= horizon:
            faults.add(("shocks", place, "at"), f"The run is from 0 to {horizon:g}.")
        if shock["lasting"] is not None and shock["lasting"] <= 0:
            faults.add(("shocks", place, "for"), "Must be greater than 0.")
