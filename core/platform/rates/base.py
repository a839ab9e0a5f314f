"""What counts requests: a window of so many slots that slides along, so that no two minutes meet at a border.

A count that starts anew each minute lets twice the limit through around its turn; keeping the time of each request
takes memory with the limit. Counts by slot, a hundredth of the window each, are exact to one slot in favour of the
limit and take the same memory for any.
"""

from dataclasses import dataclass
from typing import Protocol

SLOTS = 100
WINDOW_S = 60.0
SLOT_S = WINDOW_S / SLOTS


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of asking for some permits."""

    granted: int
    """How many of them may be used; they are counted."""
    remaining: int
    """How many more the window would let through now."""
    retry_after_s: float
    """When the next is to be had; 0 while any remain."""


class Window(Protocol):
    """Counts permits by key over the last `WINDOW_S` seconds."""

    def take(self, key: str, limit: int, wanted: int) -> Verdict:
        """Grant as many of the wanted permits as the limit leaves."""
