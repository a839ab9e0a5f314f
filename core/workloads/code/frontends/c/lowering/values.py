"""Expressions as instructions: their values, their places, and the jumps that conditions become."""

from collections.abc import Callable
from typing import Any, ClassVar

from core.workloads.code.frontends.c import ctypes, nodes, tree
from core.workloads.code.frontends.c.constants import (
    COMPARISONS,
    FLOAT_OPERATIONS,
    INTEGER_OPERATIONS,
    shifting_type,
)
from core.workloads.code.frontends.c.ctypes import (
    BOOL,
    DOUBLE,
    VOID,
    ArrayType,
    CType,
    FunctionType,
    PointerType,
    RecordType,
)
from core.workloads.code.frontends.c.lowering import calls, copying, places
from core.workloads.code.frontends.c.lowering.locating import Locator
from core.workloads.code.frontends.c.lowering.places import InMemory, InRegister, Place
from core.workloads.code.ir.instructions import Operand
from core.workloads.code.ir.types import F64, I32, I64, WORD, Type, float_image

ONE = float_image(1.0)


class ValueLowerer(Locator):
    """Writes the expressions of one function. Arrays and structs are given as the byte address of where they lie."""

    # Values.

    def value(self, node: nodes.Expression) -> Operand:
        """Write an expression and give its value."""
        return self._VALUES[type(node)](self, node)

    def discard(self, node: nodes.Expression) -> None:
        """Write an expression for what it does, not for its value."""
        if isinstance(node, tree.Binary) and node.op == ",":
            self.discard(node.left)
            self.discard(node.right)
        elif isinstance(node, tree.Cast) and node.type is VOID:
            self.discard(node.operand)
        elif isinstance(node, tree.Unary) and node.op[0] == "p":
            self._step(node)
        elif isinstance(node, tree.Call):
            calls.lower_call(self, node, used=False)
        else:
            self.value(node)

    def _number(self, node: tree.Number) -> Operand:
        return float_image(node.value) if isinstance(node.value, float) else node.value

    def _sizeof(self, node: tree.SizeOf) -> Operand:
        return node.value

    def _text(self, node: tree.Text) -> Operand:
        return self.build.compute("global_bytes", WORD, symbol=self.strings.name(node.data))

    def _name(self, node: tree.Name) -> Operand:
        symbol = node.symbol
        assert symbol is not None
        if symbol.storage == "constant":
            return symbol.value
        if isinstance(symbol.type, FunctionType):
            return self.build.compute("function", WORD, symbol=symbol.unique)
        if symbol.name == "__func__" and symbol.storage == "library":
            return self._text(tree.Text(node.at, self.build.function.name.encode()))
        return self._at(self.place(node), node.type)

    def _at(self, place: Place, type_: CType) -> Operand:
        if isinstance(type_, ArrayType | RecordType):
            return places.address(self.build, place)
        return places.read(self.build, place, type_)

    def _placed(self, node: nodes.Expression) -> Operand:
        place = self.place(node)
        self.build.here = node.at
        return self._at(place, node.type)

    def _cast(self, node: tree.Cast) -> Operand:
        source = node.operand.type
        if node.type is VOID:
            self.discard(node.operand)
            return 0
        value = self.value(node.operand)
        if isinstance(source, ArrayType | FunctionType | RecordType):
            return value
        self.build.here = node.at
        return self.convert(value, source, node.type)

    # Operators.

    def _unary(self, node: tree.Unary) -> Operand:
        op = node.op
        if op == "&":
            return self._address(node.operand)
        if op == "*":
            return self.value(node.operand) if isinstance(node.type, FunctionType) else self._placed(node)
        if op in ("++", "--", "p++", "p--"):
            return self._step(node)
        return self._truth(node) if op == "!" else self._signed(node)

    def _signed(self, node: tree.Unary) -> Operand:
        operand = self.value(node.operand)
        self.build.here = node.at
        if node.op == "+":
            return operand
        if node.type is DOUBLE:
            return self.build.compute("fneg", F64, operand)
        return self.build.compute("neg" if node.op == "-" else "not", node.type.ir, operand)

    def _address(self, node: nodes.Expression) -> Operand:
        if isinstance(node.type, FunctionType):
            return self.value(node)
        return places.address(self.build, self.place(node))

    def _step(self, node: tree.Unary) -> Operand:
        """`++` and `--`, before or after."""
        place, type_ = self.place(node.operand), node.type
        build = self.build
        build.here = node.at
        before = places.read(build, place, type_)
        after_wanted = node.op[0] != "p"
        if not after_wanted and isinstance(place, InRegister):
            before = build.compute("copy", place.register.type, before)
        op = "add" if node.op[-1] == "+" else "sub"
        if type_ is DOUBLE:
            after: Operand = build.compute("f" + op, F64, before, ONE)
        elif isinstance(type_, PointerType):
            after = build.compute(op, WORD, before, type_.target.size)
        elif type_ is BOOL:
            after = 1 if op == "add" else build.compute("xor", I32, before, 1)
        else:
            computed = ctypes.promoted(type_)
            after = self.convert(build.compute(op, computed.ir, before, 1), computed, type_)
        places.write(build, place, type_, after)
        return after if after_wanted else before

    def _binary(self, node: tree.Binary) -> Operand:
        op = node.op
        if op == ",":
            self.discard(node.left)
            return self.value(node.right)
        if op in ("&&", "||"):
            return self._truth(node)
        left, right = self.value(node.left), self.value(node.right)
        self.build.here = node.at
        if op in COMPARISONS:
            floating = "f" if node.left.type is DOUBLE else ""
            return self.build.compute(floating + COMPARISONS[op], I32, left, right)
        if isinstance(node.left.type, PointerType):
            return self._pointer_arithmetic(node, left, right)
        return self.arithmetic(op, node.type, left, right)

    def arithmetic(self, op: str, type_: CType, left: Operand, right: Operand) -> Operand:
        """Calculate in a type that both operands have."""
        if type_ is DOUBLE:
            return self.build.compute(FLOAT_OPERATIONS[op], F64, left, right)
        operation = INTEGER_OPERATIONS[op]
        return self.build.compute(operation, shifting_type(type_.ir) if operation == "shl" else type_.ir, left, right)

    def _pointer_arithmetic(self, node: tree.Binary, left: Operand, right: Operand) -> Operand:
        pointer = node.left.type
        assert isinstance(pointer, PointerType)
        size = pointer.target.size
        if isinstance(node.right.type, PointerType):
            difference = self.build.compute("sub", I64, left, right)
            return difference if size == 1 else self.build.compute("div", I64, difference, size)
        return self.moved(node.op, left, right, size)

    def _assign(self, node: tree.Assign) -> Operand:
        type_ = node.type
        if isinstance(type_, RecordType):
            source = self.value(node.value)
            place = self.place(node.target)
            assert isinstance(place, InMemory)
            copying.copy(self, place, InMemory(source), type_)
            return places.address(self.build, place)
        if not node.op:
            value = self.value(node.value)
            place = self.place(node.target)
            self.build.here = node.at
            places.write(self.build, place, type_, value)
            return value
        return self._compound(node, type_)

    def _compound(self, node: tree.Assign, type_: CType) -> Operand:
        build = self.build
        value = self.value(node.value)
        place = self.place(node.target)
        build.here = node.at
        before = places.read(build, place, type_)
        if isinstance(type_, PointerType):
            after = self.moved(node.op, before, value, type_.target.size)
        else:
            computed = ctypes.promoted(type_) if node.op in ("<<", ">>") else node.value.type
            after = self.arithmetic(node.op, computed, self.convert(before, type_, computed), value)
            after = self.convert(after, computed, type_)
        places.write(build, place, type_, after)
        return after

    def _conditional(self, node: tree.Conditional) -> Operand:
        build = self.build
        then, otherwise, end = build.label("then"), build.label("else"), build.label("end")
        result = None if node.type is VOID else build.variable(_register_type(node.type), "")
        self.branch(node.test, then, otherwise)
        for label, part in ((then, node.then), (otherwise, node.otherwise)):
            build.block(label)
            if result is None:
                self.discard(part)
            else:
                build.assign(result, self.value(part))
            build.jump(end)
        build.block(end)
        return 0 if result is None else result

    # Conditions.

    def _truth(self, node: nodes.Expression) -> Operand:
        """Write the value 0 or 1 of a condition."""
        if isinstance(node, tree.Unary) and not _jumps(node.operand):
            operand = self.value(node.operand)
            return self.build.compute("feq" if node.operand.type is DOUBLE else "eq", I32, operand, 0)
        build = self.build
        true, false, end = build.label("true"), build.label("false"), build.label("end")
        result = build.variable(I32, "")
        self.branch(node, true, false)
        build.block(true)
        build.assign(result, 1)
        build.jump(end)
        build.block(false)
        build.assign(result, 0)
        build.block(end)
        return result

    def branch(self, node: nodes.Expression, true: str, false: str) -> None:
        """Go on where a condition says."""
        build = self.build
        if isinstance(node, tree.Unary) and node.op == "!":
            self.branch(node.operand, false, true)
        elif isinstance(node, tree.Binary) and node.op in ("&&", "||"):
            middle = build.label("and" if node.op == "&&" else "or")
            self.branch(node.left, *((middle, false) if node.op == "&&" else (true, middle)))
            build.block(middle)
            self.branch(node.right, true, false)
        elif isinstance(node, tree.Binary) and node.op in COMPARISONS:
            left, right = self.value(node.left), self.value(node.right)
            build.here = node.at
            floating = "f" if node.left.type is DOUBLE else ""
            build.branch(floating + COMPARISONS[node.op], left, right, true, false)
        else:
            value = self.value(node)
            if isinstance(value, int) and node.type is not DOUBLE:
                build.jump(true if value else false)
            else:
                build.branch("fne" if node.type is DOUBLE else "ne", value, 0, true, false)

    def _call(self, node: tree.Call) -> Operand:
        return calls.lower_call(self, node, used=True)

    _VALUES: ClassVar[dict[type[nodes.Expression], Callable[["ValueLowerer", Any], Operand]]] = {
        tree.Number: _number,
        tree.SizeOf: _sizeof,
        tree.Text: _text,
        tree.Name: _name,
        tree.Cast: _cast,
        tree.Unary: _unary,
        tree.Binary: _binary,
        tree.Assign: _assign,
        tree.Conditional: _conditional,
        tree.Call: _call,
        tree.Index: _placed,
        tree.Member: _placed,
        tree.Compound: _placed,
    }


def _register_type(type_: CType) -> Type:
    return WORD if isinstance(type_, RecordType) else type_.ir


def _jumps(node: nodes.Expression) -> bool:
    """Whether a condition is best written as jumps."""
    return isinstance(node, tree.Binary) and (node.op in ("&&", "||") or node.op in COMPARISONS)
