"""This file is about the tokens of assembly: names, numbers, characters, texts and marks, line by line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.workloads.code.engine.words import DIGITS
from core.workloads.code.frontends.base import Diagnostic, Phase

_TOKEN = re.compile(
    r"""(?P<space>[ \t\f\v]+)
    |(?P<comment>;.*)
    |(?P<directive>\.[A-Za-z]+)
    |(?P<name>[A-Za-z_$@][A-Za-z0-9_$@.]*)
    |(?P<number>[0-9]+)
    |(?P<character>'(?:\\.|[^\\'])')
    |(?P<text>"(?:\\.|[^\\"])*")
    |(?P<mark>[:,\#\[\]+=-])""",
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "\\": "\\", "'": "'", '"': '"'}


@dataclass(frozen=True, slots=True)
class Token:
    """One token and where it begins; columns count from 1."""

    kind: str
    text: str
    line: int
    column: int

    @property
    def end(self) -> int:
        """The column behind its last character."""
        return self.column + len(self.text)


def lex_line(text: str, line: int) -> tuple[list[Token], list[Diagnostic]]:
    """Split one line into tokens, and tell what is none."""
    tokens: list[Token] = []
    problems: list[Diagnostic] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            problems.append(_stray(text, line, at))
            break
        kind = match.lastgroup or ""
        token = Token(kind, match[0], line, at + 1)
        at = match.end()
        if kind not in ("space", "comment"):
            tokens.append(token)
            problems.extend(_faults(token))
    return tokens, problems


def decoded(token: Token) -> str:
    """Return what a character or text token says, its escapes read."""
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), token.text[1:-1])


def _faults(token: Token) -> Iterator[Diagnostic]:
    if token.kind == "number" and len(token.text.lstrip("0")) > DIGITS:
        yield problem(token, f"a number has {DIGITS} digits at most", phase=Phase.LEX)
    if token.kind in ("character", "text"):
        for match in re.finditer(r"\\(.)", token.text):
            if match[1] not in _ESCAPES:
                column = token.column + match.start()
                known = " ".join("\\" + letter for letter in _ESCAPES)
                message = f"there is no escape {match[0]!r}"
                yield Diagnostic(Phase.LEX, message, token.line, column, hint=f"known are {known}")


def problem(token: Token, message: str, hint: str = "", phase: Phase = Phase.PARSE) -> Diagnostic:
    """Tell of something wrong with a token."""
    return Diagnostic(phase, message, token.line, token.column, token.line, token.end, hint)


def _stray(text: str, line: int, at: int) -> Diagnostic:
    rest = text[at:]
    if rest.startswith('"'):
        return Diagnostic(Phase.LEX, 'a text is not closed by "', line, at + 1, line, len(text) + 1, 'add " at its end')
    if rest.startswith("'"):
        hint = "write one character between two ', as in 'x' or '\\n'"
        return Diagnostic(Phase.LEX, "a character is not closed by '", line, at + 1, hint=hint)
    shown = rest[0] if rest[0].isprintable() else f"U+{ord(rest[0]):04X}"
    hint = "a comment begins with ;" if rest[0] in "/*%!" else ""
    return Diagnostic(Phase.LEX, f"the character {shown} means nothing here", line, at + 1, hint=hint)
