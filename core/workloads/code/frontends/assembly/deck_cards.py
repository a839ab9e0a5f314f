"""This file is about reading one card of a deck."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.workloads.code.frontends.base import Diagnostic, Phase

COLUMNS = 1_000
"""Columns of the Store that a deck may name."""
_OPERATIONS = {"+": 1, "-": 2, "*": 3, "×": 3, "/": 4, "÷": 4}
_NUMBER = re.compile(r"(\d+)\s+([+-]?)\s*(\d+(?:\.\d*)?|\.\d+)(?:\s.*)?")
_VARIABLE = re.compile(r"(\d+)('?)(?:\s.*)?")
_STEPPING = re.compile(r"(\d*)(?:\s.*)?")
_TURN = re.compile(r"([FB])([+?]?)(\d+)(?:\s.*)?", re.IGNORECASE)
_REQUESTS = (
    (re.compile(r"write\s+annotation ?(.*)", re.IGNORECASE), "annotation"),
    (re.compile(r"write\s+numbers\s+as\s+(.*)", re.IGNORECASE), "picture"),
    (re.compile(r"write\s+numbers\s+with\s+decimal\s+point()\s*", re.IGNORECASE), "point"),
    (re.compile(r"write\s+in\s+(rows|columns)\s*", re.IGNORECASE), "arrangement"),
    (re.compile(r"write\s+new\s+line()\s*", re.IGNORECASE), "new line"),
    (re.compile(r"set\s+decimal\s+places\s+to\s+([+-]?\d+)\s*", re.IGNORECASE), "places"),
)


class Misdealt(Exception):
    """A line of a deck is no card."""

    def __init__(self, line: int, column: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic(Phase.PARSE, message, line, column, hint=hint)


@dataclass(frozen=True, slots=True)
class DeckCard:
    """One card: its kind, and what is punched on it."""

    kind: str
    line: int
    number: int = 0
    """Column, count, operation or decimal places."""
    primed: bool = False
    text: str = ""
    value: Decimal = Decimal(0)

    def document(self) -> dict[str, Any]:
        """Return it as a tree that can be shown."""
        shown = {"line": self.line, "kind": self.kind, "number": self.number}
        return shown | ({"text": self.text} if self.text else {}) | ({"value": str(self.value)} if self.value else {})


def read_card(line: str, number: int) -> DeckCard:
    """Read one line; raises `Misdealt`."""
    if not line.strip() or line[0] in " \t.":
        return DeckCard("comment", number)
    reader = _READERS.get(line[0].upper())
    if reader is None:
        hint = "cards begin with N, L, Z, S, + - * /, < >, C, B, P, H or A; comments with a space or a full stop"
        raise Misdealt(number, 1, f"no card begins with {line[0]}", hint)
    return reader(line, line[1:].lstrip(), number)


def _operation(line: str, _rest: str, number: int) -> DeckCard:
    return DeckCard("operation", number, _OPERATIONS[line[0]])


def _action(line: str, rest: str, number: int) -> DeckCard:
    kind = {"B": "bell", "P": "print", "H": "halt"}[line[0].upper()]
    return DeckCard(kind, number, text=rest.strip() if kind == "halt" else "")


def _block(line: str, _rest: str, number: int) -> DeckCard:
    return DeckCard("block", number, text=re.split(r"\s", line, maxsplit=1)[0])


def _comment(_line: str, _rest: str, number: int) -> DeckCard:
    return DeckCard("comment", number)


def _drawing(_line: str, _rest: str, number: int) -> DeckCard:
    raise Misdealt(number, 1, "the curve drawing apparatus is not part of this Engine", "print the numbers (P)")


def _column(digits: str, line: int, place: int) -> int:
    if int(digits) >= COLUMNS:
        raise Misdealt(line, place, f"there is no column {digits}; a deck has {COLUMNS} columns, 000 to 999")
    return int(digits)


def _number(line: str, rest: str, number: int) -> DeckCard:
    match = _NUMBER.fullmatch(rest)
    if match is None:
        raise Misdealt(number, 1, f"{line[:40]!r} is no number card", "write N, a column and a number, as in N001 42")
    value = Decimal(match[2] + match[3])
    return DeckCard("number", number, _column(match[1], number, 2), value=value)


def _variable(line: str, rest: str, number: int) -> DeckCard:
    match = _VARIABLE.fullmatch(rest)
    if match is None:
        raise Misdealt(number, 1, f"{line[:40]!r} is no variable card", "write a column behind it, as in L001 or S002'")
    kind = {"L": "ingress", "Z": "ingress zeroing", "S": "egress"}[line[0].upper()]
    return DeckCard(kind, number, _column(match[1], number, 2), primed=bool(match[2]))


def _stepping(line: str, rest: str, number: int) -> DeckCard:
    match = _STEPPING.fullmatch(rest)
    if match is None:
        raise Misdealt(number, 1, f"no number of places behind {line[0]}", "as in <10")
    places = int(match[1]) if match[1] else -1
    if places > COLUMNS // 10:
        raise Misdealt(number, 2, f"a number cannot be stepped by {places} places; 100 at most")
    return DeckCard("step up" if line[0] == "<" else "step down", number, places)


def _turn(line: str, rest: str, number: int) -> DeckCard:
    match = _TURN.fullmatch(rest)
    if match is None:
        hint = "write CF or CB, + or ?, and a number of cards, as in CF?3"
        raise Misdealt(number, 1, f"{line[:40]!r} is no combinatorial card", hint)
    count = int(match[3]) * (1 if match[1].upper() == "F" else -1)
    return DeckCard("turn if run up" if match[2] == "?" else "turn", number, count)


def _request(_line: str, rest: str, number: int) -> DeckCard:
    for pattern, kind in _REQUESTS:
        match = pattern.fullmatch(rest)
        if match is None:
            continue
        if kind == "places":
            return DeckCard(kind, number, int(match[1]), text="relative" if match[1][0] in "+-" else "")
        return DeckCard(kind, number, text=match[1] if kind == "annotation" else match[1].strip())
    if rest.lower().startswith("include"):
        raise Misdealt(number, 1, "the attendant has no library of cards here", "put the library's cards into the deck")
    hint = "known are write annotation, write numbers as, write numbers with decimal point, write in rows or columns, "
    raise Misdealt(
        number, 1, f"the attendant does not know how to {rest[:40]!r}", hint + "write new line, set decimal places to"
    )


_READERS: dict[str, Callable[[str, str, int], DeckCard]] = {
    **dict.fromkeys(_OPERATIONS, _operation),
    **dict.fromkeys("BPH", _action),
    **dict.fromkeys("(){}", _block),
    **dict.fromkeys("LZS", _variable),
    **dict.fromkeys("<>", _stepping),
    "N": _number,
    "C": _turn,
    "A": _request,
    "T": _comment,
    "D": _drawing,
}
