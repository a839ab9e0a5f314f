"""A window that slides: exact to a hundredth, whenever requests come."""

import random

import pytest

from core.platform.rates.base import SLOT_S, WINDOW_S
from core.platform.rates.memory import CAPACITY, MemoryWindow


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_no_more_than_the_limit_and_as_many_again_a_window_later(clock: Clock) -> None:
    window = MemoryWindow(clock)
    assert sum(window.take("a", 7, 1).granted for _ in range(20)) == 7
    refused = window.take("a", 7, 1)
    assert (refused.granted, refused.remaining) == (0, 0)
    assert refused.retry_after_s == pytest.approx(WINDOW_S, abs=SLOT_S)
    clock.now += refused.retry_after_s - 0.01
    assert window.take("a", 7, 1).granted == 0
    clock.now += SLOT_S
    assert sum(window.take("a", 7, 1).granted for _ in range(20)) == 7


def test_many_are_granted_as_far_as_there_are(clock: Clock) -> None:
    window = MemoryWindow(clock)
    assert window.take("a", 10, 4).granted == 4
    assert window.take("a", 10, 9).granted == 6
    assert window.take("b", 10, 9).granted == 9, "each key has a limit of its own"


@pytest.mark.parametrize("seed", range(5))
def test_in_no_window_at_all_is_more_let_through(clock: Clock, seed: int) -> None:
    rng, window, limit = random.Random(seed), MemoryWindow(clock), 50
    granted = []
    for _ in range(3_000):
        clock.now += rng.expovariate(5 * limit / WINDOW_S)
        granted += [clock.now] * window.take("a", limit, 1).granted
    most = max(sum(at - WINDOW_S < one <= at for one in granted) for at in granted)
    assert most == limit
    seconds = granted[-1] - granted[0]
    assert len(granted) == pytest.approx(limit * (1 + seconds / WINDOW_S), rel=0.1)


def test_whoever_asked_longest_ago_is_forgotten_first(clock: Clock) -> None:
    window = MemoryWindow(clock)
    for number in range(CAPACITY + 1):
        window.take(str(number), 1, 1)
    assert window.take("0", 1, 1).granted == 1
    assert window.take(str(CAPACITY), 1, 1).granted == 0
