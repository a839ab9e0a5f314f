"""Structs and arrays as wholes: copied, and cleared."""

from typing import Protocol

from core.workloads.code.frontends.c.ctypes import CType
from core.workloads.code.frontends.c.lowering import places
from core.workloads.code.frontends.c.lowering.places import InMemory
from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.types import I8, I16, I32, I64, WORD

_UNITS = {8: I64, 4: I32, 2: I16, 1: I8}
MOST_UNITS = 12
"""A larger thing is copied by a call."""


class Writer(Protocol):
    """What is needed of the lowering here."""

    build: FunctionBuilder


def copy(writer: Writer, to: InMemory, source: InMemory, type_: CType) -> None:
    """Copy a struct."""
    build = writer.build
    unit = min(8, type_.align)
    count = type_.size // unit
    if count > MOST_UNITS:
        args = (places.address(build, to), places.address(build, source), type_.size)
        build.call("lib.memcpy", args, WORD)
        return
    for place in range(0, type_.size, unit):
        value = build.compute("load", _UNITS[unit], source.address, offset=source.offset + place)
        build.store(_UNITS[unit], to.address, value, to.offset + place)


def clear(writer: Writer, slot: str, words: int) -> None:
    """Clear a variable in the stack frame."""
    build = writer.build
    if words > MOST_UNITS:
        build.call("lib.memset", (build.compute("slot_bytes", WORD, symbol=slot), 0, words * 8), WORD)
        return
    base = build.compute("slot", WORD, symbol=slot)
    for place in range(words):
        build.poke(base, 0, place)


def fill(writer: Writer, to: InMemory, data: bytes) -> None:
    """Write the bytes of a string, eight at a time where they lie so."""
    build = writer.build
    at = 0
    while at < len(data):
        unit = 8 if (to.offset + at) % 8 == 0 and at + 8 <= len(data) else 1
        value = int.from_bytes(data[at : at + unit], "little", signed=True)
        build.store(_UNITS[unit], to.address, value, to.offset + at)
        at += unit
