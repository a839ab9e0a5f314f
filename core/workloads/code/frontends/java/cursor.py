"""Walking through tokens: what the parser looks at next, and what it says where something else should stand."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.java.diagnosing import NOWHERE, Report, Unreadable
from core.workloads.code.frontends.java.lexer import Token
from core.workloads.code.ir.instructions import Position

DEEPEST = 60
"""Brackets within brackets that are read."""
PRIMITIVES = frozenset({"int", "long", "double", "char", "boolean", "byte", "short", "float", "void"})


class Cursor:
    """A place among the tokens."""

    def __init__(self, tokens: Sequence[Token], report: Report) -> None:
        self._tokens, self.report = tokens, report
        self._place = 0
        self._depth = 0

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self._tokens[self._place]

    def ahead(self, distance: int) -> Token:
        """Look at a token further on."""
        return self._tokens[min(self._place + distance, len(self._tokens) - 1)]

    def take(self) -> Token:
        """Take the next token."""
        taken = self.token
        self._place = min(self._place + 1, len(self._tokens) - 1)
        return taken

    def sees(self, *texts: str) -> bool:
        """Whether the next token is one of these signs or keywords."""
        return self.token.text in texts and self.token.kind in ("op", "keyword")

    def sees_word(self, text: str) -> bool:
        """Whether the next token is a name that Java gives a meaning only in some places."""
        return self.token.kind == "name" and self.token.text == text

    def accept(self, text: str) -> bool:
        """Take a sign or keyword if it comes next."""
        if self.sees(text):
            self.take()
            return True
        return False

    def expect(self, text: str, where: str = "", hint: str = "") -> Token:
        """Take a sign or keyword that must come next."""
        if self.sees(text):
            return self.take()
        if text in (";", ")", "]", "}", "{"):
            raise self._missing(text, where, hint)
        raise self.unexpected(f"'{text}'", where, hint)

    def name(self, what: str) -> Token:
        """Take a name that must come next."""
        if self.token.kind == "name":
            return self.take()
        if self.token.kind == "keyword":
            hint = f"'{self.token.text}' is a word of the language: choose another name"
            raise self.unexpected(what, "", hint)
        raise self.unexpected(what)

    def _missing(self, text: str, where: str, hint: str) -> Unreadable:
        """Report a sign that is missing behind the token before."""
        before = self._tokens[self._place - 1] if self._place else self.token
        told = f"'{text}' is missing{where}"
        found = f", found {self._shown()}" if before.end_line == self.token.line else ""
        hints = {";": "every statement ends with ;", "}": "each { needs its }", ")": "each ( needs its )"}
        return self.report.error(before.end, told + found, hint or hints.get(text, f"write {text} here"), Phase.PARSE)

    def unexpected(self, wanted: str, where: str = "", hint: str = "") -> Unreadable:
        """Report that something else stands where `wanted` should."""
        message = f"expected {wanted}{where}, found {self._shown()}"
        hint = hint or f"write {wanted} here, or look at what stands before it"
        return self.report.error(self.token.at, message, hint, Phase.PARSE, self.token.end)

    def refuse(self, at: Position, message: str, hint: str = "", end: Position = NOWHERE) -> Unreadable:
        """Report what no program may have."""
        return self.report.error(at, message, hint, Phase.PARSE, end)

    def _shown(self) -> str:
        if self.token.kind == "end":
            return "the end of the program"
        text = self.token.text
        return f"'{text if len(text) < 30 else text[:27] + '...'}'"  # noqa: PLR2004 - as much as fits a line

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Go into brackets; raises where there are too many."""
        self._depth += 1
        if self._depth > DEEPEST:
            hint = "give parts of it names of their own"
            raise self.refuse(self.token.at, "the brackets are nested too deeply", hint)
        yield
        self._depth -= 1

    def at_depth(self) -> int:
        """Give how deep in brackets this is, for `return_to`."""
        return self._depth

    def return_to(self, depth: int) -> None:
        """Go on as deep as before, after something unreadable."""
        self._depth = depth

    # Looking ahead without reading: each gives the distance behind what was looked for, 0 where it is not there.

    def scan_type(self, start: int = 0) -> int:
        """Look for a type."""
        place = start
        if self.ahead(place).text in PRIMITIVES:
            place += 1
        else:
            place = self._scan_named(place)
            if not place:
                return 0
        while self.ahead(place).text == "[" and self.ahead(place + 1).text == "]":
            place += 2
        return place

    def _scan_named(self, place: int) -> int:
        while True:
            if self.ahead(place).kind != "name":
                return 0
            place += 1
            if self.ahead(place).text == "<":
                place = self._scan_args(place)
                if not place:
                    return 0
            if self.ahead(place).text == "." and self.ahead(place + 1).kind == "name":
                place += 1
                continue
            return place

    def _scan_args(self, place: int) -> int:
        place += 1
        if self.ahead(place).text == ">":
            return place + 1
        while True:
            if self.ahead(place).text == "?":
                place += 1
                if self.ahead(place).text in ("extends", "super"):
                    place = self.scan_type(place + 1)
            else:
                place = self.scan_type(place)
            if not place:
                return 0
            if self.ahead(place).text == ",":
                place += 1
                continue
            return place + 1 if self.ahead(place).text == ">" else 0
