"""This file is about traps: why the Engine rings its bell and stops where nobody asked it to."""

from dataclasses import dataclass
from enum import StrEnum


class Trap(StrEnum):
    """What stopped the Engine."""

    OVERFLOW = "overflow"
    """A result does not fit the word, or the bits that were asked for."""
    DIV_ZERO = "div_zero"
    """A division by zero."""
    STORE_BOUNDS = "store_bounds"
    """A column outside the Store."""
    STACK = "stack"
    """The stack met the floor, or would leave the Store."""
    HEAP = "heap"
    """The heap is exhausted."""
    BAD_CARD = "bad_card"
    """A card that cannot be read."""
    BAD_JUMP = "bad_jump"
    """A jump, call or return to a card that is not there."""
    CHAIN_END = "chain_end"
    """The chain of cards ran out."""
    INPUT_EXHAUSTED = "input_exhausted"
    """Nothing is left to read."""
    BAD_INPUT = "bad_input"
    """What is to be read is no number."""
    BAD_CHARACTER = "bad_character"
    """A number that stands for no character, or for no byte."""
    BAD_FLOAT = "bad_float"
    """A word that is no floating-point image, or one without a whole number."""
    RAISED = "raised"
    """The program stopped itself by a TRP card."""
    STEP_LIMIT = "step_limit"
    """As many cards as allowed were executed."""
    TIME_LIMIT = "time_limit"
    """The emulation took as long as allowed."""
    OUTPUT_LIMIT = "output_limit"
    """As much as allowed was printed."""


class Trapped(Exception):
    """The Engine stopped at a card, which changed nothing."""

    def __init__(self, trap: Trap, message: str) -> None:
        super().__init__(message)
        self.trap = trap
        self.message = message


def chain_end(cards: int) -> Trapped:
    """Say that the cards ran out."""
    return Trapped(Trap.CHAIN_END, f"the chain ends with card {cards - 1}; the last card of a program is HLT")


@dataclass(frozen=True, slots=True)
class TrapReport:
    """A trap as it is told: the card, where it came from, and what the Engine held before it."""

    trap: Trap
    message: str
    card: int
    line: int
    column: int
    registers: dict[str, int]
    recent: tuple[int, ...]
    """Numbers of the last 16 cards that were executed, oldest first."""
