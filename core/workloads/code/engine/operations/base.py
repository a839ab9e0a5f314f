"""This file is about what an operation is: a code, a name, a form, a meaning, its traps and its time."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from core.workloads.code.engine.cards import Card
from core.workloads.code.engine.machine import Machine
from core.workloads.code.engine.timing import CARD, PRODUCT
from core.workloads.code.engine.traps import Trap

Action = Callable[[Machine, Card], None]
"""Changes the Engine as one card says; raises `Trapped` before it has changed anything.

The Engine has already moved on to the following card, so that only a jump touches `machine.card`.
"""
SECOND = CARD.seconds
MINUTE = PRODUCT.seconds


class Form(StrEnum):
    """Which fields of its card an operation uses, in the order in which assembly writes them.

    r and s are registers. x is any operand: register, number, or column. m is a column. n is a small number; of a
    jump, the number of a card.
    """

    NOTHING = ""
    R = "r"
    X = "x"
    M = "m"
    N = "n"
    R_X = "r x"
    R_M = "r m"
    R_N = "r n"
    R_S_X = "r s x"
    R_S_N = "r s n"


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the instruction table; what it does is its action's docstring."""

    code: int
    name: str
    form: Form
    act: Action
    traps: tuple[Trap, ...] = ()
    seconds: int = SECOND
    anachronism: bool = False
    jumps: bool = False
    """Whether n, or a number as x, is the number of a card."""

    @property
    def meaning(self) -> str:
        """What the operation does, in a sentence or two."""
        return " ".join((self.act.__doc__ or "").split())
