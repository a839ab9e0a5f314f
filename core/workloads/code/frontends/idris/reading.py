"""Tokens one after another, as far as the layout lets them be seen."""

from collections.abc import Callable, Collection

from core.workloads.code.frontends.idris.lexer import Token
from core.workloads.code.frontends.idris.problems import Refusal, misread

_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_MATCHING = {"(": ")", "[": "]", "{": "}"}


class Reader:
    """Reads tokens; one that begins a line no further right than the block's column belongs to what comes after."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.place = 0
        self.limit = 0
        self.item = 0
        """Where the present item of a block begins: that token is seen though it stands in the block's column."""

    @property
    def token(self) -> Token:
        """The next token; of kind `end` where the layout ends what is being read."""
        one = self.tokens[self.place]
        if one.starts_line and one.at.column <= self.limit and self.place != self.item:
            return Token("end", "", one.at, starts_line=True)
        return one

    @property
    def after(self) -> Token:
        """The token behind the next one."""
        return self.tokens[min(self.place + 1, len(self.tokens) - 1)]

    def take(self) -> Token:
        """Go on behind the next token."""
        one = self.token
        if one.kind != "end":
            self.place += 1
        return one

    def sees(self, *kinds: str) -> bool:
        """Whether the next token is of one of these kinds."""
        return self.token.kind in kinds

    def accept(self, kind: str) -> bool:
        """Take a token if it is of a kind."""
        if self.token.kind != kind:
            return False
        self.take()
        return True

    def expect(self, kind: str, what: str = "", hint: str = "") -> Token:
        """Take a token of a kind; raises `Refusal` where another stands."""
        if self.token.kind != kind:
            raise self.unexpected(what or f"'{kind}'", hint)
        return self.take()

    def unexpected(self, what: str, hint: str = "") -> Refusal:
        """Say what was expected instead of the next token."""
        return misread(self.token.at, f"expected {what}, found {self.described()}", hint)

    def described(self) -> str:
        """Say what the next token is."""
        one = self.tokens[self.place]
        if one.kind == "end":
            return "the end of the program"
        line = " on a new line" if self.token.kind == "end" else ""
        return f"'{one.text}'{line}"

    def close(self, opening: Token) -> None:
        """Take the bracket that closes another."""
        closing = _MATCHING[opening.text]
        if not self.sees(closing):
            raise self.unexpected(f"'{closing}' for the '{opening.text}' in line {opening.at.line}")
        self.take()

    def block(self, item: Callable[[], None], what: str) -> None:
        """Read the items of a block, which all begin in the column of the first one; none raises `Refusal`."""
        first = self.token
        if first.kind == "end":
            raise self.unexpected(f"{what}, further right than what stands around it")
        if first.kind == "{":
            self._braced(item)
            return
        outer, column = (self.limit, self.item), first.at.column
        self.limit = column
        while True:
            self.item = self.place
            item()
            one = self.tokens[self.place]
            if one.kind == ";":
                self.place += 1
            elif one.kind == "end" or not one.starts_line or one.at.column != column:
                break
        self.limit, self.item = outer

    def _braced(self, item: Callable[[], None]) -> None:
        """Read the items of a block between braces, with semicolons between them."""
        outer = self.limit, self.item
        self.limit = 0
        opening = self.take()
        while not self.sees("}"):
            self.item = self.place
            item()
            if not self.accept(";"):
                break
        self.close(opening)
        self.limit, self.item = outer

    def ahead(self, kinds: Collection[str], column: int = 0) -> str:
        """Tell which of the kinds comes first in the present item, outside all brackets; empty for none.

        An item that begins in a column of its own, given here, ends there as well.
        """
        depth, place = 0, self.place
        while True:
            one = self.tokens[place]
            outside = one.starts_line and one.at.column <= max(self.limit, column)
            ends = outside and place not in (self.item, self.place)
            if one.kind == "end" or ends or one.kind == ";":
                return ""
            if not depth and one.kind in kinds:
                return one.kind
            depth += (one.kind in _OPENING) - (one.kind in _CLOSING)
            if depth < 0:
                return ""
            place += 1

    def skip_item(self, column: int) -> None:
        """Go on where the next item of a block begins."""
        while True:
            self.place += 1
            one = self.tokens[min(self.place, len(self.tokens) - 1)]
            if one.kind == "end" or (one.starts_line and one.at.column <= column):
                self.place = min(self.place, len(self.tokens) - 1)
                return
