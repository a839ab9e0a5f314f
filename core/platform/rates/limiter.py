"""The limiter of one process: permits fetched for a moment ahead, refusals remembered, Redis missed but not waited for.

Asking Redis about each request costs as much as reading a job. Who asks often gets its permits by the tenth of a
second: so many are fetched at once as it used in the tenth before, they are good for one slot, and what is left of
them is lost to it. Who was refused is refused from memory until the next permit is due.
"""

from dataclasses import dataclass, field
from math import ceil
from threading import Lock

import structlog
from redis import RedisError

from core.clock import Monotonic, monotonic
from core.platform.rates.base import SLOT_S, WINDOW_S, Verdict, Window
from core.platform.rates.memory import MemoryWindow

AHEAD_S = 0.1
SHARE = 0.005
"""No fetch takes more than this part of the limit, so that what several processes hold does not add up to much."""
SILENCE_S = 5.0
"""How long Redis is not asked after it failed."""
CAPACITY = 10_000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a request stands to its limit, as the `RateLimit-` headers tell it."""

    allowed: bool
    limit: int
    remaining: int
    reset_s: int
    """When the window is all the caller's again, or when the next request is let through."""


@dataclass(slots=True)
class _Purse:
    """Permits in hand under one key."""

    permits: int = 0
    good_until: float = 0.0
    remaining: int = 0
    refused_until: float = 0.0
    used: int = 0
    """How many were used since `counted_from`."""
    counted_from: float = 0.0
    rate: float = 0.0
    """Requests a second, lately."""


@dataclass(slots=True)
class Limiter:
    """Holds the requests of this process to limits that all processes share."""

    shared: Window
    clock: Monotonic = monotonic
    _own: MemoryWindow = field(init=False)
    _purses: dict[str, _Purse] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _silent_until: float = 0.0

    def __post_init__(self) -> None:
        self._own = MemoryWindow(self.clock)

    def ask(self, key: str, limit: int) -> Standing:
        """Tell whether one more request under a key is within its limit of so many a minute."""
        now = self.clock()
        with self._lock:
            if len(self._purses) > CAPACITY:
                self._purses.clear()
            purse = self._purses.setdefault(key, _Purse(counted_from=now))
            _count(purse, now)
            if now < purse.refused_until:
                return Standing(allowed=False, limit=limit, remaining=0, reset_s=ceil(purse.refused_until - now))
            if purse.permits and now < purse.good_until:
                return _spend(purse, limit)
            wanted = max(1, min(ceil(purse.rate * AHEAD_S), int(limit * SHARE)))
        verdict = self._take(key, limit, wanted, now)
        with self._lock:
            if not verdict.granted:
                purse.refused_until = now + max(verdict.retry_after_s, 0.001)
                return Standing(allowed=False, limit=limit, remaining=0, reset_s=max(1, ceil(verdict.retry_after_s)))
            # Another thread may have fetched meanwhile: what both got is counted, so both may be spent.
            purse.permits = verdict.granted + (purse.permits if now < purse.good_until else 0)
            purse.good_until, purse.remaining = now + SLOT_S, verdict.remaining
            return _spend(purse, limit)

    def _take(self, key: str, limit: int, wanted: int, now: float) -> Verdict:
        if now >= self._silent_until:
            try:
                return self.shared.take(key, limit, wanted)
            except RedisError as error:
                self._silent_until = now + SILENCE_S
                log.warning("rates.counted_here", reason=type(error).__name__)
        return self._own.take(key, limit, wanted)


def _spend(purse: _Purse, limit: int) -> Standing:
    purse.permits -= 1
    return Standing(allowed=True, limit=limit, remaining=purse.remaining + purse.permits, reset_s=ceil(WINDOW_S))


def _count(purse: _Purse, now: float) -> None:
    """Follow how often is asked, by the tenth of a second."""
    purse.used += 1
    passed = now - purse.counted_from
    if passed >= AHEAD_S:
        purse.rate, purse.used, purse.counted_from = (purse.used - 1) / passed, 1, now
