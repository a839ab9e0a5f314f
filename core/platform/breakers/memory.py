"""Breakers in this process's memory, for as long as Redis is away."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

from core.platform.breakers.base import KEPT_S, Admission, Circuit, Standing, Terms

CAPACITY = 1000
"""So many are kept; whichever was asked longest ago is forgotten first."""


@dataclass(slots=True)
class _Breaker:
    circuit: Circuit = Circuit.CLOSED
    failures: int = 0
    ticket: int = 1
    until: float = 0.0
    changed_at: float = 0.0
    touched_at: float = 0.0
    error: str | None = None
    failed: int = 0
    refused: int = 0
    opened: int = 0

    def turn(self, circuit: Circuit, now: float) -> None:
        if circuit is not self.circuit:
            self.circuit, self.changed_at = circuit, now


@dataclass(slots=True)
class MemoryStore:
    """Breakers of one process."""

    _breakers: OrderedDict[str, _Breaker] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def admit(self, name: str, terms: Terms, now: float) -> Admission:
        """Tell whether a call may be made, taking the place of the one probe where that is all there is."""
        with self._lock:
            one = self._touch(name, now)
            if one.circuit is Circuit.CLOSED:
                return Admission(allowed=True, ticket=one.ticket)
            if now < one.until:
                one.refused += 1
                return Admission(allowed=False, wait_s=one.until - now)
            one.turn(Circuit.HALF_OPEN, now)
            one.ticket += 1
            one.until = now + terms.open_s
            return Admission(allowed=True, ticket=one.ticket)

    def settle(self, name: str, terms: Terms, now: float, ticket: int, error: str | None) -> Circuit:
        """Learn how an admitted call ended, and return what the breaker is then."""
        with self._lock:
            one = self._touch(name, now)
            if error is not None:
                one.failed, one.error = one.failed + 1, error
            if ticket != one.ticket:
                return one.circuit
            if error is None:
                one.failures = 0
                one.turn(Circuit.CLOSED, now)
                return one.circuit
            one.failures += 1
            if one.circuit is Circuit.HALF_OPEN or one.failures >= terms.failures:
                one.turn(Circuit.OPEN, now)
                one.ticket, one.until, one.opened = one.ticket + 1, now + terms.open_s, one.opened + 1
            return one.circuit

    def standings(self, now: float) -> Sequence[Standing]:
        """Return all breakers by name."""
        with self._lock:
            return [
                _standing(name, one) for name, one in sorted(self._breakers.items()) if now - one.touched_at < KEPT_S
            ]

    def _touch(self, name: str, now: float) -> _Breaker:
        one = self._breakers.setdefault(name, _Breaker(changed_at=now))
        one.touched_at = now
        self._breakers.move_to_end(name)
        if len(self._breakers) > CAPACITY:
            self._breakers.popitem(last=False)
        return one


def _standing(name: str, one: _Breaker) -> Standing:
    retry_at = None if one.circuit is Circuit.CLOSED else one.until
    told = (one.error, one.failed, one.refused, one.opened)
    return Standing(name, one.circuit, one.failures, one.changed_at, retry_at, *told)
