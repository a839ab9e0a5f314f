"""A cache on a folder of its own, and a clock that is moved by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.platform.cache.hot import HotTier
from core.platform.cache.tiers import Cache
from core.platform.cache.warm import WarmTier


@dataclass
class Hands:
    """A clock that is moved by hand."""

    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Source:
    """What is behind the cache: counts how often it is asked."""

    value: object = "water"
    asked: int = 0

    def __call__(self) -> object:
        self.asked += 1
        return self.value


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def make_cache(tmp_path: Path, clock: Hands) -> Callable[[], Cache]:
    """Make the cache of one more process of the same host."""
    return lambda: Cache(HotTier(), WarmTier(tmp_path / "cache" / "warm.db"), clock)


@pytest.fixture
def cache(make_cache: Callable[[], Cache]) -> Cache:
    return make_cache()
