"""How many messages of a queue the broker holds at most: enough to keep its workers busy, few enough to stay fair.

What is in the broker is served in the broker's order, so whatever comes later waits behind it. The window is therefore
no more than what the workers take in about a tenth of a second, and the rest waits in the outbox, where it can still
be shared out between tenants, held back or cancelled for nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

HORIZON_S = 0.1
SMALLEST = 4
LARGEST = 500
LOOK_AGAIN_S = 0.03
LONGEST_PAUSE_S = 0.25
REFILL = 0.4
"""A window is filled up again once so much of it is free, so that messages go in batches."""


@dataclass(slots=True)
class Window:
    """One queue's window as one relay knows it.

    The room that the last look left is used without looking again. Each look also tells how many messages the workers
    took since the one before, which sets the size. Several relays have a window each.
    """

    size: int = SMALLEST
    room: int = 0
    look_at: float = float("-inf")
    """When the broker may be asked again."""
    _held: int = 0
    _seen_at: float = float("-inf")
    _pause_s: float = LOOK_AGAIN_S

    def is_due(self, now: float) -> bool:
        """Tell whether the broker is to be asked: no room is known, and the last look is long enough ago."""
        return self.room <= 0 and now >= self.look_at

    def see(self, backlog: int, now: float) -> None:
        """Learn how many messages the broker holds."""
        taken = max(0, self._held - backlog)
        rate = taken / max(now - self._seen_at, LOOK_AGAIN_S)
        # Workers that emptied it may be faster than it could show.
        wanted = rate * HORIZON_S * (2 if backlog == 0 else 1)
        self.size = _bounded(wanted if wanted >= self.size else (self.size + wanted) / 2)
        # Where nothing moves, as behind long jobs, it is looked at less and less often.
        self._pause_s = LOOK_AGAIN_S if taken else min(2 * self._pause_s, LONGEST_PAUSE_S)
        self._held, self._seen_at, self.look_at = backlog, now, now + self._pause_s
        free = self.size - backlog
        self.room = free if free >= REFILL * self.size else 0

    def use(self) -> None:
        """Note that a message was sent."""
        self.room -= 1
        self._held += 1


@dataclass(slots=True)
class Windows:
    """The windows of all queues."""

    by_queue: dict[str, Window] = field(default_factory=dict)

    def due(self, now: float) -> list[str]:
        """List the queues of which the broker is to be asked."""
        return [queue for queue, window in self.by_queue.items() if window.is_due(now)]

    def see(self, backlogs: Mapping[str, int], now: float) -> None:
        """Learn how many messages of some queues the broker holds."""
        for queue, backlog in backlogs.items():
            self.by_queue[queue].see(backlog, now)

    def room(self) -> dict[str, int]:
        """Return how many messages each queue has room for, of those that have any."""
        return {queue: window.room for queue, window in self.by_queue.items() if window.room > 0}

    def use(self, queues: Iterable[str]) -> None:
        """Note that messages were sent to these queues."""
        for queue in queues:
            self.by_queue[queue].use()

    def next_look_s(self, now: float) -> float | None:
        """Return in how many seconds a queue without known room is to be asked of; None when all have some."""
        short = [window.look_at for window in self.by_queue.values() if window.room <= 0]
        return max(0.0, min(short) - now) if short else None


def _bounded(size: float) -> int:
    return max(SMALLEST, min(LARGEST, round(size)))
