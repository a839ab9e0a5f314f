"""Patterns."""

from core.workloads.code.frontends.haskell import fixities
from core.workloads.code.frontends.haskell.fixities import Fixities
from core.workloads.code.frontends.haskell.problems import At
from core.workloads.code.frontends.haskell.reading import Reader
from core.workloads.code.frontends.haskell.syntax import Bind, Constant, Lazy, Literal, Match, Pattern, Wild

STARTS = frozenset({"name", "Name", "_", "(", "[", "integer", "float", "char", "string", "~"})


class PatternParser:
    """Reads patterns."""

    def __init__(self, reader: Reader, known: Fixities) -> None:
        self.reader, self.fixities = reader, known

    @property
    def starts(self) -> bool:
        """Whether a pattern that needs no brackets comes next."""
        reader = self.reader
        bang = reader.kind == "operator" and reader.token.text == "!"
        return reader.kind in STARTS or (bang and reader.ahead(1) in STARTS)

    def pattern(self) -> Pattern:
        """Read a pattern, operators and all."""
        reader = self.reader
        operands, operators = [self._applied()], []
        while reader.kind == ":" or (reader.kind == "operator" and reader.token.text[0] == ":") or reader.kind == "`":
            ticked = reader.take("`")
            token = reader.advance()
            if ticked:
                reader.expect("`", "behind the constructor")
            operators.append((token.at, token.text))
            operands.append(self._applied())
        known = {**self.fixities, ":": (5, "infixr")}
        return fixities.combined(operands, operators, known, lambda at, name, one, two: Match(at, name, (one, two)))

    def _applied(self) -> Pattern:
        reader = self.reader
        at = reader.at
        if reader.kind == "operator" and reader.token.text == "-":
            reader.advance()
            return _negative(self.atom(), at)
        if reader.kind == "Name" and reader.ahead(1) != "{":
            name = reader.advance().text
            args = []
            while self.starts:
                args.append(self.atom())
            return Match(at, name, tuple(args))
        return self.atom()

    def atom(self) -> Pattern:  # noqa: C901, PLR0911 - a case for each sort of pattern
        """Read a pattern that needs no brackets."""
        reader = self.reader
        at, kind = reader.at, reader.kind
        if kind == "name":
            name = reader.advance().text
            return Bind(at, name, self.atom() if reader.take("@") else Wild(at))
        if reader.take("_"):
            return Wild(at)
        if reader.take("~"):
            return Lazy(at, self.atom())
        if reader.take_operator("!"):
            inner = self.atom()
            if isinstance(inner, Bind):
                return Bind(at, inner.name, inner.inner, strict=True)
            return Bind(at, "", inner, strict=True)
        if kind == "Name":
            name = reader.advance().text
            if reader.kind == "{":
                raise reader.refusal("record patterns are not spoken here", f"write {name} x y instead")
            return Match(at, name, ())
        if kind in ("integer", "float", "char", "string"):
            value = reader.advance().value
            if kind == "string":
                return _text(at, str(value))
            return Constant(at, Literal(at, kind, value))
        if reader.take("["):
            parts = self._parts("]")
            found: Pattern = Match(at, "[]", ())
            for one in reversed(parts):
                found = Match(at, ":", (one, found))
            return found
        if reader.take("("):
            parts = self._parts(")")
            return parts[0] if len(parts) == 1 else Match(at, tuple_name(len(parts)), tuple(parts))
        raise reader.refusal(f"expected a pattern, found {reader.shown}")

    def _parts(self, closing: str) -> list[Pattern]:
        reader = self.reader
        parts: list[Pattern] = []
        while reader.kind != closing:
            parts.append(self.pattern())
            if not reader.take(","):
                break
        reader.expect(closing, "behind the pattern")
        return parts


def tuple_name(count: int) -> str:
    """Name the constructor of tuples, or of unit."""
    return f"({',' * (count - 1)})" if count else "()"


def _text(at: At, text: str) -> Pattern:
    found: Pattern = Match(at, "[]", ())
    for one in reversed(text):
        found = Match(at, ":", (Constant(at, Literal(at, "char", one)), found))
    return found


def _negative(inner: Pattern, at: At) -> Pattern:
    assert isinstance(inner, Constant)
    assert not isinstance(inner.literal.value, str)
    return Constant(at, Literal(at, inner.literal.kind, -inner.literal.value))
