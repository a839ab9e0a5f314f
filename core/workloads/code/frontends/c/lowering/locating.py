"""Where the variables of a function lie, and what leads to elements and members."""

from abc import ABC, abstractmethod

from core.workloads.code.frontends.c import ctypes, nodes, tree
from core.workloads.code.frontends.c.constants import constant
from core.workloads.code.frontends.c.ctypes import BOOL, DOUBLE, ArrayType, CType, PointerType
from core.workloads.code.frontends.c.lowering import places
from core.workloads.code.frontends.c.lowering.places import InMemory, InRegister, InWord, Place
from core.workloads.code.frontends.c.lowering.strings import Strings
from core.workloads.code.frontends.c.symbols import Symbol
from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.instructions import Operand, Register
from core.workloads.code.ir.types import F64, I32, I64, WORD


class Locator(ABC):
    """Knows where the variables of one function are."""

    def __init__(self, build: FunctionBuilder, strings: Strings) -> None:
        self.build = build
        self.strings = strings
        self.registers: dict[Symbol, Register] = {}
        self.slots: dict[Symbol, str] = {}
        self.copies: set[Symbol] = set()
        """Parameters that are structs: their registers hold the address of a copy."""
        self.variadic: Register | None = None

    @abstractmethod
    def value(self, node: nodes.Expression) -> Operand:
        """Write an expression and give its value."""

    def place(self, node: nodes.Expression) -> Place:
        """Write what leads to a place, and give it."""
        if isinstance(node, tree.Name):
            assert node.symbol is not None
            return self.symbol_place(node.symbol)
        if isinstance(node, tree.Unary) and node.op == "*":
            return InMemory(self.value(node.operand))
        if isinstance(node, tree.Index):
            return self._element(node)
        if isinstance(node, tree.Member):
            return self._member(node)
        if isinstance(node, tree.Compound):
            assert node.symbol is not None
            self.begin_local(node.symbol)
            return self.symbol_place(node.symbol)
        return InMemory(self.value(node))

    def _member(self, node: tree.Member) -> Place:
        if node.arrow:
            return InMemory(self.value(node.operand), node.offset)
        outer = self.place(node.operand)
        assert isinstance(outer, InMemory)
        return InMemory(outer.address, outer.offset + node.offset)

    @abstractmethod
    def begin_local(self, symbol: Symbol) -> None:
        """Write what a variable of the function begins as."""

    def symbol_place(self, symbol: Symbol) -> Place:
        """Give the place of a variable."""
        if symbol in self.copies:
            return InMemory(self.registers[symbol])
        if symbol in self.registers:
            return InRegister(self.registers[symbol])
        if symbol in self.slots:
            return InMemory(self.build.compute("slot_bytes", WORD, symbol=self.slots[symbol]))
        if places.takes_a_word(symbol):
            return InWord(symbol.unique)
        return InMemory(self.build.compute("global_bytes", WORD, symbol=symbol.unique))

    def _element(self, node: tree.Index) -> Place:
        base = node.base
        index = constant(node.index)
        size = node.type.size
        outer = (
            self.place(base.operand)
            if isinstance(base, tree.Cast) and isinstance(base.operand.type, ArrayType)
            else None
        )
        if outer is None:
            outer = InMemory(self.value(base))
        assert isinstance(outer, InMemory)
        if isinstance(index, int):
            return InMemory(outer.address, outer.offset + index * size)
        steps = self.value(node.index)
        self.build.here = node.at
        return InMemory(self.moved("+", outer.address, steps, size), outer.offset)

    def moved(self, op: str, pointer: Operand, count: Operand, size: int) -> Operand:
        """Move a pointer by so many elements."""
        steps = count * size if isinstance(count, int) else count
        if size != 1 and not isinstance(count, int):
            steps = self.build.compute("mul", WORD, count, size)
        return self.build.compute("add" if op == "+" else "sub", WORD, pointer, steps)

    # Conversions.

    def convert(self, value: Operand, source: CType, to: CType) -> Operand:
        """Bring a value from one simple type to another."""
        if source is to:
            return value
        if to is BOOL:
            return self.build.compute("fne" if source is DOUBLE else "ne", I32, value, 0)
        if to is DOUBLE:
            return self.build.compute("itf", F64, value)
        if source is DOUBLE:
            return self._from_double(value, to)
        held = to.ir.low <= source.ir.low and source.ir.high <= to.ir.high
        # A pointer is never negative and far below 2^63, so that it is a long as it stands.
        if held or (isinstance(source, PointerType) and to.size == source.size):
            return value
        return to.ir.wrap(value) if isinstance(value, int) else self.build.compute("cast", to.ir, value)

    def _from_double(self, value: Operand, to: CType) -> Operand:
        """Bring a double to an integer, over the wider type that x86-64 takes."""
        if to in (ctypes.INT, ctypes.LONG, ctypes.UNSIGNED_LONG):
            return self.build.compute("fti", to.ir, value)
        wide = self.build.compute("fti", I64 if to is ctypes.UNSIGNED else I32, value)
        return self.build.compute("cast", to.ir, wide)
