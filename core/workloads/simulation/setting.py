"""One run of a stock-and-flow model: what is drawn, changed and done, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.workloads.simulation.timetable import Timetable


@dataclass(frozen=True, slots=True)
class Setting:
    """How a model is run."""

    timetable: Timetable
    method: str
    members: int
    seed: int
    parameters: Mapping[str, Any]
    """Values or distributions that take the place of the document's."""
    initial: Mapping[str, Any]
    """The same for stocks at the start."""
    shocks: Sequence[Mapping[str, Any]] = ()
    policies: Sequence[Mapping[str, Any]] = ()


def of_params(params: Mapping[str, Any], timetable: Timetable, seed: int) -> Setting:
    """Read a setting from loaded params."""
    return Setting(
        timetable,
        params["method"] or params["model"]["method"],
        params["members"],
        seed,
        params["parameters"],
        params["initial"],
        params["shocks"],
        params["policies"],
    )
