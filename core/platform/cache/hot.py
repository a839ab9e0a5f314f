"""The hot tier: what this process was asked lately, in its memory; who was asked longest ago goes first."""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from core.platform.cache.entry import Entry

LIMIT_BYTES = 100 << 20
EACH_BYTES = 512
"""What an entry takes beside its key and value: the objects around them, and its place in the order."""


@dataclass(slots=True)
class HotTier:
    """Entries of one process, never more than so many bytes."""

    limit_bytes: int = LIMIT_BYTES
    used_bytes: int = 0
    evicted: int = 0
    _entries: OrderedDict[str, Entry] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: str, now: float) -> Entry | None:
        """Return an entry that is fresh, or may be answered with while it is not."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            if now < entry.stale_until:
                self._entries.move_to_end(key)
                return entry
            self._drop(key)
            return None

    def put(self, key: str, entry: Entry) -> None:
        """Keep an entry; one that is larger than the tier is not kept."""
        with self._lock:
            self._drop(key)
            if _size(key, entry) > self.limit_bytes:
                return
            self._entries[key] = entry
            self.used_bytes += _size(key, entry)
            while self.used_bytes > self.limit_bytes:
                self._drop(next(iter(self._entries)))
                self.evicted += 1

    def resize(self, limit_bytes: int) -> None:
        """Keep no more than so many bytes from now on."""
        with self._lock:
            self.limit_bytes = limit_bytes
            while self.used_bytes > limit_bytes:
                self._drop(next(iter(self._entries)))
                self.evicted += 1

    def forget(self, key: str) -> None:
        """Take an entry away."""
        with self._lock:
            self._drop(key)

    def __len__(self) -> int:
        """Count the entries."""
        return len(self._entries)

    def _drop(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.used_bytes -= _size(key, entry)


def _size(key: str, entry: Entry) -> int:
    return EACH_BYTES + len(key) + entry.size
