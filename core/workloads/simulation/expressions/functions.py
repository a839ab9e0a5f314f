"""The functions that equations may call: how many operands each takes, and what it asks of their units."""

from enum import StrEnum


class Units(StrEnum):
    """What an operator or function asks of the units of its operands, and what its value has."""

    ALIKE = "all alike, and so is the value"
    RATIO = "none, and none comes out"
    COMPARED = "both alike; yes or no comes out"
    LOGIC = "yes or no"
    CHOSEN = "the first is yes or no, the others and the value are alike"
    KEPT = "any, and so is the value"
    ROOT = "any; the value has its root"
    RATE = "the second is a time; the value is like the first"
    SLOPE = "the first over time, then times"
    DIVIDED = "any; the value has the first over the second, and the third is like it"


FUNCTIONS: dict[str, tuple[int, int, Units]] = {
    "min": (2, 8, Units.ALIKE),
    "max": (2, 8, Units.ALIKE),
    "clip": (3, 3, Units.ALIKE),
    "abs": (1, 1, Units.KEPT),
    "floor": (1, 1, Units.KEPT),
    "sqrt": (1, 1, Units.ROOT),
    "exp": (1, 1, Units.RATIO),
    "log": (1, 1, Units.RATIO),
    "sin": (1, 1, Units.RATIO),
    "cos": (1, 1, Units.RATIO),
    "tanh": (1, 1, Units.RATIO),
    "if": (3, 3, Units.CHOSEN),
    "ratio": (3, 3, Units.DIVIDED),
    "step": (2, 2, Units.RATE),
    "pulse": (3, 3, Units.RATE),
    "ramp": (3, 3, Units.SLOPE),
}
"""By name: fewest operands, most, and units. `step`, `pulse` and `ramp` look at the time besides."""
OVER = ("sum", "mean", "smallest", "largest")
"""What is made of all elements of a dimension: `sum(region, people[region])`; written out before that is computed."""
