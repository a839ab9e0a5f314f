"""What a cache keeps under a key: bytes, and until when they are good."""

from dataclasses import dataclass

FOREVER = float("inf")


@dataclass(frozen=True, slots=True)
class Entry:
    """A value, or the knowledge that there is none; instants are seconds since the epoch."""

    value: bytes | None
    """None: the source said that there is nothing. Everything else is a hit, however little it says."""
    fresh_until: float
    stale_until: float
    """Until when it may be answered with while a fresh one is fetched."""

    @property
    def size(self) -> int:
        """Return how many bytes the value takes."""
        return 0 if self.value is None else len(self.value)
