"""Remarks: what is kept of the words that a computation says while it runs, without secrets and within bounds."""

from collections.abc import Mapping
from typing import Any

from core.canonical import canonical_json, storable, storable_text
from core.redaction import redact, redact_value

LONGEST_TEXT = 10_000
"""Characters that are kept of one message, and of a line's fields as JSON."""


def kept_text(text: str) -> str:
    """Return what is kept of a message."""
    return storable_text(redact(text)[:LONGEST_TEXT])


def kept_report(latest: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of a report, of its frame only when it is written: most are not."""
    return {**latest, "frame": kept_fields(dict(latest["frame"]))} if "frame" in latest else dict(latest)


def kept_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of a line's fields; of too many, how many characters they were."""
    kept: dict[str, Any] = redact_value(storable(fields))
    size = len(canonical_json(kept)) if kept else 0
    return kept if size <= LONGEST_TEXT else {"dropped_characters": size}
