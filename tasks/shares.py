"""Shares: how much of a queue each tenant was given lately, forgotten by half every few seconds.

Turns alone would give a tenant that comes with twenty jobs every second turn beside one with a million. Who had less
lately goes first until both are even, so that whoever asks for little hardly notices the others.
"""

from collections.abc import Mapping
from uuid import UUID

HALF_LIFE_S = 5.0

Share = tuple[str, UUID]
"""A queue and a tenant."""


class Shares:
    """What one relay remembers of the messages it carried."""

    def __init__(self) -> None:
        self._amounts: dict[Share, float] = {}
        self._as_of = 0.0

    def note(self, carried: Mapping[Share, int], now: float) -> None:
        """Add messages that were carried."""
        self._fade(now)
        for share, count in carried.items():
            self._amounts[share] = self._amounts.get(share, 0.0) + count

    def lately(self, now: float) -> dict[Share, int]:
        """Return how many messages each tenant was given lately, in messages of today."""
        self._fade(now)
        return {share: round(amount) for share, amount in self._amounts.items()}

    def _fade(self, now: float) -> None:
        kept = 0.5 ** (max(0.0, now - self._as_of) / HALF_LIFE_S)
        self._as_of = now
        faded = {share: amount * kept for share, amount in self._amounts.items()}
        self._amounts = {share: amount for share, amount in faded.items() if amount >= 1.0}
