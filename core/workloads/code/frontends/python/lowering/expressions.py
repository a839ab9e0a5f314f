"""Expressions: constants, names and arithmetic."""

import ast
import re
from collections.abc import Sequence
from functools import cache

from core.workloads.code.frontends.python.desugaring import NestedFunction
from core.workloads.code.frontends.python.lowering.program import Class, Function
from core.workloads.code.frontends.python.lowering.variables import Variables
from core.workloads.code.frontends.words.frames import Thunk
from core.workloads.code.frontends.words.values import (
    FALSE,
    LIMIT,
    NONE,
    REFERENCE,
    TRUE,
    float_word,
)
from core.workloads.code.ir.instructions import Operand, Register
from core.workloads.code.ir.types import LARGEST_WORD, WORD

ARITHMETIC: dict[type, tuple[str, str]] = {
    ast.Add: ("add", "add_values"),
    ast.Sub: ("sub", "sub_values"),
    ast.Mult: ("", "mul_values"),
    ast.Div: ("", "truediv_values"),
    ast.FloorDiv: ("floordiv", "floordiv_values"),
    ast.Mod: ("floormod", "mod_values"),
    ast.Pow: ("", "pow_values"),
    ast.LShift: ("", "shl_values"),
    ast.RShift: ("", "shr_values"),
    ast.BitAnd: ("and", "and_values"),
    ast.BitOr: ("or", "or_values"),
    ast.BitXor: ("xor", "xor_values"),
}

_ORDER = {ast.Lt: ("lt", 0), ast.LtE: ("le", 1), ast.Gt: ("gt", 2), ast.GtE: ("ge", 3)}

_FEW = 4


@cache
def method_name(node: str) -> str:
    """Name the method that lowers such nodes: `_bin_op` for `BinOp`."""
    return re.sub("(?=[A-Z])", "_", node).lower()


class Expressions(Variables):
    """The part of a function's lowering that computes values."""

    def value(self, node: ast.expr) -> Operand:
        """Write what computes an expression; a register that comes back must be used before anything else collects."""
        self.at(node)
        return getattr(self, method_name(type(node).__name__))(node)  # type: ignore[no-any-return]  # each gives an operand

    def part(self, node: ast.expr) -> tuple[Thunk, bool]:
        """Prepare an expression for `settle`."""
        return (lambda: self.value(node)), self.collects(node)

    def settled(self, nodes: Sequence[ast.expr]) -> list[Operand]:
        """Compute several expressions, one after another."""
        return self.build.settle([self.part(node) for node in nodes])

    def collects(self, node: ast.expr) -> bool:
        """Whether computing an expression may collect garbage."""
        match node:
            case ast.Constant():
                return isinstance(node.value, int) and node.value >= LIMIT
            case ast.Name(id=name):
                return not (self.is_own(name) or self.is_free(name) or name in self.program.main.bound)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
                return False
        return True

    def held(self, nodes: Sequence[ast.expr]) -> list[str]:
        """Compute several expressions and keep each in a slot."""
        return [self.build.keep(self.value(node)) for node in nodes]

    def routine(self, name: str, *args: Operand) -> Register:
        """Call a routine of the library."""
        return self.build.routine(name, *args)

    def _constant(self, node: ast.Constant) -> Operand:
        value = node.value
        match value:
            case None:
                return NONE
            case bool():
                return TRUE if value else FALSE
            case int():
                return self.integer(value, node)
            case float():
                return float_word(value)
            case str():
                return self.text(value)
        self.program.report.error(node, f"{type(value).__name__} constants are not supported here")
        return 0

    def integer(self, value: int, node: ast.AST) -> Operand:
        """Give the word of an integer constant."""
        if abs(value) > LARGEST_WORD:
            message = f"a number of {len(str(abs(value)))} digits does not fit the Engine's word of 50"
            self.program.report.error(node, message, "integers have at most 50 digits here")
            return 0
        if value < LIMIT:
            return value
        return self.routine("box", value)

    def _name(self, node: ast.Name) -> Operand:
        fixed = self.fixed(node.id)
        if isinstance(fixed, Class):
            return self.class_word(fixed.number)
        if isinstance(fixed, Function):
            return self.function_value(fixed)
        if self.is_known(node.id):
            return self.load(node.id, node)
        return self.built_in_value(node)

    def _as_bool(self, node: ast.expr) -> Operand:
        """Decide, and give True or False; `Conditions` has it."""
        raise NotImplementedError

    def is_known(self, name: str) -> bool:
        """Whether the program itself gives a name a value somewhere it can be seen here."""
        return self.is_own(name) or self.is_free(name) or name in self.program.main.bound

    def function_value(self, function: Function) -> Operand:
        """Give the value of a function that needs no closure."""
        function.is_wanted_as_value = True
        return self.function_word(f"{function.name}/value")

    def _nested_function(self, node: NestedFunction) -> Operand:
        return self.closure_of(self.program.functions[node.function])

    def closure_of(self, function: Function) -> Operand:
        """Make the value of a function defined here, with the cells that it shares and its defaults."""
        build = self.build
        function.is_wanted_as_value = True
        if not function.has_closure:
            return self.function_word(f"{function.name}/value")
        kept = {name: build.keep(self.value(function.defaults[name])) for name in function.default_places}
        words = 2 + len(function.scope.free) + len(function.default_places)
        made = self.routine("alloc", 10, words, 0)
        place = build.variable(WORD, "closure", made)
        build.poke(place, build.compute("function", WORD, symbol=f"{function.name}/value"), 1)
        for number, name in enumerate(function.scope.free):
            build.poke(place, self.cell(name), 2 + number)
        for name, slot in kept.items():
            build.poke(place, build.take(slot), function.default_places[name])
        return build.compute("add", WORD, place, REFERENCE)

    def _bin_op(self, node: ast.BinOp) -> Operand:
        left, right = self.settled([node.left, node.right])
        self.at(node)
        return self.arithmetic(type(node.op), left, right)

    def arithmetic(self, op: type, left: Operand, right: Operand, routine: str = "") -> Operand:
        """Compute in place where both are integers of usual size, by the library otherwise."""
        build = self.build
        operation, general = ARITHMETIC[op]
        routine = routine or general
        is_zero = op in (ast.FloorDiv, ast.Mod) and right == 0
        unlikely = any(not isinstance(one, Register) and one >= LIMIT for one in (left, right))
        if not operation or is_zero or unlikely:
            return self.routine(routine, left, right)
        result = build.variable(WORD, "result")
        slow, end = build.label("general"), build.label("computed")
        build.when_integer(left, right, otherwise=slow)
        if op in (ast.FloorDiv, ast.Mod) and isinstance(right, Register):
            further = build.label("divided")
            build.branch("ne", right, 0, further, slow)
            build.block(further)
        build.assign(result, build.compute(operation, WORD, left, right))
        if op not in (ast.Mod, ast.BitAnd) and not (op is ast.FloorDiv and isinstance(right, int) and right > 1):
            build.branch("lt", result, LIMIT, end, slow)
        else:
            build.jump(end)
        build.block(slow)
        build.assign(result, self.routine(routine, left, right))
        build.block(end)
        return result

    def _unary_op(self, node: ast.UnaryOp) -> Operand:
        match node.op, node.operand:
            case ast.Not(), _:
                return self._as_bool(node)
            case ast.USub(), ast.Constant(value=int(number)) if not isinstance(number, bool):
                return self.integer(-number, node)
            case ast.USub(), ast.Constant(value=float(number)):
                return float_word(-number)
        routine = {ast.USub: "negative", ast.UAdd: "positive", ast.Invert: "inverted"}[type(node.op)]
        return self.routine(routine, self.value(node.operand))

    def _register(self, value: Operand) -> Register:
        return value if isinstance(value, Register) else self.build.variable(WORD, "constant", value)

    def built_in_value(self, node: ast.Name) -> Operand:
        """Give the value of a built-in name."""
        raise NotImplementedError
