"""This file is about the operations that move words between the Store and the Mill."""

from core.workloads.code.engine.cards import Card
from core.workloads.code.engine.machine import Machine
from core.workloads.code.engine.operations.base import Form, Operation


def _load(machine: Machine, card: Card) -> None:
    """r ← x."""
    machine.registers[card.r] = machine.operand(card)


def _store(machine: Machine, card: Card) -> None:
    """m ← r."""
    machine.store[machine.address(card)] = machine.registers[card.r]


def _load_and_zero(machine: Machine, card: Card) -> None:
    """r ← m, and m ← 0: the column is given off, as a variable card of the first sort has it."""
    address = machine.address(card)
    machine.registers[card.r] = machine.store[address]
    machine.store[address] = 0


def _load_address(machine: Machine, card: Card) -> None:
    """r ← the address of m."""
    machine.registers[card.r] = machine.address(card)


def _clear(machine: Machine, card: Card) -> None:
    """m ← 0."""
    machine.store[machine.address(card)] = 0


def _load_upper(machine: Machine, card: Card) -> None:
    """r ← A′."""
    machine.registers[card.r] = machine.upper


def _set_upper(machine: Machine, card: Card) -> None:
    """A′ ← x."""
    machine.upper = machine.operand(card)


OPERATIONS = (
    Operation(5, "LD", Form.R_X, _load),
    Operation(6, "ST", Form.R_M, _store),
    Operation(7, "LDZ", Form.R_M, _load_and_zero),
    Operation(8, "LEA", Form.R_M, _load_address, anachronism=True),
    Operation(9, "CLR", Form.M, _clear),
    Operation(10, "LDU", Form.R, _load_upper),
    Operation(11, "STU", Form.X, _set_upper),
)
