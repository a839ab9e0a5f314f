"""This file is about the bit unit, which Babbage never drew: words as two's complement of endless length."""

from core.workloads.code.engine.cards import Card
from core.workloads.code.engine.machine import Machine, checked
from core.workloads.code.engine.operations.base import Form, Operation
from core.workloads.code.engine.traps import Trap, Trapped

MOST_PLACES = 166
"""A shift to the left by more overflows whatever is shifted, but for zero."""


def _and(machine: Machine, card: Card) -> None:
    """r ← the bits that s and x both have."""
    machine.settle(card.r, machine.registers[card.s] & machine.operand(card))


def _or(machine: Machine, card: Card) -> None:
    """r ← the bits that s or x has."""
    machine.settle(card.r, machine.registers[card.s] | machine.operand(card))


def _xor(machine: Machine, card: Card) -> None:
    """r ← the bits that one of s and x has."""
    machine.settle(card.r, machine.registers[card.s] ^ machine.operand(card))


def _not(machine: Machine, card: Card) -> None:
    """r ← the bits that x has not: −x − 1."""
    machine.settle(card.r, ~machine.operand(card))


def _shift_left(machine: Machine, card: Card) -> None:
    """r ← s × 2^x, x not negative."""
    value, places = machine.registers[card.s], _places(machine.operand(card))
    machine.registers[card.r] = checked(value << min(places, MOST_PLACES + 1))


def _shift_right(machine: Machine, card: Card) -> None:
    """r ← s ÷ 2^x downwards, x not negative."""
    machine.registers[card.r] = machine.registers[card.s] >> min(_places(machine.operand(card)), MOST_PLACES + 1)


def _places(count: int) -> int:
    if count < 0:
        raise Trapped(Trap.OVERFLOW, f"bits cannot be shifted by {count} places")
    return count


_OVERFLOW = (Trap.OVERFLOW,)

OPERATIONS = (
    Operation(29, "AND", Form.R_S_X, _and, _OVERFLOW, anachronism=True),
    Operation(30, "OR", Form.R_S_X, _or, _OVERFLOW, anachronism=True),
    Operation(31, "XOR", Form.R_S_X, _xor, _OVERFLOW, anachronism=True),
    Operation(32, "NOT", Form.R_X, _not, _OVERFLOW, anachronism=True),
    Operation(33, "SHL", Form.R_S_X, _shift_left, _OVERFLOW, anachronism=True),
    Operation(34, "SHR", Form.R_S_X, _shift_right, _OVERFLOW, anachronism=True),
)
