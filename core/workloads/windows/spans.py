"""Spans: which windows params mean, where they leave it open."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.jobs.domain_access import StoredWindow
from core.platform.domains.frames import Series
from core.platform.domains.windows import SpanInvalid


def bounds(params: Mapping[str, Any], context: JobContext) -> tuple[int, int]:
    """Return first and last index; those left open are the oldest and the newest that the domain may still have."""
    facts = context.domains.find(params["domain"])
    newest = facts.next_index - 1
    last = newest if params.get("last") is None else params["last"]
    oldest = max(0, newest - facts.retention_windows + 1)
    first = min(oldest, last) if params.get("first") is None else params["first"]
    if last < first:
        raise SpanInvalid(f"first is {first}, last is {last}")
    return first, last


def read(params: Mapping[str, Any], context: JobContext) -> Iterator[StoredWindow]:
    """Yield the windows that params mean."""
    yield from context.domains.read(params["domain"], *bounds(params, context))


def read_inline(inline: Mapping[str, Any]) -> Series:
    """Return a series that stands in the params."""
    rows = [[math.nan if value is None else value for value in row] for row in inline["values"]]
    return Series(list(inline["names"]), np.array(rows, dtype=float), [len(rows)])
