"""Declarations; after an error it goes on with the next one at the top of the program."""

from core.workloads.code.frontends.base import Diagnostic, Phase
from core.workloads.code.frontends.haskell import fixities, type_parser
from core.workloads.code.frontends.haskell.expressions import ExpressionParser
from core.workloads.code.frontends.haskell.lexer import Token
from core.workloads.code.frontends.haskell.problems import At, Refusal
from core.workloads.code.frontends.haskell.reading import Reader
from core.workloads.code.frontends.haskell.syntax import (
    Bind,
    Bindings,
    Pattern,
    Program,
    Wild,
)
from core.workloads.code.frontends.haskell.type_declarations import TypeDeclarations


def parse(tokens: list[Token]) -> tuple[Program, list[Diagnostic]]:
    """Give the declarations, and what could not be read."""
    parser = _Parser(tokens)
    parser.program()
    return parser.found, parser.problems


class _Parser(TypeDeclarations):
    def __init__(self, tokens: list[Token]) -> None:
        self.reader = Reader(tokens)
        self.fixities = fixities.declared(tokens)
        self.expressions = ExpressionParser(self.reader, self.fixities, self.bindings)
        self.found = Program()
        self.problems: list[Diagnostic] = []

    def program(self) -> None:
        reader = self.reader
        if reader.token.kind == "module":
            while reader.token.kind not in ("where", "end"):
                reader.advance()
            reader.advance()
        reader.columns = [reader.token.at.column]
        while reader.token.kind != "end":
            reader.item_start = reader.place
            try:
                self._declaration()
                if not reader.token.starts_line or reader.token.at.column > reader.columns[0]:
                    raise reader.refusal(
                        f"did not expect {reader.shown} here", "is an operator, a bracket or a keyword missing?"
                    )
            except Refusal as refusal:
                self.problems.append(refusal.diagnostic)
                self._skip()

    def _skip(self) -> None:
        reader = self.reader
        del reader.columns[1:]
        reader.advance()
        while reader.token.kind != "end" and not (
            reader.token.starts_line and reader.token.at.column <= reader.columns[0]
        ):
            reader.advance()

    def _declaration(self) -> None:
        reader = self.reader
        match reader.kind:
            case "import":
                while not (reader.token.starts_line and reader.place != reader.item_start):
                    reader.advance()
            case "data" | "newtype":
                self.data()
            case "type":
                self.synonym()
            case "class":
                self.class_()
            case "instance":
                self.instance()
            case _:
                self._binding(self.found.bindings)

    # Bindings.

    def bindings(self) -> Bindings:
        """Read the bindings of a block."""
        found = Bindings()
        self.reader.block(lambda: self._binding(found))
        return found

    def _binding(self, found: Bindings) -> None:
        reader = self.reader
        at = reader.at
        if reader.kind in ("infix", "infixl", "infixr"):
            reader.advance()
            while reader.kind in ("integer", "operator", "`", "name", ","):
                reader.advance()
            return
        names = self._signed_names()
        if names:
            scheme = type_parser.scheme(reader)
            for place, name in names:
                found.types[name] = place, scheme
            return
        name, patterns = self._left_side()
        clause = self.expressions.right_side(at, patterns, "=")
        if not name:
            found.patterns.append(clause)
            return
        clauses = found.functions.setdefault(name, [])
        if clauses and len(clauses[0].patterns) != len(patterns):
            message = f"the clauses of {name} have different numbers of parameters"
            raise Refusal(Phase.PARSE, at, message, f"the first one has {len(clauses[0].patterns)}")
        if clauses and not patterns:
            raise Refusal(Phase.PARSE, at, f"{name} is defined twice", "give one of them another name")
        clauses.append(clause)

    def _signed_names(self) -> list[tuple[At, str]]:
        """Read names in front of `::`, if that is what comes."""
        reader = self.reader
        before = reader.place
        names: list[tuple[At, str]] = []
        while True:
            at = reader.at
            if reader.take("("):
                names.append((at, reader.advance().text))
                if not reader.take(")"):
                    break
            elif reader.kind == "name":
                names.append((at, reader.advance().text))
            else:
                break
            if reader.take("::"):
                return names
            if not reader.take(","):
                break
        reader.place = before
        return []

    def _left_side(self) -> tuple[str, tuple[Pattern, ...]]:  # noqa: PLR0911 - a case for each way to define
        """Read a function with its parameters, an operator between two, or a pattern (no name)."""
        reader, parser = self.reader, self.expressions.patterns
        bang = reader.kind == "operator" and reader.token.text == "!"
        if reader.kind == "name" and not bang and reader.ahead(1) not in ("@", "operator", "`", ":"):
            name = reader.advance().text
            return name, self._parameters()
        if reader.kind == "name" and reader.ahead(1) == "operator" and self.reader.text_ahead(1) == "!":
            name = reader.advance().text
            return name, self._parameters()
        if reader.kind == "(" and reader.ahead(1) == "operator" and reader.ahead(2) == ")":
            reader.advance()
            name = reader.advance().text
            reader.advance()
            return name, self._parameters()
        if reader.kind == "(" and (found := self._bracketed()) is not None:
            return found
        first = parser.pattern()
        if reader.kind in ("operator", "`"):
            ticked = reader.take("`")
            name = reader.advance().text
            if ticked:
                reader.expect("`", f"behind {name}")
            return name, (first, parser.pattern())
        if isinstance(first, Bind) and isinstance(first.inner, Wild) and not first.strict:
            return first.name, ()
        return "", (first,)

    def _bracketed(self) -> tuple[str, tuple[Pattern, ...]] | None:
        """Read `(x op y) z`, if that is what comes."""
        reader, parser = self.reader, self.expressions.patterns
        before = reader.place
        reader.advance()
        try:
            first = parser.pattern()
            if reader.kind == "operator" and reader.token.text[0] != ":":
                name = reader.advance().text
                second = parser.pattern()
                if reader.take(")") and parser.starts:
                    return name, (first, second, *self._parameters())
        except Refusal:
            pass
        reader.place = before
        return None

    def _parameters(self) -> tuple[Pattern, ...]:
        found = []
        while self.expressions.patterns.starts:
            found.append(self.expressions.patterns.atom())
        return tuple(found)
