"""This file is about the words of a program in any language, as far as counting and comparing takes them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.workloads.code.curriculum.manners import MANNERS


@dataclass(frozen=True, slots=True)
class Word:
    """A word: a keyword or a sign as it is, or what stands for any name, number or text."""

    sort: str
    """`keyword`, `name`, `number`, `text` or `sign`."""
    text: str
    line: int


def words(language: str, source: str) -> Iterator[Word]:
    """Yield the words of a program without comments; whatever no language has comes as signs: nothing is refused."""
    manner = MANNERS[language]
    line = 1
    for found in _pattern(language).finditer(source):
        sort = found.lastgroup or "sign"
        if sort not in {"space", "comment"}:
            text = found.group()
            yield Word("keyword" if sort == "name" and text in manner.keywords else sort, text, line)
        line += found.group().count("\n")


def _pattern(language: str) -> re.Pattern[str]:
    manner = MANNERS[language]
    comments = "|".join([*manner.comments, r"(?!)"])
    return re.compile(
        rf"(?P<space>\s+)|(?P<comment>{comments})|(?P<text>{manner.texts})"
        rf"|(?P<number>\d[\w.]*)|(?P<name>{manner.names})|(?P<sign>[-+*/=<>!&|:]+|.)",
        re.DOTALL,
    )
