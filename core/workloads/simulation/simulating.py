"""What all simulations are to those who follow them, whatever they compute: an ensemble that goes step by step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from core.errors import Invalid
from core.workloads.simulation.arrays import Floats


class SimulationDiverged(Invalid):
    """A value grew beyond all bounds, or came to be undefined."""

    code = "simulation_diverged"


@dataclass(frozen=True, slots=True)
class Output:
    """One value that is told."""

    name: str
    sort: str
    """stock, flow, auxiliary, delay, variable or measure."""
    unit: str | None = None


class Simulated(Protocol):
    """An ensemble at the beginning of a step."""

    outputs: Sequence[Output]
    step: int

    def begin(self) -> None:
        """Set out; not called on what is restored."""

    def advance(self) -> None:
        """Go on to the next step."""

    def observe(self) -> Floats:
        """Return the outputs of all members: (outputs, members), an array of the caller's own."""

    def dump(self) -> dict[str, Floats]:
        """Return all that the steps to come hang on, by name."""

    def restore(self, arrays: Mapping[str, Floats]) -> None:
        """Take up what `dump` returned."""

    def tell(self) -> dict[str, Any]:
        """Return what else there is to tell at the end: `events`, `conservation`, `warnings`."""


def check_finite(outputs: Sequence[Output], seen: Floats, finite: Floats, time: float) -> None:
    """Raise `SimulationDiverged` for the first output that is not finite; `finite` has each output's sum."""
    for place, output in enumerate(outputs):
        if not abs(finite[place]) < float("inf"):
            bad = sum(1 for value in seen[place] if not abs(value) < float("inf"))
            told = f"{output.name!r} is no finite number in {bad} of {seen.shape[1]} members at time {time:g}"
            raise SimulationDiverged(f"{told}; a shorter dt or bounded equations may help")
