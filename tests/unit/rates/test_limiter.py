"""The limiter: what it asks the shared count for, what it remembers, and what it does without it."""

import pytest
from redis import ConnectionError as Disconnected

from core.platform.rates.base import SLOT_S, WINDOW_S, Verdict
from core.platform.rates.limiter import SILENCE_S, Limiter
from core.platform.rates.memory import MemoryWindow


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 5_000.0

    def __call__(self) -> float:
        return self.now


class Shared:
    """A count that several limiters share, which may be away; it notes how much it was asked for."""

    def __init__(self, clock: Clock) -> None:
        self._window = MemoryWindow(clock)
        self.away = False
        self.wanted: list[int] = []

    def take(self, key: str, limit: int, wanted: int) -> Verdict:
        self.wanted.append(wanted)
        if self.away:
            raise Disconnected
        return self._window.take(key, limit, wanted)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shared(clock: Clock) -> Shared:
    return Shared(clock)


def test_who_asks_seldom_is_counted_one_by_one(clock: Clock, shared: Shared) -> None:
    limiter = Limiter(shared, clock)
    for left in range(9, 4, -1):
        standing = limiter.ask("a", 10)
        assert (standing.allowed, standing.limit, standing.remaining) == (True, 10, left)
        clock.now += 1
    assert shared.wanted == [1] * 5


def test_two_processes_together_let_the_limit_through(clock: Clock, shared: Shared) -> None:
    limiters, limit, allowed = [Limiter(shared, clock), Limiter(shared, clock)], 2_000, 0
    for number in range(10_000):
        clock.now += 0.001
        allowed += limiters[number % 2].ask("a", limit).allowed
    assert allowed == pytest.approx(limit, rel=0.02)
    assert len(shared.wanted) < limit / 4, "permits are fetched ahead"


def test_permits_in_hand_are_lost_after_a_moment(clock: Clock, shared: Shared) -> None:
    limiter = Limiter(shared, clock)
    for _ in range(500):
        clock.now += 0.001
        limiter.ask("a", 10_000)
    asked = len(shared.wanted)
    clock.now += SLOT_S + 0.001
    limiter.ask("a", 10_000)
    assert len(shared.wanted) == asked + 1


def test_a_refusal_is_remembered_until_there_is_room(clock: Clock, shared: Shared) -> None:
    limiter = Limiter(shared, clock)
    assert [limiter.ask("a", 2).allowed for _ in range(50)] == [True, True] + [False] * 48
    assert len(shared.wanted) == 3
    refused = limiter.ask("a", 2)
    assert refused.remaining == 0
    assert abs(refused.reset_s - WINDOW_S) <= 1
    clock.now += refused.reset_s + SLOT_S
    assert limiter.ask("a", 2).allowed


def test_without_the_shared_count_each_process_keeps_the_limit_itself(clock: Clock, shared: Shared) -> None:
    shared.away = True
    limiters = [Limiter(shared, clock), Limiter(shared, clock)]
    for limiter in limiters:
        assert sum(limiter.ask("a", 20).allowed for _ in range(100)) == 20
    assert len(shared.wanted) == 2, "it is left alone for a while"
    shared.away = False
    clock.now += SILENCE_S + WINDOW_S
    assert limiters[0].ask("a", 20).allowed
    assert len(shared.wanted) == 3
