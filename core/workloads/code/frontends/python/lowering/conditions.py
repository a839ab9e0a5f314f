"""Truth and comparisons."""

import ast

from core.workloads.code.frontends.python.lowering.expressions import Expressions
from core.workloads.code.frontends.words.values import (
    FALSE,
    LIMIT,
    TRUE,
)
from core.workloads.code.ir.instructions import Operand, Register
from core.workloads.code.ir.types import WORD

_ORDER = {ast.Lt: ("lt", 0), ast.LtE: ("le", 1), ast.Gt: ("gt", 2), ast.GtE: ("ge", 3)}


class Conditions(Expressions):
    """The part of a function's lowering that decides."""

    def _as_bool(self, node: ast.expr) -> Operand:
        build = self.build
        result = build.variable(WORD, "truth")
        then, otherwise, end = build.label("true"), build.label("false"), build.label("decided")
        self.condition(node, then, otherwise)
        build.block(then)
        build.assign(result, TRUE)
        build.jump(end)
        build.block(otherwise)
        build.assign(result, FALSE)
        build.block(end)
        return result

    def condition(self, node: ast.expr, then: str, otherwise: str) -> None:
        """Go on in one of two blocks as an expression is true or false."""
        build = self.build
        match node:
            case ast.Constant():
                build.jump(then if node.value else otherwise)
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                self.condition(inner, otherwise, then)
            case ast.BoolOp(op=op, values=values):
                for one in values[:-1]:
                    further = build.label("further")
                    if isinstance(op, ast.And):
                        self.condition(one, further, otherwise)
                    else:
                        self.condition(one, then, further)
                    build.block(further)
                self.condition(values[-1], then, otherwise)
            case ast.Compare(ops=[op], left=left, comparators=[right]):
                a, b = self.settled([left, right])
                self.at(node)
                self.compare(op, a, b, then, otherwise)
            case ast.Compare():
                self._chain(node, then, otherwise)
            case _:
                self.test(self.value(node), then, otherwise)

    def test(self, value: Operand, then: str, otherwise: str) -> None:
        """Go on as a value is true or false."""
        build = self.build
        if not isinstance(value, Register):
            build.branch("ne", self.routine("truth", value), 0, then, otherwise)
            return
        general, fast = build.label("general"), build.label("number")
        build.branch("lt", value, LIMIT, fast, general)
        build.block(fast)
        build.branch("ne", value, 0, then, otherwise)
        build.block(general)
        build.branch("ne", self.routine("truth", value), 0, then, otherwise)

    def _chain(self, node: ast.Compare, then: str, otherwise: str) -> None:
        """Compute each operand of `a < b < c` once, and no more of them than needed."""
        build = self.build
        left = build.keep(self.value(node.left))
        for number, (op, operand) in enumerate(zip(node.ops, node.comparators, strict=True)):
            right = build.keep(self.value(operand))
            a = build.take(left)
            b = build.read(right)
            is_last = number == len(node.ops) - 1
            further = then if is_last else build.label("further")
            if is_last:
                build.drop(right)
            self.compare(op, a, b, further, otherwise)
            if not is_last:
                build.block(further)
            left = right

    def compare(self, op: ast.cmpop, a: Operand, b: Operand, then: str, otherwise: str) -> None:
        """Compare two values."""
        build = self.build
        match op:
            case ast.Is() | ast.IsNot():
                build.branch("eq" if isinstance(op, ast.Is) else "ne", self._register(a), b, then, otherwise)
            case ast.In() | ast.NotIn():
                found = self.routine("contains", a, b)
                build.branch("ne" if isinstance(op, ast.In) else "eq", found, 0, then, otherwise)
            case ast.Eq() | ast.NotEq():
                if isinstance(op, ast.NotEq):
                    then, otherwise = otherwise, then
                slow = build.label("general")
                if any(isinstance(one, int) and one >= LIMIT for one in (a, b)):
                    self._compare_with_constant(a, b, then, slow)
                else:
                    build.when_integer(a, b, otherwise=slow)
                    build.branch("eq", self._register(a), b, then, otherwise)
                build.block(slow)
                build.branch("ne", self.routine("equal", a, b), 0, then, otherwise)
            case _:
                comparison, number = _ORDER[type(op)]
                slow = build.label("general")
                build.when_integer(a, b, otherwise=slow)
                build.branch(comparison, self._register(a), b, then, otherwise)
                build.block(slow)
                build.branch("ne", self.routine("ordered", a, b, number), 0, then, otherwise)

    def _compare_with_constant(self, a: Operand, b: Operand, then: str, slow: str) -> None:
        """Know the same word for the same value, but for floats that are no numbers."""
        build = self.build
        constant = a if isinstance(a, int) else b
        if isinstance(constant, int) and 2 * LIMIT <= constant < 3 * LIMIT:
            build.jump(slow)
        else:
            build.branch("eq", self._register(a), b, then, slow)

    def _compare(self, node: ast.Compare) -> Operand:
        return self._as_bool(node)

    def _bool_op(self, node: ast.BoolOp) -> Operand:
        build = self.build
        end = build.label("decided")
        slot = build.keep(0)
        for number, one in enumerate(node.values):
            value = self.value(one)
            build.write(slot, value)
            if number < len(node.values) - 1:
                further = build.label("further")
                if isinstance(node.op, ast.And):
                    self.test(self._register(value), further, end)
                else:
                    self.test(self._register(value), end, further)
                build.block(further)
        build.block(end)
        return build.take(slot)

    def _if_exp(self, node: ast.IfExp) -> Operand:
        build = self.build
        result = build.variable(WORD, "either")
        then, otherwise, end = build.label("then"), build.label("else"), build.label("either")
        self.condition(node.test, then, otherwise)
        build.block(then)
        with self.branch():
            build.assign(result, self.value(node.body))
        build.jump(end)
        build.block(otherwise)
        with self.branch():
            build.assign(result, self.value(node.orelse))
        build.block(end)
        return result
