"""Expressions; what is only another way to write something is put as that: do, comprehensions, ranges, sections."""

from collections.abc import Callable

from core.workloads.code.frontends.haskell import fixities, type_parser
from core.workloads.code.frontends.haskell.fixities import Fixities
from core.workloads.code.frontends.haskell.patterns import PatternParser, tuple_name
from core.workloads.code.frontends.haskell.problems import At, Refusal
from core.workloads.code.frontends.haskell.reading import Reader
from core.workloads.code.frontends.haskell.sugar import applied, comprehension, infix, then
from core.workloads.code.frontends.haskell.syntax import (
    Annotated,
    Apply,
    Bind,
    Bindings,
    Case,
    Clause,
    Expression,
    Guarded,
    If,
    Lambda,
    Let,
    Literal,
    Pattern,
    Qualifier,
    Update,
    Variable,
    Wild,
)

_ATOMS = frozenset({"name", "Name", "integer", "float", "char", "string", "(", "["})
_LONG = frozenset({"\\", "let", "if", "case", "do"})
_NEGATION = "negation of what follows"


class ExpressionParser:
    """Reads expressions; bindings are read by who reads declarations."""

    def __init__(self, reader: Reader, known: Fixities, bindings: Callable[[], Bindings]) -> None:
        self.reader, self.fixities, self.bindings = reader, known, bindings
        self.patterns = PatternParser(reader, known)

    def expression(self) -> Expression:
        """Read an expression, and its type if it has one."""
        found = self._operators()
        at = self.reader.at
        return Annotated(at, found, type_parser.scheme(self.reader)) if self.reader.take("::") else found

    def _operators(self) -> Expression:
        operands, operators = [self._operand()], []
        while (operator := self._operator()) is not None:
            operators.append(operator)
            if self.reader.kind == ")":
                at, name = operators.pop()
                return applied(at, name, self._combined(operands, operators))
            operands.append(self._operand())
        return self._combined(operands, operators)

    def _combined(self, operands: list[Expression], operators: list[tuple[At, str]]) -> Expression:
        known = {**self.fixities, ":": (5, "infixr"), _NEGATION: (6, "infixl")}
        return fixities.combined(operands, operators, known, infix)

    def _operator(self) -> tuple[At, str] | None:
        reader = self.reader
        if reader.kind in ("operator", ":", "~"):
            token = reader.advance()
            return token.at, token.text
        if reader.take("`"):
            token = reader.advance()
            reader.expect("`", f"behind {token.text}")
            return token.at, token.text
        return None

    def _operand(self) -> Expression:
        reader = self.reader
        at = reader.at
        if reader.take_operator("-"):
            inner = [self._operand()]
            operators = []
            while reader.kind == "operator" and self.fixities.get(reader.token.text, (9, ""))[0] > 6:  # noqa: PLR2004 - that of addition
                token = reader.advance()
                operators.append((token.at, token.text))
                inner.append(self._operand())
            return applied(at, "negate", self._combined(inner, operators))
        return self._long() if reader.kind in _LONG else self._application()

    def _application(self) -> Expression:
        reader = self.reader
        found = self._postfix()
        while reader.kind in _ATOMS or reader.kind in _LONG:
            at = reader.at
            argument = self._long() if reader.kind in _LONG else self._postfix()
            found = Apply(at, found, argument)
        return found

    def _postfix(self) -> Expression:
        reader = self.reader
        found = self._atom()
        while reader.kind == "{":
            at = reader.advance().at
            fields = []
            while reader.kind != "}":
                label = reader.expect("name", "of a field")
                reader.expect("=", f"behind {label.text}")
                fields.append((label.at, label.text, self.expression()))
                if not reader.take(","):
                    break
            reader.expect("}", f"for the '{{' in line {at.line}")
            found = Update(at, found, tuple(fields))
        return found

    # Words that begin an expression.

    def _long(self) -> Expression:
        reader = self.reader
        token = reader.advance()
        at = token.at
        if token.kind == "\\":
            if reader.kind == "case":
                raise reader.refusal("\\case is not spoken here", "write \\x -> case x of ...")
            found = []
            while self.patterns.starts:
                found.append(self.patterns.atom())
            if not found:
                raise reader.refusal(f"expected a parameter behind the backslash, found {reader.shown}")
            reader.expect("->", "behind the parameters")
            return Lambda(at, tuple(found), self.expression())
        if token.kind == "let":
            bindings = self.bindings()
            if not reader.take_late("in"):
                raise reader.refusal(f"expected 'in' behind the bindings, found {reader.shown}")
            return Let(at, bindings, self.expression())
        if token.kind == "if":
            return self._if(at)
        if token.kind == "case":
            subject = self.expression()
            reader.expect("of", "behind what is looked at")
            clauses: list[Clause] = []
            reader.block(lambda: clauses.append(self._alternative()))
            if not clauses:
                raise reader.refusal("expected the alternatives of case, further right than what stands around it")
            return Case(at, subject, tuple(clauses))
        return self._do()

    def _if(self, at: At) -> Expression:
        reader = self.reader
        if reader.kind == "|":
            raise reader.refusal("if with guards is not spoken here", "write a function with guards")
        condition = self.expression()
        if reader.token.kind == ";":
            reader.advance()
        if not reader.take_late("then"):
            raise reader.refusal(f"expected 'then' behind the condition, found {reader.shown}")
        then = self.expression()
        if reader.token.kind == ";":
            reader.advance()
        if not reader.take_late("else"):
            raise reader.refusal(f"expected 'else', found {reader.shown}", "every if needs an else in Haskell")
        return If(at, condition, then, self.expression())

    def _alternative(self) -> Clause:
        at = self.reader.at
        pattern = self.patterns.pattern()
        return self.right_side(at, (pattern,), "->")

    def right_side(self, at: At, patterns: tuple[Pattern, ...], sign: str) -> Clause:
        """Read what follows from patterns: one expression, or guards, and perhaps `where`."""
        reader = self.reader
        bodies: list[Guarded] = []
        if reader.take(sign):
            bodies.append(Guarded((), self.expression()))
        else:
            while reader.take("|"):
                qualifiers = [self._qualifier()]
                while reader.take(","):
                    qualifiers.append(self._qualifier())
                reader.expect(sign, "behind the guard")
                bodies.append(Guarded(tuple(qualifiers), self.expression()))
        if not bodies:
            raise reader.refusal(f"expected '{sign}' or a guard, found {reader.shown}")
        where = self.bindings() if reader.take("where") else None
        return Clause(at, patterns, tuple(bodies), where)

    # Statements.

    def _qualifier(self) -> Qualifier:
        reader = self.reader
        at = reader.at
        if reader.kind == "let":
            reader.advance()
            bindings = self.bindings()
            if reader.take_late("in"):
                return Qualifier(at, None, Let(at, bindings, self.expression()))
            return Qualifier(at, None, None, bindings)
        before = reader.place
        if self.patterns.starts:
            try:
                pattern = self.patterns.pattern()
                if reader.take("<-"):
                    return Qualifier(at, pattern, self.expression())
            except Refusal:  # no pattern: an expression
                pass
            reader.place = before
        return Qualifier(at, None, self.expression())

    def _do(self) -> Expression:
        found: list[Qualifier] = []
        self.reader.block(lambda: found.append(self._qualifier()))
        if not found or found[-1].expression is None or found[-1].pattern is not None:
            raise self.reader.refusal("the last line of do must be an expression", "end it with an action")
        last = found[-1].expression
        assert last is not None
        for one in reversed(found[:-1]):
            last = then(one, last)
        return last

    # Atoms.

    def _atom(self) -> Expression:
        reader = self.reader
        at, kind = reader.at, reader.kind
        if kind in ("name", "Name"):
            return Variable(at, reader.advance().text)
        if kind in ("integer", "float", "char", "string"):
            return Literal(at, kind, reader.advance().value)
        if reader.take("("):
            return self._brackets(at)
        if reader.take("["):
            return self._list(at)
        if kind == "qualified":
            raise reader.refusal(f"qualified names are not spoken here: {reader.token.text}", "leave its module out")
        hint = "is something missing before it?" if kind in ("operator", "=", "|", "->") else ""
        raise reader.refusal(f"expected an expression, found {reader.shown}", hint)

    def _brackets(self, at: At) -> Expression:
        reader = self.reader
        if reader.take(")"):
            return Variable(at, "()")
        if reader.kind == ",":
            count = 1
            while reader.take(","):
                count += 1
            reader.expect(")", "behind the commas")
            return Variable(at, tuple_name(count))
        minus = reader.kind == "operator" and reader.token.text == "-"
        if reader.kind in ("operator", ":", "`") and not (minus and reader.ahead(1) != ")"):
            name = self._operator()
            assert name is not None
            if reader.take(")"):
                return Variable(*name)
            right = self._operators()
            reader.expect(")", f"for the '(' in line {at.line}")
            inner = Bind(at, "section~", Wild(at))
            return Lambda(at, (inner,), infix(name[0], name[1], Variable(at, "section~"), right))
        parts = [self.expression()]
        while reader.take(","):
            parts.append(self.expression())
        reader.expect(")", f"for the '(' in line {at.line}")
        return parts[0] if len(parts) == 1 else applied(at, tuple_name(len(parts)), *parts)

    def _list(self, at: At) -> Expression:
        reader = self.reader
        if reader.take("]"):
            return Variable(at, "[]")
        parts = [self.expression()]
        if reader.take("|"):
            qualifiers = [self._qualifier()]
            while reader.take(","):
                qualifiers.append(self._qualifier())
            reader.expect("]", f"for the '[' in line {at.line}")
            return comprehension(at, parts[0], qualifiers)
        while reader.take(","):
            parts.append(self.expression())
        if reader.take(".."):
            return self._range(at, parts)
        reader.expect("]", f"for the '[' in line {at.line}")
        found: Expression = Variable(at, "[]")
        for one in reversed(parts):
            found = applied(at, ":", one, found)
        return found

    def _range(self, at: At, parts: list[Expression]) -> Expression:
        reader = self.reader
        name = "enumFromThen" if len(parts) == 2 else "enumFrom"  # noqa: PLR2004 - the first two of the range
        if reader.kind != "]":
            parts.append(self.expression())
            name += "To"
        reader.expect("]", f"for the '[' in line {at.line}")
        return applied(at, name, *parts)
