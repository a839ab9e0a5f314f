"""An equation cut into words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from core.workloads.simulation.expressions.faults import ExpressionFault

Sort = Literal["number", "name", "sign", "end"]
_WORD = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<sign><=|>=|==|!=|[-+*/^(),<>\[\]]))",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, and the character at which it begins, from 1."""

    sort: Sort
    text: str
    at: int


def cut(text: str) -> Iterator[Token]:
    """Yield the words of an equation and an end behind them; raises `ExpressionFault` at a strange character."""
    place, end = 0, len(text.rstrip())
    while place < end:
        found = _WORD.match(text, place)
        if found is None:
            strange = place + len(text[place:]) - len(text[place:].lstrip())
            raise ExpressionFault(f"{text[strange]!r} has no meaning here.", strange + 1)
        for sort in ("number", "name", "sign"):
            if found[sort] is not None:
                yield Token(sort, found[sort], found.start(sort) + 1)
        place = found.end()
    yield Token("end", "the end", end + 1)
