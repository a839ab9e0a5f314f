"""Heun's method (1900), the explicit trapezoidal rule."""

import numpy as np

from core.workloads.simulation.arrays import Floats
from core.workloads.simulation.integrators.base import System

ORDER = 2
ROOMS = 2


def advance(system: System, time: float, dt: float, rooms: Floats) -> None:
    """Move on by a step."""
    begun, first = rooms
    begun[...] = system.state
    first[...] = system.rates(time)
    np.multiply(first, dt, out=system.state)
    system.state += begun
    second = system.rates(time + dt)
    second += first
    second *= dt / 2.0
    np.add(begun, second, out=system.state)
