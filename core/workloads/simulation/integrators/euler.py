"""Euler's method: y' = y + dt f(t, y)."""

from core.workloads.simulation.arrays import Floats
from core.workloads.simulation.integrators.base import System

ORDER = 1
ROOMS = 0


def advance(system: System, time: float, dt: float, _rooms: Floats) -> None:
    """Move on by a step."""
    rates = system.rates(time)
    rates *= dt
    system.state += rates
