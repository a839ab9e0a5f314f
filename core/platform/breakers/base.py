"""What a circuit breaker remembers and promises, wherever it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

KEPT_S = 24 * 3600.0
"""A breaker that nobody asked for so long is forgotten."""
LONGEST_ERROR = 200


class Circuit(StrEnum):
    """Whether calls go through: all, none, one to see whether it works again."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


@dataclass(frozen=True, slots=True)
class Terms:
    """When a breaker opens, and for how long."""

    failures: int = 5
    """So many failures in a row open it."""
    open_s: float = 60.0
    """After so long one call is let through; one whose end is never told holds the place for as long again."""


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a call may be made."""

    allowed: bool
    ticket: int = 0
    """Says with the outcome when the call began: what began before the breaker opened no longer counts."""
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """One breaker as it is now; instants are seconds since the epoch."""

    name: str
    circuit: Circuit
    failures: int
    """In a row, up to now."""
    changed_at: float
    retry_at: float | None
    """When the next call is let through; None while all are."""
    error: str | None
    """What the latest failure was."""
    failed: int
    refused: int
    opened: int
    """How often, since it was first asked."""


class Store(Protocol):
    """Keeps breakers by name; every call is one step to all who share it."""

    def admit(self, name: str, terms: Terms, now: float) -> Admission:
        """Tell whether a call may be made, taking the place of the one probe where that is all there is."""

    def settle(self, name: str, terms: Terms, now: float, ticket: int, error: str | None) -> Circuit:
        """Learn how an admitted call ended, and return what the breaker is then."""

    def standings(self, now: float) -> Sequence[Standing]:
        """Return all breakers by name."""
