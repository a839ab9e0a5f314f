"""What every part of the parser stands on: the present token, expectations, and how to go on after an error."""

from core.workloads.code.frontends.c import advising
from core.workloads.code.frontends.c.diagnosing import Reporter
from core.workloads.code.frontends.c.tokens import CHARACTER, END, KEYWORD, NAME, NUMBER, STRING, Token
from core.workloads.code.ir.instructions import Position

DEEPEST = 128
"""Parentheses, blocks and declarators nested deeper are refused; the standard asks for 63."""
OPERANDS = frozenset({NUMBER, STRING, CHARACTER})


class Unparsable(Exception):
    """The present construct cannot be read; it has been reported."""


class TokenReader:
    """The tokens, and where the parser is in them."""

    def __init__(self, tokens: list[Token], report: Reporter) -> None:
        self.tokens = tokens
        self.place = 0
        self.token = tokens[0]
        self.text = self._text()
        self.report = report
        self.depth = 0
        self.typedefs: list[dict[str, bool]] = [{}]
        """Scopes, each with the names declared there, and whether they are types."""

    def _text(self) -> str:
        token = self.token
        return "" if token.kind in OPERANDS else token.text

    def advance(self) -> Token:
        """Take the present token, whatever it is."""
        token = self.token
        if token.kind != END:
            self.place += 1
            self.token = self.tokens[self.place]
            self.text = self._text()
        return token

    def ahead(self, count: int = 1) -> Token:
        """Look at a later token."""
        return self.tokens[min(self.place + count, len(self.tokens) - 1)]

    def take(self, text: str) -> bool:
        """Take the present token if it is this sign or keyword."""
        if self.text != text or self.token.kind == END:
            return False
        self.advance()
        return True

    def expect(self, text: str, after: str) -> Token:
        """Take this sign or keyword, or report that it is missing at the end of what comes before."""
        if self.text == text:
            return self.advance()
        word = advising.OPERATORS.get(self.token.text) if self.token.kind == NAME else None
        hint = f"write {word} for {self.token.text}" if word else f"write {text} here"
        raise self.missing(f"'{text}'", after, hint)

    def expect_name(self, what: str) -> Token:
        """Take a name."""
        if self.token.kind == NAME:
            return self.advance()
        if self.token.kind == KEYWORD:
            word = f"'{self.text}' is a word of the language and cannot be a name"
            raise self.fail(self.token, word, "choose another name")
        raise self.fail(self.token, f"expected {what} before {self.token.shown()}")

    def missing(self, what: str, after: str, hint: str) -> Unparsable:
        """Report something missing right behind the token before the present one."""
        at = self.token.at
        if self.place and self.tokens[self.place - 1].at.line <= at.line:
            before = self.tokens[self.place - 1]
            at = Position(before.at.line, before.end_column)
        self.report.error("parse", at, f"expected {what} {after}", hint)
        return Unparsable()

    def fail(self, token: Token, message: str, hint: str = "") -> Unparsable:
        """Report something at a token."""
        self.report.error("parse", token.at, message, hint, max(1, len(token.text)))
        return Unparsable()

    def enter(self) -> None:
        """Go one level deeper."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail(
                self.token, f"nested too deep: more than {DEEPEST} levels", "split it into parts with names"
            )

    def skip(self) -> None:
        """Pass over what cannot be read: up to a semicolon, or to where braces close or a block begins."""
        depth = 0
        while self.token.kind != END:
            if self.text == "{":
                depth += 1
            elif self.text == "}":
                if depth == 0:
                    return
                depth -= 1
                if depth == 0:
                    self.advance()
                    return
            elif self.text == ";" and depth == 0:
                self.advance()
                return
            self.advance()

    # Names of types.

    def declares(self, name: str, *, is_type: bool = False) -> None:
        """Note that a name is now that of a type, or of something else, in the innermost scope."""
        self.typedefs[-1][name] = is_type

    def is_type_name(self, name: str) -> bool:
        """Whether the name is that of a type here."""
        for scope in reversed(self.typedefs):
            if name in scope:
                return scope[name]
        return False
