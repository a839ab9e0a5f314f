"""This file is about whether two outputs are the same, and where they first differ."""

from itertools import zip_longest
from typing import Any

MOST_SHOWN = 500
"""Characters of a line that are shown."""


def same(expected: str, found: str, comparison: str) -> bool:
    """Compare exactly, by lines (spaces at ends of lines and of the text are free), or by tokens (all spaces are)."""
    if comparison == "exact":
        return expected == found
    if comparison == "tokens":
        return expected.split() == found.split()
    return _lines(expected) == _lines(found)


def difference(expected: str, found: str, comparison: str) -> dict[str, Any] | None:
    """Return the first line in which two outputs differ, None if none does."""
    if same(expected, found, comparison):
        return None
    one, other = (text.split("\n") if comparison == "exact" else _lines(text) for text in (expected, found))
    for number, (wanted, got) in enumerate(zip_longest(one, other), 1):
        differ = (wanted or "").split() != (got or "").split() if comparison == "tokens" else wanted != got
        if differ:
            return {"line": number, "expected": _shown(wanted), "found": _shown(got)}
    return {"line": 1, "expected": _shown(expected), "found": _shown(found)}


def _lines(text: str) -> list[str]:
    lines = [line.rstrip() for line in text.rstrip().split("\n")]
    return lines if lines != [""] else []


def _shown(line: str | None) -> str | None:
    return None if line is None else line[:MOST_SHOWN]
