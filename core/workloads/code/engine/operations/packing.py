"""This file is about the byte unit, an anachronism: eight bytes to a column, the least significant first, as C has it.

A byte address is eight times a column's address plus the place of the byte in it, so that a value of two, four or
eight bytes lies where it would on a little-endian machine. A column counts as two's complement of 64 bits.
"""

from core.workloads.code.engine.cards import Card
from core.workloads.code.engine.machine import Machine
from core.workloads.code.engine.operations.base import Action, Form, Operation
from core.workloads.code.engine.traps import Trap, Trapped
from core.workloads.code.engine.words import FIRST_FREE, STORE_WORDS, wrap_signed

BYTES = 8
"""Bytes in a column."""


def located(address: int, size: int) -> tuple[int, int]:
    """Return the column and the first byte in it of a value of so many bytes; raises `Trapped`."""
    place, byte = divmod(address, BYTES)
    if not FIRST_FREE <= place < STORE_WORDS:
        null = 0 <= place < FIRST_FREE
        raise Trapped(Trap.STORE_BOUNDS, "access through a null pointer" if null else f"there is no byte {address}")
    if byte % size:
        raise Trapped(Trap.STORE_BOUNDS, f"at byte {address} no value of {size} bytes can lie")
    return place, byte


def _get(size: int, *, signed: bool) -> Action:
    bits = 8 * size

    def act(machine: Machine, card: Card) -> None:
        place, byte = located(machine.registers[card.s] + card.value, size)
        value = machine.store[place] >> 8 * byte
        machine.registers[card.r] = wrap_signed(value, bits) if signed else value & ((1 << bits) - 1)

    sign = "two's complement" if signed else "a number that is not negative"
    act.__doc__ = f"r ← the {_count(size)} at byte address s + n, as {sign}."
    return act


def _put(size: int) -> Action:
    mask = (1 << 8 * size) - 1

    def act(machine: Machine, card: Card) -> None:
        place, byte = located(machine.registers[card.s] + card.value, size)
        kept = machine.store[place] & ~(mask << 8 * byte)
        machine.store[place] = wrap_signed(kept | (machine.registers[card.r] & mask) << 8 * byte, 64)

    act.__doc__ = f"Put the lowest {_count(size)} of r at byte address s + n; the other bytes of the column stay."
    return act


def _count(size: int) -> str:
    return "byte" if size == 1 else f"{size} bytes"


def _load_byte_address(machine: Machine, card: Card) -> None:
    """r ← the byte address of m: eight times the column's."""
    machine.registers[card.r] = machine.address(card) * BYTES


_BOUNDS = (Trap.STORE_BOUNDS,)

OPERATIONS = (
    *(
        Operation(85 + place, f"GB{size}", Form.R_S_N, _get(size, signed=True), _BOUNDS, anachronism=True)
        for place, size in enumerate((1, 2, 4, 8))
    ),
    *(
        Operation(89 + place, f"GU{size}", Form.R_S_N, _get(size, signed=False), _BOUNDS, anachronism=True)
        for place, size in enumerate((1, 2, 4, 8))
    ),
    *(
        Operation(93 + place, f"PB{size}", Form.R_S_N, _put(size), _BOUNDS, anachronism=True)
        for place, size in enumerate((1, 2, 4, 8))
    ),
    Operation(97, "LEB", Form.R_M, _load_byte_address, _BOUNDS, anachronism=True),
)
