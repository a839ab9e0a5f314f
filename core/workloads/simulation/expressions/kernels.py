"""What operators and functions do to arrays; yes is 1, no is 0. What is not defined becomes NaN and ends the run."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from core.workloads.simulation.arrays import Floats

_PLAIN: dict[str, Any] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
    "negative": np.negative,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "abs": np.abs,
    "floor": np.floor,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
    "tanh": np.tanh,
}
"""Numpy's own, into an array that is there."""


def step_of(operator: str, arrays: list[Floats], out: Floats) -> Callable[[], Any]:
    """Bind an operator or function to its arrays."""
    if operator in _PLAIN:
        return partial(_PLAIN[operator], *arrays, out)
    return partial(_OWN[operator], *arrays, out)


def look_up(x: Floats, places: Floats, values: Floats, out: Floats) -> None:
    """Look into a table: straight between its points, level beyond."""
    out[...] = np.interp(x, places, values)


def step(time: Floats, height: Floats, at: Floats, out: Floats) -> None:
    """Give the height from a time on, 0 before."""
    np.multiply(height, time >= at, out)


def pulse(time: Floats, height: Floats, at: Floats, width: Floats, out: Floats) -> None:
    """Give the height for a while from a time on, else 0."""
    np.multiply(height, (time >= at) & (time < at + width), out)


def ramp(time: Floats, slope: Floats, begin: Floats, end: Floats, out: Floats) -> None:
    """Rise from 0 by a slope between two times, and stay."""
    np.multiply(slope, np.clip(time, begin, np.maximum(begin, end)) - begin, out)


def _least(*arrays: Floats) -> None:
    _folded(np.minimum, arrays)


def _most(*arrays: Floats) -> None:
    _folded(np.maximum, arrays)


def _folded(ufunc: Any, arrays: tuple[Floats, ...]) -> None:
    *operands, out = arrays
    ufunc(operands[0], operands[1], out=out)
    for operand in operands[2:]:
        ufunc(out, operand, out=out)


def _clip(value: Floats, low: Floats, high: Floats, out: Floats) -> None:
    np.minimum(np.maximum(value, low, out=out), high, out=out)


def _choose(condition: Floats, chosen: Floats, other: Floats, out: Floats) -> None:
    np.copyto(out, other)
    np.copyto(out, chosen, where=condition != 0.0)


def _ratio(above: Floats, below: Floats, otherwise: Floats, out: Floats) -> None:
    np.copyto(out, otherwise)
    np.divide(above, below, out, where=below != 0.0)


_OWN: dict[str, Callable[..., None]] = {"min": _least, "max": _most, "clip": _clip, "if": _choose, "ratio": _ratio}
