"""This file is about making a function of a region's text, and reading from an error where it happened."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import CodeType, TracebackType
from typing import Any

from core.workloads.code.engine.accelerated.paths import Origin, Writer
from core.workloads.code.engine.accelerated.regions import Region
from core.workloads.code.engine.cards import Card
from core.workloads.code.engine.machine import Machine
from core.workloads.code.engine.operations.jumps import UNORDERED
from core.workloads.code.engine.operations.mill import take_in
from core.workloads.code.engine.operations.passages import encoded
from core.workloads.code.engine.table import BY_NAME
from core.workloads.code.engine.traps import Trap, Trapped

_HEAD = (
    "def region(m, n):",
    " pc = m.card; store = m.store; A, B, C, D = m.registers; u = m.upper; s = m.stack; f = m.frame; floor = m.floor",
    " p, q = pair(m.compare); e = 0; put = m.printer.put; mill = m.mill",
)
_TAIL = (
    " m.registers[:] = A, B, C, D; m.upper = u; m.stack = s; m.frame = f; m.compare = state(p, q); m.card = pc",
    " return n, e",
)


class Leave(Exception):
    """A card that the interpreter should execute."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A region as a function: given the Engine and the cards still allowed, it returns those left and extra seconds.

    It raises at a card that is out of the ordinary, before that card has done anything; `settle` then puts the Engine
    there.
    """

    run: Callable[[Machine, int], tuple[int, int]]
    code: CodeType
    origins: Sequence[Origin]
    labels: frozenset[int]

    def settle(self, machine: Machine, traceback: TracebackType | None) -> tuple[int, int]:
        """Put the Engine before the card at which the function raised; returns as the function does."""
        frame = None
        while traceback is not None:
            if traceback.tb_frame.f_code is self.code:
                frame, line = traceback.tb_frame, traceback.tb_lineno
            traceback = traceback.tb_next
        assert frame is not None, "an error from outside the function"
        held, origin = frame.f_locals, self.origins[line - 1 - len(_HEAD)]
        machine.registers[:] = (held["A"], held["B"], held["C"], held["D"])
        machine.upper, machine.stack, machine.frame = held["u"], held["s"], held["f"]
        machine.compare = state(held["p"], held["q"])
        machine.card = origin.card
        return held["n"] - origin.steps, held["e"] + origin.extra


def compile_region(cards: Sequence[Card], region: Region) -> Compiled:
    """Write and compile a region."""
    writer = Writer(cards, region)
    writer.write()
    text = "\n".join((*_HEAD, *writer.lines, *_TAIL))
    names: dict[str, Any] = {**_NAMES}
    for number in writer.others:
        names[f"card_{number}"] = cards[number]
        names[f"act_{number}"] = BY_NAME[cards[number].op].act
    # The text is written by this package from cards that were verified; nothing of anybody's source is in it.
    exec(compile(text, f"<region {region.entry}>", "exec"), names)  # noqa: S102 # nosec B102
    run = names["region"]
    return Compiled(run, run.__code__, writer.origins, frozenset(writer.labels))


def pair(compare: int) -> tuple[float, float]:
    """Return two numbers that compare as the compare state says."""
    return (math.nan, math.nan) if compare == UNORDERED else (compare, 0)


def state(first: float, second: float) -> int:
    """Return the compare state of two numbers."""
    if first != first:  # noqa: PLR0124 - only what is no number differs from itself
        return UNORDERED
    return (first > second) - (first < second)


def one_byte(value: int) -> bytes:
    """Return a byte; raises `Trapped` where a number is none."""
    if not 0 <= value <= 255:  # noqa: PLR2004 - a byte
        raise Trapped(Trap.BAD_CHARACTER, f"{value} is no byte")
    return bytes((value,))


_NAMES = {
    "leave": Leave,
    "pair": pair,
    "state": state,
    "encoded": encoded,
    "one_byte": one_byte,
    "take": take_in,
}
"""What the lines call, beside the Engine itself."""
