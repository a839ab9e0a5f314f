"""Waiting for news without a Redis: places, wake-ups, giving up."""

import threading
from uuid import UUID

import pytest

from webapp.waiting import StreamsFull, Waiting

JOB = UUID("01920000-0000-7000-8000-000000000000")


class ManualClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Waiting:
    """A place to wait whose listening thread is never started: a unit test opens no socket."""
    made = Waiting("redis://nowhere", threads=8, clock=ManualClock())
    monkeypatch.setattr(made, "_listen", lambda: None)
    return made


def test_what_holds_already_is_not_waited_for(waiting: Waiting) -> None:
    assert waiting.until(JOB, lambda: True, seconds=30)


def test_waiting_gives_up_in_time(waiting: Waiting) -> None:
    assert not waiting.until(JOB, lambda: False, seconds=0)


def test_news_wake_those_who_wait_for_that_job_alone(waiting: Waiting) -> None:
    with waiting.watch(JOB) as news, waiting.watch(UUID(int=1)) as other:
        waiting.wake(JOB)
        assert news.is_set()
        assert not other.is_set()
    assert not waiting._waiters


def test_each_wake_up_looks_again(waiting: Waiting) -> None:
    looks: list[bool] = []

    def done() -> bool:
        looks.append(True)
        waiting.wake(JOB)
        return len(looks) == 3

    assert waiting.until(JOB, done, seconds=30)
    assert len(looks) == 3


def test_too_many_who_wait_are_answered_at_once(waiting: Waiting) -> None:
    for _ in range(2):
        waiting._polls.acquire()
    assert not waiting.until(JOB, lambda: False, seconds=30)


def test_waiting_ends_when_the_process_stops(waiting: Waiting) -> None:
    waiting.closing = lambda: True
    assert not waiting.until(JOB, lambda: False, seconds=30)


def test_streams_hold_half_the_threads(waiting: Waiting) -> None:
    places = [waiting.take_stream() for _ in range(4)]
    with pytest.raises(StreamsFull, match="poll"):
        waiting.take_stream()
    places[0]()
    assert callable(waiting.take_stream())


def test_a_fork_starts_its_own_listening_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(threading.Thread, "start", lambda thread: started.append(thread.name))
    waiting = Waiting("redis://nowhere", threads=8)
    for pid in [1, 1, 2]:
        monkeypatch.setattr("webapp.waiting.os.getpid", lambda pid=pid: pid)
        with waiting.watch(JOB):
            pass
    assert len(started) == 2
