"""Where values lie: in a register, in a word of the store of their own, or at a byte address."""

from dataclasses import dataclass

from core.workloads.code.frontends.c import ctypes
from core.workloads.code.frontends.c.ctypes import CType
from core.workloads.code.frontends.c.symbols import Symbol
from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.instructions import Operand, Register
from core.workloads.code.ir.types import WORD


@dataclass(frozen=True, slots=True)
class InRegister:
    """A local variable whose address nobody takes."""

    register: Register


@dataclass(frozen=True, slots=True)
class InWord:
    """A global variable of a simple type whose address nobody takes: a whole word."""

    name: str


@dataclass(frozen=True, slots=True)
class InMemory:
    """A byte address and an offset to it."""

    address: Operand
    offset: int = 0


Place = InRegister | InWord | InMemory


def takes_a_word(symbol: Symbol) -> bool:
    """Whether a stored variable may have a word to itself."""
    return symbol.in_store and ctypes.is_scalar(symbol.type) and not symbol.addressed


def read(build: FunctionBuilder, place: Place, type_: CType) -> Operand:
    """Give the value that lies there.

    A variable in a register is given as that register. C leaves undefined what a program means that changes a variable
    in the same expression without a sequence point between, so that no copy is needed.
    """
    if isinstance(place, InRegister):
        return place.register
    if isinstance(place, InWord):
        return build.compute("peek", type_.ir, build.compute("global", WORD, symbol=place.name))
    return build.compute("load", type_.ir, place.address, offset=place.offset)


def write(build: FunctionBuilder, place: Place, type_: CType, value: Operand) -> None:
    """Put a value there."""
    if isinstance(place, InRegister):
        build.assign(place.register, value)
    elif isinstance(place, InWord):
        build.poke(build.compute("global", WORD, symbol=place.name), value)
    else:
        build.store(type_.ir, place.address, value, place.offset)


def address(build: FunctionBuilder, place: Place) -> Operand:
    """Give the byte address of what lies in memory."""
    assert isinstance(place, InMemory)
    if not place.offset:
        return place.address
    if isinstance(place.address, int):
        return place.address + place.offset
    return build.compute("add", WORD, place.address, place.offset)
