"""Breakers keep their terms wherever they are kept; time is moved, never waited for."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from core import redis
from core.platform.breakers.base import Circuit, Store
from core.platform.breakers.breaker import BreakerOpen, Breakers
from core.platform.breakers.memory import MemoryStore
from core.platform.breakers.shared import SharedStore


class Boom(Exception):
    """What the called thing raises."""


@dataclass
class Hands:
    """A clock that is moved by hand."""

    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture(params=["memory", "redis"])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "memory":
        return MemoryStore()
    return SharedStore(redis.connect(request.getfixturevalue("redis_url")))


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def breakers(store: Store, clock: Hands) -> Breakers:
    return Breakers(store, clock)


def fail(breakers: Breakers, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(Boom), breakers.guarding("it", Boom):
            raise Boom("no")


def state(breakers: Breakers) -> Circuit:
    return breakers.standings()[0].circuit


def test_it_opens_at_the_fifth_failure_and_not_at_the_fourth(breakers: Breakers) -> None:
    fail(breakers, 4)
    assert state(breakers) is Circuit.CLOSED
    fail(breakers)
    assert state(breakers) is Circuit.OPEN
    with pytest.raises(BreakerOpen) as refused, breakers.guarding("it", Boom):
        pytest.fail("an open breaker let a call through")
    assert refused.value.retry_after_s == 60.0


def test_a_success_between_failures_begins_the_count_anew(breakers: Breakers) -> None:
    fail(breakers, 4)
    with breakers.guarding("it", Boom):
        pass
    fail(breakers, 4)
    assert state(breakers) is Circuit.CLOSED


def test_one_of_many_probes_after_a_minute(breakers: Breakers, clock: Hands) -> None:
    fail(breakers, 5)
    clock.move(59.999)
    assert not breakers.admit("it").allowed
    clock.move(0.001)
    with ThreadPoolExecutor(8) as pool:
        admitted = list(pool.map(lambda _: breakers.admit("it").allowed, range(40)))
    assert admitted.count(True) == 1
    assert state(breakers) is Circuit.HALF_OPEN


def test_a_probe_that_succeeds_closes_it(breakers: Breakers, clock: Hands) -> None:
    fail(breakers, 5)
    clock.move(60)
    with breakers.guarding("it", Boom):
        pass
    assert state(breakers) is Circuit.CLOSED
    assert breakers.admit("it").allowed


def test_a_probe_that_fails_opens_it_for_another_minute(breakers: Breakers, clock: Hands) -> None:
    fail(breakers, 5)
    clock.move(60)
    fail(breakers)
    clock.move(59)
    assert not breakers.admit("it").allowed
    clock.move(1)
    assert breakers.admit("it").allowed


def test_a_probe_that_never_comes_back_is_followed_by_another(breakers: Breakers, clock: Hands) -> None:
    fail(breakers, 5)
    clock.move(60)
    assert breakers.admit("it").allowed
    clock.move(59)
    assert not breakers.admit("it").allowed
    clock.move(1)
    assert breakers.admit("it").allowed


def test_what_began_before_it_opened_no_longer_counts(breakers: Breakers) -> None:
    late = breakers.admit("it")
    fail(breakers, 5)
    breakers.settle("it", late.ticket)
    assert state(breakers) is Circuit.OPEN


def test_errors_that_are_no_failures_are_answers(breakers: Breakers) -> None:
    fail(breakers, 4)
    with pytest.raises(ValueError, match="bad"), breakers.guarding("it", Boom):
        raise ValueError("bad")
    fail(breakers, 4)
    assert state(breakers) is Circuit.CLOSED


def test_the_counts_are_told(breakers: Breakers) -> None:
    fail(breakers, 5)
    breakers.admit("it")
    told = breakers.standings()[0]
    assert (told.failed, told.refused, told.opened, told.error) == (5, 1, 1, "Boom: no")


def test_one_that_nobody_asks_for_a_day_is_forgotten(breakers: Breakers, clock: Hands) -> None:
    fail(breakers)
    clock.move(24 * 3600 + 1)
    assert list(breakers.standings()) == []
