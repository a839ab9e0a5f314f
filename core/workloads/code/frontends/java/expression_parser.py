"""Expressions: operators by their rank, and what stands between them."""

from core.workloads.code.frontends.java import syntax
from core.workloads.code.frontends.java.primary_parser import PrimaryParser
from core.workloads.code.frontends.java.syntax import Expr
from core.workloads.code.ir.instructions import Position

_RANKS = {
    op: rank
    for rank, ops in enumerate(
        ("||", "&&", "|", "^", "&", "== !=", "< > <= >= instanceof", "<< >> >>>", "+ -", "* / %"), 1
    )
    for op in ops.split()
}
_ASSIGNING = frozenset({"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", ">>>="})
_BEFORE_VALUES = frozenset({"name", "int", "long", "double", "char", "string"})
_VALUE_WORDS = frozenset({"this", "super", "new", "true", "false", "null", "switch", "(", "!", "~"})


class ExpressionParser(PrimaryParser):
    """The part of the parser that reads expressions."""

    def expression(self) -> Expr:
        """Read an expression, an assignment being one."""
        with self.deeper():
            if self._sees_lambda():
                return self._lambda()
            left = self._conditional()
            op, length = self._operator()
            if op not in _ASSIGNING:
                return left
            at = self._take_operator(length)
            return syntax.Assign(at, op, left, self.expression())

    def _conditional(self) -> Expr:
        test = self._binary(1)
        if not self.sees("?"):
            return test
        at = self.take().at
        then = self.expression()
        self.expect(":", " between the two values of ?")
        otherwise = self._lambda() if self._sees_lambda() else self._conditional()
        return syntax.Conditional(at, test, then, otherwise)

    def _binary(self, least: int) -> Expr:
        left = self.unary()
        while True:
            op, length = self._operator()
            rank = _RANKS.get(op, 0)
            if rank < least:
                return left
            at = self._take_operator(length)
            left = self._instance_of(at, left) if op == "instanceof" else self._right_of(at, op, left, rank)

    def _right_of(self, at: Position, op: str, left: Expr, rank: int) -> Expr:
        return syntax.Binary(at, op, left, self._binary(rank + 1))

    def _instance_of(self, at: Position, value: Expr) -> Expr:
        self.accept("final")
        found = syntax.InstanceOf(at, value, self.type())
        if self.token.kind == "name":
            name = self.take()
            found.binding, found.binding_at = name.text, name.at
        return found

    def _operator(self) -> tuple[str, int]:
        """Give the operator that comes next, and of how many tokens; those of > are put together here."""
        token = self.token
        if token.kind not in ("op", "keyword"):
            return "", 0
        if token.text != ">":
            return token.text, 1
        found, length = ">", 1
        while self.ahead(length).text in (">", ">=") and self.ahead(length).column == token.column + length:
            if self.ahead(length).line != token.line:
                break
            found += self.ahead(length).text
            length += 1
            if found.endswith("="):
                break
        return found, length

    def _take_operator(self, length: int) -> Position:
        at = self.take().at
        for _ in range(length - 1):
            self.take()
        return at

    def unary(self) -> Expr:
        """Read an operand with the signs before it."""
        token = self.token
        if self.sees("++", "--"):
            self.take()
            return syntax.Step(token.at, token.text, self.unary(), before=True)
        if self.sees("+", "-", "!", "~"):
            self.take()
            with self.deeper():
                operand = self.unary()
            if token.text == "-" and isinstance(operand, syntax.Literal) and operand.kind in ("int", "long"):
                return self._negative(token.at, operand)
            return syntax.Unary(token.at, token.text, self._checked(operand))
        if self._sees_cast():
            return self._cast()
        return self._checked(self.postfix())

    def _negative(self, at: Position, operand: syntax.Literal) -> Expr:
        assert isinstance(operand.value, int)
        return syntax.Literal(at, operand.kind, -operand.value)

    def _checked(self, operand: Expr) -> Expr:
        """Refuse 2^31 and 2^63, which only a minus in front makes numbers of their types."""
        if (
            isinstance(operand, syntax.Literal)
            and (operand.kind, operand.value)
            in (
                ("int", 1 << 31),
                ("long", 1 << 63),
            )
            and self.ahead(-2).text != "-"
        ):
            hint = "write L behind it to make it a long" if operand.kind == "int" else "it is one beyond the largest"
            self.refuse(operand.at, f"the number {operand.value} is too large for {operand.kind}", hint)
        return operand

    def _sees_cast(self) -> bool:
        if not self.sees("("):
            return False
        behind = self.scan_type(1)
        if not behind or self.ahead(behind).text != ")":
            return False
        if self.ahead(1).kind == "keyword":
            return True
        further = self.ahead(behind + 1)
        return further.kind in _BEFORE_VALUES or (further.kind != "end" and further.text in _VALUE_WORDS)

    def _cast(self) -> Expr:
        at = self.take().at
        type_ = self.type()
        self.expect(")")
        with self.deeper():
            value = self._lambda() if self._sees_lambda() else self.unary()
        return syntax.Cast(at, type_, value)
