"""This file is about reading the tokens of one line as a statement."""

import re
from collections.abc import Sequence

from core.workloads.code.frontends.assembly.lexing import Token, decoded, problem
from core.workloads.code.frontends.assembly.statements import Statement, Value, Written
from core.workloads.code.frontends.base import Diagnostic

REGISTERS = {"A": 0, "B": 1, "C": 2, "D": 3}
_COLUMN = re.compile(r"[Vv]([0-9]+)")
_OPERAND_HINT = "an operand is a register (A), a number (#5), a column (V5 or its name), or an indexed one (3[F], 0[B])"


class Misread(Exception):
    """A line cannot be read."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class _Cursor:
    """The tokens of one line and a place between them."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def next(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, text: str) -> Token | None:
        token = self.next
        if token is None or token.text != text:
            return None
        self.at += 1
        return token

    def expect(self, what: str, hint: str = "") -> Token:
        token = self.next
        if token is None:
            last = self.tokens[-1]
            end = Token("end", " ", last.line, last.end)
            raise Misread(problem(end, f"{what} is missing at the end of the line", hint))
        self.at += 1
        return token


def parse_line(tokens: Sequence[Token]) -> Statement:
    """Read one line; raises `Misread`."""
    cursor = _Cursor(tokens)
    labels = []
    while cursor.at + 1 < len(tokens) and tokens[cursor.at].kind == "name" and tokens[cursor.at + 1].text == ":":
        labels.append(tokens[cursor.at])
        cursor.at += 2
    head = cursor.next
    if head is None:
        return Statement(tuple(labels), None, tokens=tuple(tokens))
    cursor.at += 1
    if head.kind == "directive":
        return Statement(tuple(labels), head, values=_values(cursor), tokens=tuple(tokens))
    if head.kind != "name":
        raise Misread(problem(head, f"a line begins with a label or an operation, not with {head.text}"))
    return Statement(tuple(labels), head, operands=_operands(cursor), tokens=tuple(tokens))


def _operands(cursor: _Cursor) -> tuple[Written, ...]:
    found: list[Written] = []
    while cursor.next is not None:
        if found:
            _comma(cursor)
        found.append(_operand(cursor))
    return tuple(found)


def _comma(cursor: _Cursor) -> None:
    token = cursor.expect("a comma")
    if token.text != ",":
        raise Misread(problem(token, f"a comma is expected before {token.text}", "operands are separated by commas"))


def _operand(cursor: _Cursor) -> Written:
    first = cursor.expect("an operand", _OPERAND_HINT)
    if first.text == "#":
        return Written("immediate", _value(cursor, "a number behind #"), first)
    if first.text == "[":
        return Written("indexed", Value(0), first, _index(cursor))
    if first.kind == "name" and not (cursor.next is not None and cursor.next.text in "+-["):
        if first.text.upper() in REGISTERS:
            return Written("register", Value(REGISTERS[first.text.upper()]), first)
        column = _COLUMN.fullmatch(first.text)
        if column is not None:
            return Written("column", Value(int(column[1])), first)
    if first.kind not in ("name", "number", "character") and first.text not in ("-", "+"):
        raise Misread(problem(first, f"{first.text} is no operand", _OPERAND_HINT))
    cursor.at -= 1
    value = _value(cursor, "an operand")
    if cursor.take("["):
        return Written("indexed", value, first, _index(cursor))
    return Written("immediate" if first.kind == "character" else "bare", value, first)


def _index(cursor: _Cursor) -> str:
    token = cursor.expect("an index register")
    index = token.text.upper()
    if index not in {*REGISTERS, "F"}:
        raise Misread(problem(token, f"{token.text} cannot be an index", "an index is A, B, C, D or F"))
    closing = cursor.expect("]")
    if closing.text != "]":
        raise Misread(problem(closing, f"] is expected before {closing.text}"))
    return index


def _value(cursor: _Cursor, what: str) -> Value:
    token = cursor.expect(what)
    sign = 1
    if token.text in ("-", "+"):
        sign = -1 if token.text == "-" else 1
        token = cursor.expect("a number")
        if token.kind != "number":
            raise Misread(problem(token, f"a number is expected behind the sign, not {token.text}"))
    if token.kind == "number":
        return Value(sign * int(token.text))
    if token.kind == "character":
        return Value(ord(decoded(token)))
    if token.kind != "name":
        raise Misread(problem(token, f"{what} is expected, not {token.text}"))
    return Value(_offset(cursor), token.text)


def _offset(cursor: _Cursor) -> int:
    for mark, sign in (("+", 1), ("-", -1)):
        if cursor.take(mark):
            token = cursor.expect("a number")
            if token.kind != "number":
                raise Misread(problem(token, f"a number is expected behind {mark}, not {token.text}"))
            return sign * int(token.text)
    return 0


def _values(cursor: _Cursor) -> tuple[Value | str, ...]:
    found: list[Value | str] = []
    while cursor.next is not None:
        if found and not cursor.take("="):
            _comma_or_value(cursor)
        token = cursor.next
        if token is not None and token.kind == "text":
            cursor.at += 1
            found.append(decoded(token))
        else:
            cursor.take("#")
            found.append(_value(cursor, "a value"))
    return tuple(found)


def _comma_or_value(cursor: _Cursor) -> None:
    """Let a comma stand between values; a text may follow without."""
    if cursor.next is not None and cursor.next.kind != "text":
        _comma(cursor)
    else:
        cursor.take(",")
