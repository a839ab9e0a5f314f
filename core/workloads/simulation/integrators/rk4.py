"""The classical Runge-Kutta method (Kutta 1901)."""

import numpy as np

from core.workloads.simulation.arrays import Floats
from core.workloads.simulation.integrators.base import System

ORDER = 4
ROOMS = 3
_PARTS = ((0.5, 2.0), (0.5, 2.0), (1.0, 1.0))
"""Of the later stages: how far into the step each looks, and its weight."""


def advance(system: System, time: float, dt: float, rooms: Floats) -> None:
    """Move on by a step."""
    begun, total, scaled = rooms
    begun[...] = system.state
    rates = system.rates(time)
    total[...] = rates
    for part, weight in _PARTS:
        np.multiply(rates, part * dt, out=system.state)
        system.state += begun
        rates = system.rates(time + part * dt)
        total += np.multiply(rates, weight, out=scaled)
    total *= dt / 6.0
    np.add(begun, total, out=system.state)
