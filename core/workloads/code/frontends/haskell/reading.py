"""Reading tokens with the layout in mind: an item ends where a line begins no further right than its block."""

from collections.abc import Callable

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.haskell.lexer import Token
from core.workloads.code.frontends.haskell.problems import At, Refusal

_CLOSING = frozenset({")", "]", ",", "then", "else", "of", "in", "where", "}", "end", "deriving", "|", "=", "->"})
_VIRTUAL = "end of item"


class Reader:
    """Tokens with a place among them, and the columns of the blocks around."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.place = tokens, 0
        self.columns: list[int] = [0]
        self.item_start = -1

    @property
    def token(self) -> Token:
        """The next token, whether or not it belongs to the present item."""
        return self.tokens[self.place]

    @property
    def kind(self) -> str:
        """What sort the next token of the present item is of."""
        token = self.tokens[self.place]
        if token.starts_line and token.at.column <= self.columns[-1] and self.place != self.item_start:
            return _VIRTUAL
        return token.kind

    @property
    def at(self) -> At:
        """Where the next token stands."""
        return self.token.at

    @property
    def shown(self) -> str:
        """The next token in words."""
        if self.token.kind == "end":
            return "the end of the program"
        return f"'{self.token.text}'" + (" on a new line" if self.kind == _VIRTUAL else "")

    def ahead(self, count: int) -> str:
        """Tell what sort a token further on is of."""
        return self.tokens[min(self.place + count, len(self.tokens) - 1)].kind

    def text_ahead(self, count: int) -> str:
        """Give the text of a token further on."""
        return self.tokens[min(self.place + count, len(self.tokens) - 1)].text

    def advance(self) -> Token:
        """Take the next token."""
        token = self.tokens[self.place]
        self.place = min(self.place + 1, len(self.tokens) - 1)
        return token

    def take(self, kind: str) -> bool:
        """Take the next token if it is of that sort."""
        if self.kind != kind:
            return False
        self.advance()
        return True

    def take_operator(self, text: str) -> bool:
        """Take the next token if it is that operator."""
        if self.kind != "operator" or self.token.text != text:
            return False
        self.advance()
        return True

    def expect(self, kind: str, where: str, hint: str = "") -> Token:
        """Take the next token, which must be of that sort."""
        if self.kind == kind:
            return self.advance()
        wanted = {"name": "a name", "Name": "a name with a capital letter"}.get(kind, f"'{kind}'")
        raise self.refusal(f"expected {wanted} {where}, found {self.shown}", hint)

    def take_late(self, kind: str) -> bool:
        """Take a `then` or `else` that may begin a line as far left as the block."""
        if self.token.kind != kind:
            return False
        self.advance()
        return True

    def refusal(self, message: str, hint: str = "") -> Refusal:
        """Say that the source cannot be read on from here."""
        at = self.at
        if self.token.kind == "end" and self.place:
            last = self.tokens[self.place - 1]
            at = At(last.at.line, last.at.column + len(last.text))
        return Refusal(Phase.PARSE, at, message, hint)

    def block(self, item: Callable[[], None]) -> None:
        """Read the items of a block, by braces or by layout."""
        if self.take("{"):
            self._explicit(item)
            return
        column = self.token.at.column
        if column <= self.columns[-1] or self.token.kind == "end":
            return
        self.columns.append(column)
        outer = self.item_start
        try:
            self._items(column, item)
        finally:
            self.columns.pop()
            self.item_start = outer

    def _items(self, column: int, item: Callable[[], None]) -> None:
        while True:
            self.item_start = self.place
            if self.token.kind in _CLOSING:
                return
            item()
            token = self.token
            if token.kind == ";":
                self.advance()
                if not self.token.starts_line:
                    continue
                token = self.token
            if token.starts_line and token.at.column <= column:
                if token.at.column < column:
                    return
            elif token.kind in _CLOSING:
                return
            else:
                raise self.refusal(f"did not expect {self.shown} here", "is an operator, bracket or keyword missing?")

    def _explicit(self, item: Callable[[], None]) -> None:
        self.columns.append(-1)
        while self.kind != "}":
            if not self.take(";"):
                item()
                if self.kind not in (";", "}"):
                    raise self.refusal(f"expected ';' or '}}', found {self.shown}")
        self.columns.pop()
        self.advance()
