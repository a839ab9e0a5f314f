"""From text to tokens; what is no C is reported and left out."""

import re

from core.workloads.code.frontends.c.diagnosing import Reporter
from core.workloads.code.frontends.c.tokens import (
    CHARACTER,
    END,
    KEYWORD,
    KEYWORDS,
    NAME,
    NUMBER,
    PUNCTUATORS,
    SIGN,
    STRING,
    Token,
)
from core.workloads.code.ir.instructions import Position

_TOKEN = re.compile(
    r"""(?P<newline>\n)
    |(?P<space>(?:[ \t\r\f\v]|\\\r?\n|//(?:\\\r?\n|[^\n])*|/\*.*?\*/)+)
    |(?P<name>[A-Za-z_]\w*)
    |(?P<number>\.?[0-9](?:[eEpP][+-]|[\w.])*)
    |(?P<string>"(?:\\.|\\\r?\n|[^"\\\n])*")
    |(?P<character>'(?:\\.|[^'\\\n])*')
    |(?P<comment>/\*)
    |(?P<sign>"""
    + "|".join(re.escape(one) for one in PUNCTUATORS)
    + r""")
    |(?P<quote>["'][^\n]*)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)


def tokenize(source: str, report: Reporter) -> list[Token]:
    """Split the source; the list ends with a token of kind `end`."""
    tokens: list[Token] = []
    line, line_start = 1, 0
    starts_line, spaced = True, False
    for match in _TOKEN.finditer(source):
        kind, begin = match.lastgroup, match.start()
        if kind == "newline":
            line, line_start, starts_line = line + 1, match.end(), True
            continue
        text = match.group()
        if kind == "space":
            spaced = True
        else:
            token = _token(kind or "", text, Position(line, begin - line_start + 1), report)
            if token is not None:
                token.starts_line, token.spaced = starts_line, spaced
                tokens.append(token)
            starts_line = spaced = False
            if kind == "comment":
                break
        newlines = text.count("\n") if kind in ("space", "string") else 0
        if newlines:
            line, line_start = line + newlines, begin + text.rindex("\n") + 1
    end = Position(line, max(1, len(source) - line_start + 1))
    tokens.append(Token(END, "", end, starts_line=True))
    return tokens


def _token(kind: str, text: str, at: Position, report: Reporter) -> Token | None:
    if kind == "name":
        return Token(KEYWORD if text in KEYWORDS else NAME, text, at)
    if kind in (NUMBER, SIGN):
        return Token(kind, text, at)
    if kind in (STRING, CHARACTER):
        if kind == CHARACTER and text == "''":
            report.error("lex", at, "a character constant holds no character", "write one between the quotes: 'a'", 2)
            return Token(CHARACTER, "' '", at)
        return Token(kind, text, at)
    _refuse(kind, text, at, report)
    if kind == "quote":
        return Token(STRING, '""', at) if text[0] == '"' else Token(CHARACTER, "' '", at)
    return None


def _refuse(kind: str, text: str, at: Position, report: Reporter) -> None:
    if kind == "comment":
        report.error("lex", at, "this comment is never closed", "end it with */", 2)
    elif kind == "quote":
        what = "string" if text[0] == '"' else "character constant"
        report.error("lex", at, f"this {what} is not closed on its line", f"end it with {text[0]}", len(text))
    elif text == "\\":
        report.error("lex", at, "a backslash stands alone", "it may only end a line or stand in a string")
    else:
        name = f"'{text}'" if text.isprintable() else f"U+{ord(text):04X}"
        report.error("lex", at, f"the character {name} has no meaning in C", _advice(text))


_LOOK_ALIKES = {
    **dict.fromkeys(("\u201c", "\u201d", "\u201e"), '"'),
    **dict.fromkeys(("\u2018", "\u2019"), "'"),
    **dict.fromkeys(("\u2013", "\u2212"), "-"),
    "\u00d7": "*",
    "\u00f7": "/",
    "\u2264": "<=",
    "\u2265": ">=",
    "\u2260": "!=",
    "\u00a0": "a plain space",
}
"""What word processors put in the place of signs."""


def _advice(text: str) -> str:
    meant = _LOOK_ALIKES.get(text)
    return f"write {meant} instead" if meant else "take it out"
