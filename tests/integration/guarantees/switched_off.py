"""Mechanisms switched off, each by the narrowest cut: one condition of one statement."""

import re
from dataclasses import replace

from core.jobs.lifecycle import Change

STATE = r"jobs\.state (IN \([^)]*\)|= '\w+'\S*)"
FENCE = r"jobs\.fence = (%\(\w+\)s|\$\d+)\S*"
ATTEMPTS_LEFT = r"jobs\.attempt < jobs\.max_attempts"
ATTEMPTS_USED_UP = r"jobs\.attempt >= jobs\.max_attempts"


def without(change: Change, condition: str, *, instead: str = "true") -> Change:
    """Return a change that does not look at something any more; fails when it did not look at it before."""
    assert re.search(condition, change.sql), f"{change.event} has no {condition}"
    cut = re.sub(condition, instead, change.prepared.sql)
    prepared = replace(change.prepared, name=f"{change.prepared.name}_cut", sql=cut)
    return replace(change, sql=re.sub(condition, instead, change.sql), prepared=prepared)
