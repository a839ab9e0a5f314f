"""JSON written one way only, so that equal values have equal hashes; and what of it Postgres can keep."""

import hashlib
import json
import math
import re
from typing import Any

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_WRITTEN_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def canonical_json(value: Any) -> str:
    """Write JSON with sorted keys and no spaces.

    Refuses with `ValueError` or `TypeError` what JSON cannot say (NaN, infinities, foreign types) and what Postgres
    cannot keep (NUL characters).
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    if "\\u0000" in text and _WRITTEN_NUL.search(text):
        raise ValueError("a string holds a NUL character")
    return text


def fingerprint(value: Any) -> str:
    """Hash a JSON value: SHA-256 of its canonical form, in hex."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def storable_text(text: str) -> str:
    """Put U+FFFD in place of what Postgres cannot keep: NUL characters and halves of surrogate pairs."""
    return _UNSTORABLE.sub("\ufffd", text)


def storable(value: Any) -> Any:
    """Make JSON of anything, for notes that must never harm what they are about: what is foreign becomes its text."""
    match value:
        case None | bool() | int():
            return value
        case float():
            return float(value) if math.isfinite(value) else str(value)
        case dict():
            return {storable_text(str(name)): storable(below) for name, below in value.items()}
        case list() | tuple():
            return [storable(below) for below in value]
        case _:
            return storable_text(str(value))
