"""A clock that is moved by whoever naps by it, so that waiting takes no time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(slots=True)
class NapClock:
    """What a line to a platform and its breakers know of time."""

    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def monotonic(self) -> float:
        """Tell it in seconds."""
        return self.now.timestamp()

    def nap(self, seconds: float) -> None:
        """Have time pass."""
        self.now += timedelta(seconds=seconds)
