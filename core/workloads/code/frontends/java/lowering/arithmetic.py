"""Numbers: signs between them, and one type made another."""

from core.workloads.code.frontends.java import core, types
from core.workloads.code.frontends.java.lowering.variables import Variables
from core.workloads.code.frontends.java.representation import box_base, machine
from core.workloads.code.frontends.java.types import Type
from core.workloads.code.ir.instructions import Operand, Position
from core.workloads.code.ir.types import F64, S32, S64, U32, U64, WORD

_EXACT = {"+": "add", "-": "sub", "*": "mul", "&": "and", "|": "or", "^": "xor"}
_FLOATING = {"+": "fadd", "-": "fsub", "*": "fmul", "/": "fdiv", "%": "frem"}
COMPARING = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_UNSIGNED = {S32: U32, S64: U64}


class Arithmetic(Variables):
    """The part of a method's lowering that computes."""

    def fault(self, name: str, at: Position, *args: Operand) -> None:
        """Raise what the machine raises by itself: a method of the library does it."""
        (method,) = self.program.world.named("$Faults").of.methods[name]
        self.build.call(self.program.code_name(method), [*args, self.program.site(self.method, at)], WORD)

    def computed(self, node: core.Binary, left: Operand, right: Operand) -> Operand:
        """Compute an operator between values."""
        build, op = self.build, node.op
        if op in COMPARING:
            prefix = "f" if node.operands == types.DOUBLE else ""
            return build.compute(prefix + COMPARING[op], S32, left, right)
        type_ = machine(node.operands)
        if type_ is F64:
            return build.compute(_FLOATING[op], F64, left, right)
        if op in ("<<", ">>", ">>>"):
            return self._shifted(op, left, right, node.operands)
        if op in ("/", "%"):
            if not isinstance(right, int) or right == 0:
                build.unless("eq", right, 0, lambda: self.fault("divideByZero", node.at))
            return build.compute("div" if op == "/" else "rem", type_, left, right)
        return build.compute(_EXACT[op], type_, left, right)

    def _shifted(self, op: str, value: Operand, amount: Operand, type_: Type) -> Operand:
        build, machine_type = self.build, machine(type_)
        mask = machine_type.bits - 1
        amount = amount & mask if isinstance(amount, int) else build.compute("and", WORD, amount, mask)
        if op == "<<":
            return build.compute("cast", machine_type, build.compute("shl", WORD, value, amount))
        if op == ">>":
            return build.compute("shr", machine_type, value, amount)
        unsigned = build.compute("cast", _UNSIGNED[machine_type], value)
        shifted = build.compute("shr", _UNSIGNED[machine_type], unsigned, amount)
        return build.compute("cast", machine_type, shifted)

    def negated(self, node: core.Unary, value: Operand) -> Operand:
        """Compute `-` or `~`."""
        if node.op == "-" and node.type == types.DOUBLE:
            return self.build.compute("fneg", F64, value)
        return self.build.compute("neg" if node.op == "-" else "not", machine(node.type), value)

    def as_number(self, value: Operand, given: Type, wanted: Type) -> Operand:
        """Make a number one of another type."""
        build = self.build
        if given == wanted:
            return value
        if wanted == types.DOUBLE:
            return build.compute("itf", F64, value)
        if given == types.DOUBLE:
            wide = S64 if wanted == types.LONG else S32
            found = build.routine("double_to_integer", value, wide.high)
            return found if wanted in (types.LONG, types.INT) else build.compute("cast", machine(wanted), found)
        return build.compute("cast", machine(wanted), value)

    def boxed(self, value: Operand, given: Type) -> Operand:
        """Make a box of a value."""
        base = box_base(given)
        return value + base if isinstance(value, int) else self.build.compute("add", WORD, value, base)

    def unboxed(self, value: Operand, wanted: Type, at: Position) -> Operand:
        """Take the value out of a box."""
        self.present(value, at)
        found = self.build.compute("sub", WORD, value, box_base(wanted))
        typed = self.build.function.register(machine(wanted))
        self.build.assign(typed, found)
        return typed

    def present(self, value: Operand, at: Position) -> None:
        """Raise an exception where there is no object."""
        if isinstance(value, int) and value:
            return
        self.build.unless("eq", value, 0, lambda: self.fault("nullPointer", at))
