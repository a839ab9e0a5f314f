"""Counting in this process's memory, for as long as Redis is away."""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from core.clock import Monotonic, monotonic
from core.platform.rates.base import SLOT_S, SLOTS, Verdict

CAPACITY = 10_000
"""So many keys are kept; whoever asked longest ago is forgotten first."""


@dataclass(slots=True)
class MemoryWindow:
    """Counts of one process."""

    clock: Monotonic = monotonic
    _counts: OrderedDict[str, dict[int, int]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, key: str, limit: int, wanted: int) -> Verdict:
        """Grant as many of the wanted permits as the limit leaves."""
        now_s = self.clock()
        slot = int(now_s / SLOT_S)
        with self._lock:
            counts = self._counts.setdefault(key, {})
            self._counts.move_to_end(key)
            if len(self._counts) > CAPACITY:
                self._counts.popitem(last=False)
            for old in [each for each in counts if each < slot - SLOTS]:
                del counts[old]
            left = max(0, limit - sum(counts.values()))
            granted = min(wanted, left)
            if granted:
                counts[slot] = counts.get(slot, 0) + granted
            oldest = min(counts, default=slot)
        wait_s = 0.0 if left > granted else max(0.0, (oldest + SLOTS + 1) * SLOT_S - now_s)
        return Verdict(granted, left - granted, wait_s)
