"""This file is about what is noticed in a program besides what it prints: length, nesting, ways through, names, cards.

Ways through are counted as McCabe has it (*A complexity measure*, 1976): one, and one more for each decision.
"""

import re
from collections.abc import Iterator
from typing import Any

from core.workloads.code.curriculum.lexing import Word, words
from core.workloads.code.curriculum.manners import MANNERS

LONGEST_LINE = 100
DEEPEST = 4
MOST_WAYS = 15
COSTLY = 3.0
"""How many times the reference's cards are worth a remark."""
_INDENT = 4


def notes(language: str, source: str, cards: int | None = None, reference_cards: int | None = None) -> dict[str, Any]:
    """Return what is noticed, with remarks for whoever wrote it."""
    found = list(words(language, source))
    lines = [line.rstrip() for line in source.splitlines()]
    told = {
        "lines": sum(1 for line in lines if line),
        "longest_line": max(map(len, lines), default=0),
        "nesting": _nesting(language, found, lines),
        "ways_through": 1 + sum(_decides(language, one) for one in found),
        "cards": cards,
        "reference_cards": reference_cards,
    }
    return {**told, "remarks": list(_remarks(told, found))}


def _decides(language: str, word: Word) -> bool:
    return word.sort != "text" and word.text in MANNERS[language].decisions


def _nesting(language: str, found: list[Word], lines: list[str]) -> int:
    """Return how deep it is nested: by brackets, or by steps of indentation."""
    opening = MANNERS[language].opening
    if not opening:
        return max((_indent(line) for line in lines if line), default=0)
    depth = deepest = 0
    for word in found:
        if word.sort == "sign":
            depth += word.text.count(opening) - word.text.count({"{": "}", "(": ")"}[opening])
            deepest = max(deepest, depth)
    return deepest


def _indent(line: str) -> int:
    wide = line.expandtabs(_INDENT)
    return (len(wide) - len(wide.lstrip())) // _INDENT


def _remarks(told: dict[str, Any], found: list[Word]) -> Iterator[str]:
    if told["longest_line"] > LONGEST_LINE:
        yield f"The longest line has {told['longest_line']} characters; {LONGEST_LINE} are read easily."
    if told["nesting"] > DEEPEST:
        yield f"It is nested {told['nesting']} deep: a function of its own may hold the inner part."
    if told["ways_through"] > MOST_WAYS:
        yield f"There are {told['ways_through']} ways through it: take it apart, or let a table decide."
    confusing = sorted({one.text for one in found if one.sort == "name" and one.text in {"l", "O", "I"}})
    if confusing:
        yield f"The name {' and '.join(confusing)} is easily read as a digit."
    unnamed = sorted({one.text for one in found if one.sort == "name" and re.fullmatch(r"[a-z]+\d+", one.text)})
    if len(unnamed) > 1:
        yield f"Numbered names ({', '.join(unnamed[:4])}) say little: name what they hold, or use a list."
    if told["cards"] and told["reference_cards"] and told["cards"] > COSTLY * told["reference_cards"]:
        times = told["cards"] / told["reference_cards"]
        yield f"It takes {times:.1f} times as many cards as the reference solution: look for work that is done twice."
