"""Atoms: what a word of the source stands for, a number or a name, and what strings and characters hold."""

import re
from fractions import Fraction

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.lisp.data import Atom, Char, Datum, Name, Text, Token
from core.workloads.code.frontends.lisp.diagnosing import Report
from core.workloads.code.ir.types import LARGEST_WORD

LONGEST_NAME = 19
"""A symbol is a word by itself, with at most this many characters."""
CHARACTERS = {
    "space": 32,
    "newline": 10,
    "tab": 9,
    "nul": 0,
    "null": 0,
    "return": 13,
    "linefeed": 10,
    "alarm": 7,
    "backspace": 8,
    "delete": 127,
    "escape": 27,
    "altmode": 27,
}
_LAST_CODE = 0x10FFFF
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "0": "\0", '"': '"', "\\": "\\", "|": "|"}
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]+);|[ \t]*\n[ \t]*|(.))", re.DOTALL)
_INTEGER = re.compile(r"[+-]?[0-9]+")
_RATIO = re.compile(r"([+-]?[0-9]+)/([0-9]+)")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_BASED = re.compile(r"#([xXbBoOdD])([+-]?[0-9A-Fa-f]+)")
_BASES = {"x": 16, "b": 2, "o": 8, "d": 10}
_SPECIAL = {"+inf.0": float("inf"), "-inf.0": float("-inf"), "+nan.0": float("nan"), "-nan.0": float("nan")}


def atom(token: Token, report: Report) -> Datum | None:  # noqa: PLR0911 - a case for each sort
    """Give what a token stands for, None after a report."""
    match token.kind:
        case "string":
            return Atom(Text(_unescaped(token, report)), token.at, token.end)
        case "char":
            return _character(token, report)
    text = token.text
    if text in ("#t", "#true", "#f", "#false"):
        return Atom(text[1] == "t", token.at, token.end)
    value = number(text)
    if isinstance(value, int | Fraction) and not fits(value):
        report.error(
            token.at, "this number has more than 50 digits, the most that a word of the Engine holds", phase=Phase.LEX
        )
        return None
    if value is not None:
        return Atom(value, token.at, token.end)
    if text.startswith("#"):
        hint = "#t and #f are the truth values, #\\a is a character, #(1 2) a vector"
        report.error(token.at, f"{text} means nothing", hint, Phase.LEX, token.end)
        return None
    if text == ".":
        report.error(token.at, "a dot may only stand before the last part of a list", "take it out", Phase.PARSE)
        return None
    if re.match(r"[0-9]", text) and text not in ("1+", "1-", "-1+"):
        hint = "a number has digits, one point and an exponent at most; a name does not begin with a digit"
        report.error(token.at, f"{text} is neither a number nor a name", hint, Phase.LEX, token.end)
        return None
    return Name(text, token.at)


def fits(value: int | Fraction) -> bool:
    """Whether a number fits a word."""
    return max(abs(value.numerator), value.denominator) <= LARGEST_WORD


def number(text: str) -> int | float | Fraction | None:  # noqa: PLR0911 - a case for each notation
    """Read a number as Scheme writes it; None where the text is none."""
    if text in _SPECIAL:
        return _SPECIAL[text]
    if _INTEGER.fullmatch(text):
        return _whole(text, 10)
    if found := _RATIO.fullmatch(text):
        above, below = _whole(found[1], 10), _whole(found[2], 10)
        if below == 0:
            return None
        ratio = Fraction(above, below)
        return ratio.numerator if ratio.denominator == 1 else ratio
    if found := _BASED.fullmatch(text):
        try:
            return _whole(found[2], _BASES[found[1].lower()])
        except ValueError:
            return None
    return float(text) if _DECIMAL.fullmatch(text) else None


def _whole(digits: str, base: int) -> int:
    """Read digits, of endless ones no more than what shows that there are too many."""
    return int(digits[:400], base)


def _unescaped(token: Token, report: Report) -> str:
    def replaced(match: re.Match[str]) -> str:
        if match[1]:
            code = int(match[1][:8], 16)
            if code <= _LAST_CODE:
                return chr(code)
        elif match[2] is None:
            return ""
        elif match[2] in _ESCAPES:
            return _ESCAPES[match[2]]
        hint = 'known are \\n, \\t, \\r, \\", \\\\ and \\x41;'
        report.error(token.at, f"{match[0]} means nothing in a string", hint, Phase.LEX, token.end)
        return ""

    return _ESCAPE.sub(replaced, token.text[1:-1])


def _character(token: Token, report: Report) -> Datum | None:
    name = token.text[2:]
    if len(name) == 1:
        return Atom(Char(ord(name)), token.at, token.end)
    if name in CHARACTERS:
        return Atom(Char(CHARACTERS[name]), token.at, token.end)
    if name[0] == "x" and re.fullmatch("[0-9A-Fa-f]+", name[1:]) and int(name[1:8], 16) <= _LAST_CODE:
        return Atom(Char(int(name[1:8], 16)), token.at, token.end)
    hint = "a character is #\\a, or one of #\\space, #\\newline, #\\tab, #\\nul, #\\x41"
    report.error(token.at, f"there is no character {token.text}", hint, Phase.LEX, token.end)
    return None
