"""Reading tokens one after another."""

from core.workloads.code.frontends.base import Diagnostic, Phase
from core.workloads.code.frontends.system_f.lexer import Token
from core.workloads.code.frontends.system_f.syntax import At


class Misread(Exception):
    """The source cannot be read on from here; says why."""

    def __init__(self, at: At, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic(Phase.PARSE, message, at.line, at.column, at.end_line, at.end_column, hint)


class Reader:
    """Tokens with a place among them."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.place = tokens, 0

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.place]

    @property
    def kind(self) -> str:
        """What sort the next token is of."""
        return self.tokens[self.place].kind

    @property
    def following(self) -> str:
        """What sort the token behind it is of."""
        return self.tokens[min(self.place + 1, len(self.tokens) - 1)].kind

    @property
    def shown(self) -> str:
        """The next token in words."""
        return "the end of the program" if self.kind == "end" else f"'{self.token.text}'"

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

    def expect(self, kind: str, where: str) -> Token:
        """Take the next token, which must be of that sort."""
        if self.kind == kind:
            return self.advance()
        wanted = {"name": "a name", "Name": "the name of a type, with a capital letter"}.get(kind, f"'{kind}'")
        raise Misread(self.token.at, f"expected {wanted} {where}, found {self.shown}")

    def skip_statement(self) -> None:
        """Go behind the next semicolon."""
        while self.kind not in (";", "end"):
            self.advance()
        self.take(";")
