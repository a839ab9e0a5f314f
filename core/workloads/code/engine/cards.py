"""This file is about cards and chains of them: what the Engine reads, and where in the source each came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from core.workloads.code.engine.words import FIRST_FREE

REGISTERS = ("A", "B", "C", "D")
SMALL = 10**6
"""The first magnitude that does not fit an operation card's six operand columns."""


class Mode(IntEnum):
    """How a card gives its operand `x`; `n` is the card's `value`."""

    NONE = 0
    """There is none."""
    REGISTER = 1
    """Register n: 0 to 3 for A to D."""
    SMALL = 2
    """The number n itself, of at most six digits; of a jump, the number of a card."""
    NUMBER = 3
    """The number n itself, on a number card that hangs at the card; more than six digits."""
    STORE = 4
    """Column V[n]."""
    FRAME = 5
    """Column V[F + n], n not negative."""
    AT_A = 6
    """Column V[A + n]."""
    AT_B = 7
    """Column V[B + n]."""
    AT_C = 8
    """Column V[C + n]."""
    AT_D = 9
    """Column V[D + n]."""


MEMORY = frozenset({Mode.STORE, Mode.FRAME, Mode.AT_A, Mode.AT_B, Mode.AT_C, Mode.AT_D})
IMMEDIATE = frozenset({Mode.SMALL, Mode.NUMBER})


@dataclass(frozen=True, slots=True)
class Operand:
    """What stands for `x` on a card: a mode and its number."""

    mode: Mode
    value: int


def register(number: int) -> Operand:
    """Take a register, 0 to 3 for A to D."""
    return Operand(Mode.REGISTER, number)


def number(value: int) -> Operand:
    """Take a number, on the card itself if it is small enough."""
    return Operand(Mode.SMALL if -SMALL < value < SMALL else Mode.NUMBER, value)


def column(address: int) -> Operand:
    """Take a column of the Store."""
    return Operand(Mode.STORE, address)


def framed(offset: int) -> Operand:
    """Take the column so many beyond the frame index F."""
    return Operand(Mode.FRAME, offset)


def indexed(by: int, offset: int = 0) -> Operand:
    """Take the column whose address is a register's content plus an offset."""
    return Operand(Mode(Mode.AT_A + by), offset)


@dataclass(frozen=True, slots=True)
class Card:
    """One card: operation, up to two registers, one operand, and the place in the source it came from.

    Fields that the operation's form does not name are zero.
    """

    op: str
    r: int = 0
    s: int = 0
    mode: Mode = Mode.NONE
    value: int = 0
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Program:
    """A chain of cards ready to be hung into the Engine, which starts at card 0."""

    cards: tuple[Card, ...]
    words: Mapping[int, int] = field(default_factory=dict)
    """Columns of the Store that do not start as zero."""
    floor: int = FIRST_FREE
    """Lowest column that the stack may take at the start; moved by FLR."""
    labels: Mapping[str, int] = field(default_factory=dict)
    """Card numbers by name, for listings and debuggers."""
    columns: Mapping[str, int] = field(default_factory=dict)
    """Columns of the Store by name, for the same."""
    messages: Mapping[int, str] = field(default_factory=dict)
    """What `TRP n` says, by n."""
