"""What stands between parentheses and brackets: tuples, pairs, sections and lists."""

from core.workloads.code.frontends.idris import syntax
from core.workloads.code.frontends.idris.blocks import Blocks
from core.workloads.code.frontends.idris.fixities import resolved
from core.workloads.code.frontends.idris.lexer import Token
from core.workloads.code.frontends.idris.problems import At, misread
from core.workloads.code.frontends.idris.syntax import Application, Argument, Arrow, Expression, Mode, Name

UNSPOKEN = {
    "!": "write a line name <- action instead",
    "~": "",
}
"""Signs before an expression that mean something in Idris, and what to write instead."""


class Brackets(Blocks):
    """Parses bracketed expressions."""

    def _parenthesized(self) -> Expression:
        reader = self.reader
        opening = reader.take()
        token = reader.token
        if reader.accept(")"):
            return syntax.Tuple(opening.at, ())
        if token.kind in ("operator", "=", ".") or token.kind == "`":
            section = self._section(opening)
            if section is not None:
                return section
        if token.kind == "name" and reader.after.kind == ":":
            return self._dependent_type(opening)
        operands, operators = self._first_item()
        if len(operators) == len(operands):
            *before, (at, name) = operators
            left = resolved(operands, before, self.fixities)
            reader.close(opening)
            variable = Name(at, "section")
            applied = Application(at, Name(at, name.strip("`")), (Argument(left), Argument(variable)))
            return syntax.Abstraction(opening.at, variable, None, applied)
        first = resolved(operands, operators, self.fixities) if operators else operands[0]
        if reader.accept("**"):
            found: Expression = syntax.Dependent(opening.at, "", first, self._second())
            reader.close(opening)
            return found
        items = [first]
        while reader.accept(","):
            items.append(self.expression())
        reader.close(opening)
        return first if len(items) == 1 else syntax.Tuple(opening.at, tuple(items))

    def _first_item(self) -> tuple[list[Expression], list[tuple[At, str]]]:
        """Read what stands first between parentheses: an operator may stand before the closing one."""
        reader = self.reader
        start = reader.token
        if start.kind == "{" or (start.kind == "(" and self._is_binder()):
            return [self.expression()], []
        operands, operators = self.chain(equality=True)
        if len(operators) == len(operands) or not reader.sees("->", "=>"):
            return operands, operators
        left = resolved(operands, operators, self.fixities)
        if reader.accept("->"):
            return [Arrow(start.at, "", Mode.EXPLICIT, False, left, self.expression())], []
        reader.take()
        found = self.expression()
        for one in reversed(left.items if isinstance(left, syntax.Tuple) and left.items else (left,)):
            found = Arrow(start.at, "", Mode.AUTO, False, one, found)
        return [found], []

    def _second(self) -> Expression:
        """Read the second part of a dependent pair, which may be a pair again."""
        reader = self.reader
        start = reader.token
        if start.kind == "name" and reader.after.kind == ":":
            return self._dependent_rest(start)
        first = self.expression()
        if reader.accept("**"):
            return syntax.Dependent(start.at, "", first, self._second())
        return first

    def _dependent_type(self, opening: Token) -> Expression:
        found = self._dependent_rest(opening)
        self.reader.close(opening)
        return found

    def _dependent_rest(self, start: Token) -> Expression:
        reader = self.reader
        name = reader.take()
        reader.take()
        type_ = self.expression()
        reader.expect("**", "'**' and the second type of the pair", "a function type needs -> behind the brackets")
        return syntax.Dependent(start.at, name.text, type_, self._second())

    def _section(self, opening: Token) -> Expression | None:
        """Read `(+)` or `(+ 1)`; None where it is something else, as `(-1)`."""
        reader = self.reader
        place = reader.place
        operator = self.operator(equality=True)
        assert operator is not None
        at, name = operator
        name = name.strip("`")
        if reader.accept(")"):
            return Name(at, name)
        if name == "-" or name in UNSPOKEN:
            reader.place = place
            return None
        right = self.operation(equality=True)
        reader.close(opening)
        variable = Name(at, "section")
        applied = Application(at, Name(at, name), (Argument(variable), Argument(right)))
        return syntax.Abstraction(opening.at, variable, None, applied)

    def _listed(self) -> Expression:
        reader = self.reader
        opening = reader.take()
        items: list[Expression] = []
        if reader.accept("]"):
            return syntax.Listed(opening.at, ())
        items.append(self.expression())
        if reader.sees("|"):
            raise misread(reader.token.at, "list comprehensions are not spoken here", "use map and filter")
        while reader.accept(","):
            items.append(self.expression())
        if reader.accept(".."):
            return self._range(opening, items)
        reader.close(opening)
        return syntax.Listed(opening.at, tuple(items))

    def _range(self, opening: Token, items: list[Expression]) -> Expression:
        reader = self.reader
        if len(items) > 1 or reader.sees("]"):
            raise misread(opening.at, "only ranges [from .. to] are spoken here", "use filter, or take")
        last = self.expression()
        reader.close(opening)
        return Application(opening.at, Name(opening.at, "rangeFromTo"), (Argument(items[0]), Argument(last)))

    def chain(self, *, equality: bool) -> tuple[list[Expression], list[tuple[At, str]]]:
        """Read operands and the operators between them; an operator may come last."""
        raise NotImplementedError

    def operator(self, *, equality: bool) -> tuple[At, str] | None:
        """Read an operator, if there is one."""
        raise NotImplementedError
