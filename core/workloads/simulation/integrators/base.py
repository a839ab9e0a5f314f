"""What an integrator is: from the rates of change to the state a step later."""

from typing import Protocol

from core.workloads.simulation.arrays import Floats


class System(Protocol):
    """What is integrated."""

    state: Floats
    """(stocks, members): what `rates` looks at, and what `advance` moves on."""

    def rates(self, time: float) -> Floats:
        """Return the state's rates of change at a time, (stocks, members); the next call writes into the same array."""


class Integrator(Protocol):
    """A module of this folder."""

    ORDER: int
    """The error of a whole run shrinks with this power of the step's length."""
    ROOMS: int
    """How many arrays like the state it takes besides."""

    def advance(self, system: System, time: float, dt: float, rooms: Floats) -> None:
        """Move the state from a time on by a step; the rates at its beginning are asked for first."""
