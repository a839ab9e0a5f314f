"""The method of Dormand and Prince (1980, table 2), which finds its own way through a step.

A step is made in parts: each is taken at order 5, and made again, shorter, if the embedded result of order 4 is farther
from it than the tolerance, in any stock of any member. The next part follows from that distance. Nothing is remembered
from step to step.
"""

import numpy as np

from core.workloads.simulation.arrays import Floats
from core.workloads.simulation.integrators.base import System

ORDER = 5
STAGES = 7
ROOMS = STAGES + 2
TOLERANCE = 1e-8
"""Of a part: relative to a stock's value, or to a thousandth of its largest value among the members."""
SHORTEST = 2.0**-12
"""Of a step: a part as short as this is taken as it is, so that jumps are crossed."""
_NODES = (0.0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0, 1.0)
_STAGES = (
    (),
    (1 / 5,),
    (3 / 40, 9 / 40),
    (44 / 45, -56 / 15, 32 / 9),
    (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
    (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
)
"""The last is the result of order 5 itself."""
_FOURTH = (5179 / 57600, 0.0, 7571 / 16695, 393 / 640, -92097 / 339200, 187 / 2100, 1 / 40)
_APART = tuple(fifth - fourth for fifth, fourth in zip((*_STAGES[-1], 0.0), _FOURTH, strict=True))
_CAUTION, _LEAST, _MOST = 0.9, 0.2, 5.0


def advance(system: System, time: float, dt: float, rooms: Floats) -> None:
    """Move on by a step, in as many parts as the tolerance takes."""
    done, part = 0.0, 1.0
    rooms[0] = system.rates(time)
    while done < 1.0:
        part = min(part, 1.0 - done)
        distance = attempt(system, time + done * dt, part * dt, rooms)
        if distance <= 1.0 or part <= SHORTEST:
            done = 1.0 if part == 1.0 - done else done + part
            rooms[0] = rooms[STAGES - 1]  # first same as last
        else:
            system.state[...] = rooms[-1]
        part = max(part * _next(distance), SHORTEST)


def attempt(system: System, time: float, length: float, rooms: Floats) -> float:
    """Move the state by one part, given the rates at its beginning, and return its error in tolerances.

    What the state was before is left in the last room.
    """
    stages, scratch, begun = rooms[:STAGES], rooms[-2], rooms[-1]
    begun[...] = system.state
    for place in range(1, STAGES):
        _sum(stages, _STAGES[place], scratch)
        np.multiply(scratch, length, out=scratch)
        np.add(begun, scratch, out=system.state)
        stages[place] = system.rates(time + _NODES[place] * length)
    _sum(stages, _APART, scratch)
    size = np.maximum(np.abs(begun), np.abs(system.state))
    least = np.maximum(1e-3 * size.max(axis=1, keepdims=True), np.finfo(float).tiny / TOLERANCE)
    with np.errstate(invalid="ignore"):
        distance = float((np.abs(scratch) * (length / TOLERANCE) / np.maximum(size, least)).max())
    return distance if np.isfinite(distance) else np.inf


def _sum(stages: Floats, weights: tuple[float, ...], out: Floats) -> None:
    """Write the weighted sum of the first stages."""
    np.einsum("i,i...->...", np.array(weights), stages[: len(weights)], out=out)


def _next(distance: float) -> float:
    """Return how many times as long the next part may be."""
    return _MOST if distance == 0.0 else min(max(_CAUTION * distance ** (-1.0 / ORDER), _LEAST), _MOST)
