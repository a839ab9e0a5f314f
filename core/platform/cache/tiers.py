"""Both tiers and the source behind them: what is asked for often is answered from near, and the source asked once."""

import json
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from core.clock import Clock, utc_now
from core.errors import PenstockError
from core.platform.breakers.base import Circuit
from core.platform.breakers.breaker import BreakerOpen, Breakers
from core.platform.breakers.memory import MemoryStore
from core.platform.cache.entry import Entry
from core.platform.cache.flight import flight
from core.platform.cache.hot import HotTier
from core.platform.cache.warm import WarmTier, WarmUnavailable

JITTER = 0.1
"""By how much lifetimes differ, so that what was fetched together is not missed together."""
PATIENCE_S = 10.0
Load = Callable[[], Any]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long an answer is good."""

    fresh_s: float
    stale_s: float = 0.0
    """How much longer it is answered with, while somebody fetches a fresh one."""
    negative_s: float = 5.0
    """How long it is believed that there is nothing."""


@dataclass(slots=True)
class Cache:
    """The cache of one process: its own hot tier, and a warm one that all processes of the host share."""

    hot: HotTier
    warm: WarmTier
    clock: Clock = utc_now
    rng: random.Random = field(default_factory=random.Random)  # spreads lifetimes, guards nothing
    counts: Counter[str] = field(default_factory=Counter)
    """Hits by tier (`hot`, `warm`, `stale`), misses (`miss`), failures of the warm tier (`warm_failed`)."""
    told: Counter[str] = field(default_factory=Counter)
    """The same since somebody took them."""
    _breakers: Breakers = field(init=False)
    _refreshing: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._breakers = Breakers(MemoryStore(), self.clock)

    @classmethod
    def at(cls, folder: Path, clock: Clock = utc_now) -> "Cache":
        """Keep the warm tier in a folder."""
        return cls(HotTier(), WarmTier(folder / "cache" / "warm.db"), clock)

    def get(self, key: str, load: Load, lifetime: Lifetime) -> Any:
        """Return what is known under a key, as `load` answers it: something that JSON can say; None for nothing.

        `load` is called at most once at a time for all processes of the host; what it raises is raised, not kept.
        """
        now = self.clock().timestamp()
        entry = self.hot.get(key, now)
        if entry is not None and now < entry.fresh_until:
            self._count("hot")
            return _read(entry)
        if entry is not None:
            self._count("stale")
            self._refresh(key, load, lifetime)
            return _read(entry)
        return self._get_warm(key, load, lifetime, now)

    def forget(self, key: str) -> None:
        """Take away what is known under a key, here and in the warm tier; other processes' hot tiers keep theirs."""
        self.hot.forget(key)
        self._warmly(lambda: self.warm.forget(key))

    def take_counts(self) -> Mapping[str, int]:
        """Return what was counted since this was last asked."""
        with self._lock:
            counts, self.told = self.told, Counter()
        return counts

    @property
    def warm_circuit(self) -> Circuit:
        """Tell whether the warm tier is used."""
        standings = self._breakers.standings()
        return standings[0].circuit if standings else Circuit.CLOSED

    def _get_warm(self, key: str, load: Load, lifetime: Lifetime, now: float) -> Any:
        entry = self._warmly(lambda: self.warm.get(key, now))
        if entry is None:
            with flight(self.warm.path.with_name("flights"), key, patience_s=PATIENCE_S):
                now = self.clock().timestamp()
                entry = self.hot.get(key, now) or self._warmly(lambda: self.warm.get(key, now))
                if entry is None:
                    self._count("miss")
                    return self._fetch(key, load, lifetime)
        self.hot.put(key, entry)
        self._count("warm" if now < entry.fresh_until else "stale")
        if now >= entry.fresh_until:
            self._refresh(key, load, lifetime)
        return _read(entry)

    def _fetch(self, key: str, load: Load, lifetime: Lifetime) -> Any:
        value = load()
        now = self.clock().timestamp()
        fresh_s = lifetime.negative_s if value is None else lifetime.fresh_s
        fresh_until = now + fresh_s * self.rng.uniform(1 - JITTER, 1 + JITTER)
        stale_s = 0.0 if value is None else lifetime.stale_s
        entry = Entry(None if value is None else _written(value), fresh_until, fresh_until + stale_s)
        self.hot.put(key, entry)
        self._warmly(lambda: self.warm.put(key, entry, now))
        return value

    def _refresh(self, key: str, load: Load, lifetime: Lifetime) -> None:
        """Have a thread fetch a fresh answer, if none does."""
        with self._lock:
            if key in self._refreshing:
                return
            self._refreshing.add(key)
        Thread(target=self._refetch, args=(key, load, lifetime), name="cache", daemon=True).start()

    def _refetch(self, key: str, load: Load, lifetime: Lifetime) -> None:
        try:
            with flight(self.warm.path.with_name("flights"), key, patience_s=PATIENCE_S):
                now = self.clock().timestamp()
                entry = self._warmly(lambda: self.warm.get(key, now))
                if entry is None or now >= entry.fresh_until:
                    self._fetch(key, load, lifetime)
                else:
                    self.hot.put(key, entry)
        except (PenstockError, SQLAlchemyError, OSError) as error:
            log.warning("cache.refresh_failed", key=key, reason=type(error).__name__)
        finally:
            with self._lock:
                self._refreshing.discard(key)

    def _warmly(self, ask: Callable[[], Entry | None]) -> Entry | None:
        """Ask the warm tier, unless it failed again and again; a failure is a miss."""
        try:
            with self._breakers.guarding("cache:warm", WarmUnavailable):
                return ask()
        except BreakerOpen:
            return None
        except WarmUnavailable as error:
            self._count("warm_failed")
            log.warning("cache.warm_failed", reason=error.detail)
            return None

    def _count(self, what: str) -> None:
        self.counts[what] += 1
        self.told[what] += 1


def _written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _read(entry: Entry) -> Any:
    return None if entry.value is None else json.loads(entry.value.decode())
