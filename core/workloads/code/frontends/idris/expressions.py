"""From tokens to expressions, types and patterns, which look alike."""

from core.workloads.code.frontends.idris import syntax
from core.workloads.code.frontends.idris.brackets import UNSPOKEN, Brackets
from core.workloads.code.frontends.idris.fixities import resolved
from core.workloads.code.frontends.idris.lexer import Token
from core.workloads.code.frontends.idris.problems import At, misread
from core.workloads.code.frontends.idris.syntax import Application, Argument, Arrow, Expression, Mode, Name

_LARGE = frozenset({"\\", "let", "if", "case", "do", "rewrite"})

_ATOMS = frozenset({"name", "hole", "_", "integer", "char", "string", "(", "["})


_ADVICE = {
    "=": "a definition begins with the name that it defines",
    "->": "in Idris the sign behind a pattern is =>",
    "!": "write not x for the contrary of a truth value",
}


class ExpressionParser(Brackets):
    """Parses expressions; `declarations` reads a block of local functions."""

    def expression(self, *, equality: bool = True) -> Expression:
        """Read an expression or type."""
        reader = self.reader
        start = reader.token
        if start.kind == "(" and self._is_binder():
            return self._binder(Mode.EXPLICIT)
        if start.kind == "{":
            return self._binder(Mode.IMPLICIT) if self._is_implicit() else self._update()
        left = self.operation(equality=equality)
        if reader.accept("->"):
            return Arrow(start.at, "", Mode.EXPLICIT, False, left, self.expression())
        if equality and reader.accept("=>"):
            found = self.expression()
            for one in reversed(left.items if isinstance(left, syntax.Tuple) and left.items else (left,)):
                found = Arrow(start.at, "", Mode.AUTO, False, one, found)
            return found
        return left

    def pattern(self) -> Expression:
        """Read a pattern, or the left side of a clause."""
        return self.operation(equality=False)

    def operation(self, *, equality: bool) -> Expression:
        """Read operands with operators between them."""
        operands, operators = self.chain(equality=equality)
        if len(operators) == len(operands):
            _, name = operators[-1]
            raise misread(self.reader.token.at, f"{name} lacks what it takes on its right", "") from None
        return resolved(operands, operators, self.fixities)

    def chain(self, *, equality: bool) -> tuple[list[Expression], list[tuple[At, str]]]:
        """Read operands and the operators between them; an operator may come last."""
        operands, operators = [self.operand()], list[tuple[At, str]]()
        while (operator := self.operator(equality=equality)) is not None:
            operators.append(operator)
            if self.reader.sees(")") or (self.reader.sees("end") and not self.reader.tokens[self.reader.place].text):
                break
            operands.append(self.operand())
        return operands, operators

    def operator(self, *, equality: bool) -> tuple[At, str] | None:
        """Read an operator, if there is one."""
        reader = self.reader
        token = reader.token
        if token.kind in ("operator", ".") or (token.kind == "=" and equality):
            reader.take()
            return token.at, token.text
        if token.kind == "`":
            reader.take()
            name = reader.expect("name", "the name of a function between ` and `")
            reader.expect("`")
            return token.at, f"`{name.text}`"
        return None

    def operand(self) -> Expression:
        """Read an application, a negative number, or what reaches as far as it can."""
        reader = self.reader
        start = reader.token
        if start.kind in _LARGE:
            return self._large()
        if start.kind == "operator" and start.text == "-":
            reader.take()
            return self._negative(start)
        if start.kind == "operator" and start.text in UNSPOKEN:
            raise misread(start.at, f"{start.text} before an expression is not spoken here", UNSPOKEN[start.text])
        return self.application()

    def _negative(self, minus: Token) -> Expression:
        if self.reader.sees("integer"):
            return syntax.Number(minus.at, -int(self.reader.take().value))
        return Application(minus.at, Name(minus.at, "negate"), (Argument(self.application()),))

    def application(self) -> Expression:
        """Read a function with its arguments."""
        function = self.atom()
        args: list[Argument] = []
        while (one := self.argument()) is not None:
            args.append(one)
        if not args:
            return function
        return Application(function.at, function, tuple(args))

    def argument(self) -> Argument | None:
        """Read an argument, if there is one."""
        reader = self.reader
        token = reader.token
        if token.kind in _ATOMS or (token.kind == "." and reader.after.kind == "(" and reader.after.touches):
            return Argument(self.atom())
        if token.kind in ("\\", "do", "case"):
            return Argument(self._large())
        if token.kind == "@" and reader.after.kind == "{":
            reader.take()
            opening = reader.take()
            term = self.expression()
            reader.close(opening)
            return Argument(term, Mode.AUTO)
        if token.kind == "{":
            return self._implicit_argument()
        return None

    def _implicit_argument(self) -> Argument:
        reader = self.reader
        opening = reader.take()
        name = reader.expect("name", "the name of an implicit argument", "write {name = value}")
        term: Expression = Name(name.at, name.text)
        if reader.accept("="):
            term = self.expression()
        reader.close(opening)
        return Argument(term, Mode.IMPLICIT, name.text)

    def atom(self) -> Expression:
        """Read the smallest expression, with the fields that are taken of it."""
        found = self._atom()
        while self.reader.token.kind == "field" and self.reader.token.touches:
            token = self.reader.take()
            found = syntax.Field(token.at, found, token.text[1:])
        return found

    def _atom(self) -> Expression:  # noqa: C901, PLR0911 - a case for each sort of atom
        reader = self.reader
        token = reader.token
        match token.kind:
            case "name":
                reader.take()
                if reader.sees("@") and reader.token.touches and reader.after.kind != "{":
                    reader.take()
                    return syntax.As(token.at, token.text, self.atom())
                return _dotted(token)
            case "hole":
                reader.take()
                return syntax.Hole(token.at, token.text[1:])
            case "_":
                reader.take()
                return syntax.Unknown(token.at)
            case "integer":
                reader.take()
                return syntax.Number(token.at, int(token.value))
            case "string":
                reader.take()
                return syntax.Text(token.at, str(token.value))
            case "char":
                reader.take()
                return syntax.Character(token.at, str(token.value))
            case "(":
                return self._parenthesized()
            case "[":
                return self._listed()
            case ".":
                reader.take()
                opening = reader.expect("(")
                term = self.expression()
                reader.close(opening)
                return syntax.Forced(token.at, term)
        raise reader.unexpected("an expression", _ADVICE.get(token.text, ""))


def _dotted(token: Token) -> Expression:
    """Take `record.field` apart; a name with a module in front stays as it is."""
    first, *fields = token.text.split(".")
    if not fields or first[0].isupper():
        return Name(token.at, token.text)
    found: Expression = Name(token.at, first)
    column = token.at.column + len(first) + 1
    for name in fields:
        found = syntax.Field(At(token.at.line, column), found, name)
        column += len(name) + 1
    return found
