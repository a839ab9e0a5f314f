"""JSON written one way only, so that equal values have equal hashes; and what of it can be kept."""

import hashlib
import json
import math
import re
from typing import Any

MAX_DEPTH = 200
"""How deep what is kept may be nested: whoever reads it goes down level by level, and has only so much stack."""
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_TOO_DEEP = f"more than {MAX_DEPTH} levels of nesting"
_WRITTEN_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def canonical_json(value: Any) -> str:
    """Write JSON with sorted keys and no spaces.

    Refuses with `ValueError` or `TypeError` what JSON cannot say (NaN, infinities, foreign types) and what Postgres
    cannot keep (NUL characters), and what is nested deeper than `MAX_DEPTH`.
    """
    try:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    if text.count("[") + text.count("{") > MAX_DEPTH and depth(value) > MAX_DEPTH:
        raise ValueError(_TOO_DEEP)
    if "\\u0000" in text and _WRITTEN_NUL.search(text):
        raise ValueError("a string holds a NUL character")
    return text


def fingerprint(value: Any) -> str:
    """Hash a JSON value: SHA-256 of its canonical form, in hex."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def depth(value: Any) -> int:
    """Count the levels of lists and objects, 0 for anything else; takes no stack, however many there are."""
    levels, below = 0, [value]
    while containers := [each for each in below if isinstance(each, dict | list | tuple)]:
        levels += 1
        below = [inner for each in containers for inner in (each.values() if isinstance(each, dict) else each)]
    return levels


def storable_text(text: str) -> str:
    """Put U+FFFD in place of what Postgres cannot keep: NUL characters and halves of surrogate pairs."""
    return _UNSTORABLE.sub("\ufffd", text)


def storable(value: Any, *, levels: int = MAX_DEPTH) -> Any:
    """Make JSON of anything, for notes that must never harm what they are about: what is foreign becomes its text.

    What lies deeper than so many levels is left out.
    """
    match value:
        case None | bool() | int():
            return value
        case float():
            return float(value) if math.isfinite(value) else str(value)
        case dict() | list() | tuple() if levels == 0:
            return "…"
        case dict():
            return {storable_text(str(name)): storable(below, levels=levels - 1) for name, below in value.items()}
        case list() | tuple():
            return [storable(below, levels=levels - 1) for below in value]
        case _:
            return storable_text(str(value))
