"""Slots: as many as are allowed, in their order, and nobody forgotten, whatever comes between."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tasks.slots import Slots


@dataclass(frozen=True)
class Request:
    """What Celery hands over."""

    id: str
    name: str = "platform.echo"


class Scene:
    """Slots and what went through them."""

    def __init__(self, full: int) -> None:
        self.slots = Slots(full)
        self.gone: list[str] = []
        self.came = 0

    def come(self, name: str = "platform.echo") -> bool:
        self.came += 1
        return self.slots.acquire(lambda request: self.gone.append(request.id), Request(str(self.came), name))


def test_a_restriction_holds_though_others_wait() -> None:
    scene = Scene(2)
    assert [scene.come() for _ in range(4)] == [True, True, False, False]
    scene.slots.restrict(1)
    scene.slots.release()
    assert scene.gone == ["1", "2"], "Celery's own semaphore would have let the third go"
    scene.slots.release()
    assert scene.gone == ["1", "2", "3"]
    scene.slots.restrict(2)
    assert scene.gone == ["1", "2", "3", "4"]


def test_who_waits_for_memory_keeps_the_place_in_line_and_only_chores_go_past() -> None:
    scene, refused = Scene(3), {"1"}
    scene.slots.admits = lambda request: request.id not in refused
    assert [scene.come(), scene.come(), scene.come("maintenance.reconcile")] == [False, False, True]
    assert scene.gone == ["3"]
    refused.clear()
    scene.slots.drain()
    assert scene.gone == ["3", "1", "2"]


def test_what_is_given_back_is_looked_at_again_once_it_is_over() -> None:
    scene = Scene(1)
    later: list[Callable[[], None]] = []
    scene.slots.soon = later.append
    scene.slots.admits = lambda request: request.id == "1" or bool(later)
    scene.come()
    scene.come()
    scene.slots.release()
    assert scene.gone == ["1"]
    later[0]()
    assert scene.gone == ["1", "2"]


def test_a_lost_broker_begins_anew() -> None:
    scene = Scene(1)
    scene.come()
    scene.come()
    scene.slots.clear()
    assert (scene.slots.held, scene.slots.value) == (0, 1)
    scene.slots.release()
    assert scene.slots.value == 1, "a release too many makes no place"


MOVES = st.lists(st.one_of(st.just("come"), st.just("end"), st.integers(1, 6)), max_size=80)


@given(MOVES, st.integers(1, 6))
def test_never_more_than_allowed_and_everybody_in_turn(moves: list[Any], full: int) -> None:
    scene, running = Scene(full), 0
    for move in moves:
        before = len(scene.gone)
        if move == "come":
            scene.come()
        elif move == "end" and running:
            running -= 1
            scene.slots.release()
        elif isinstance(move, int):
            scene.slots.restrict(min(move, full))
        running += len(scene.gone) - before
        assert running <= scene.slots.allowed or len(scene.gone) == before
        assert running == scene.slots.taken
    scene.slots.restrict(full)
    for _ in range(scene.came + full):
        scene.slots.release()
    assert scene.gone == [str(number) for number in range(1, scene.came + 1)]
