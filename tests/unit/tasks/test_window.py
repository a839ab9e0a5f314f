"""The window follows what the workers take: small while little is taken, large while much is, asked about seldom."""

import pytest

from tasks.window import HORIZON_S, LARGEST, LONGEST_PAUSE_S, LOOK_AGAIN_S, SMALLEST, Window, Windows


def served(rate: float, *, seconds: float, window: Window | None = None) -> Window:
    """Let workers take so many messages a second while the relay sends as many as it may, at every look."""
    window = window or Window()
    waiting, now = 0.0, 0.0
    while now < seconds:
        waiting = max(0.0, waiting - rate * LOOK_AGAIN_S)
        if window.is_due(now):
            window.see(round(waiting), now)
        for _ in range(window.room):
            window.use()
            waiting += 1
        now += LOOK_AGAIN_S
    return window


def test_a_new_window_asks_first_and_then_has_room_for_a_handful() -> None:
    window = Window()
    assert (window.is_due(0.0), window.room) == (True, 0)
    window.see(0, 0.0)
    assert (window.is_due(0.0), window.room) == (False, SMALLEST)


def test_while_room_is_known_the_broker_is_not_asked() -> None:
    windows = Windows({"default": Window(), "io": Window()})
    windows.see({"default": 0, "io": 0}, 0.0)
    windows.use(["default"] * (SMALLEST - 1))
    assert (windows.due(100.0), windows.next_look_s(100.0)) == ([], None)
    windows.use(["default"])
    assert (windows.due(100.0), windows.room()) == (["default"], {"io": SMALLEST})


@pytest.mark.parametrize("rate", [40, 200, 800, 1600])
def test_it_comes_to_hold_what_the_workers_take_in_a_moment(rate: int) -> None:
    window = served(rate, seconds=5.0)
    assert 0.6 * rate * HORIZON_S <= window.size <= 2.5 * rate * HORIZON_S


def test_a_trickle_keeps_it_small_and_a_flood_does_not_outgrow_it() -> None:
    assert served(3, seconds=5.0).size == SMALLEST
    assert served(1_000_000, seconds=5.0).size == LARGEST


def test_it_shrinks_when_the_workers_slow_down() -> None:
    window = served(1000, seconds=5.0)
    assert window.size > 50
    assert served(10, seconds=30.0, window=Window(size=window.size)).size < 20


def test_a_full_window_has_no_room_and_one_that_is_half_empty_has() -> None:
    window = Window(size=100)
    window.see(0, 0.0)
    held = window.size
    for _ in range(held):
        window.use()
    assert window.room == 0
    window.see(held, 1.0)
    assert window.room == 0
    window.see(0, 2.0)
    assert window.room > 0


def test_where_nothing_moves_it_is_looked_at_less_and_less_often() -> None:
    windows = Windows({"default": Window()})
    now, pauses = 0.0, []
    for _ in range(8):
        windows.see({"default": 50}, now)
        pause_s = windows.next_look_s(now)
        assert pause_s is not None
        pauses.append(pause_s)
        now += pause_s
    assert pauses[:3] == pytest.approx([0.06, 0.12, 0.24])
    assert pauses[3:] == pytest.approx([LONGEST_PAUSE_S] * 5)
    windows.see({"default": 40}, now)
    assert windows.next_look_s(now) == pytest.approx(LOOK_AGAIN_S)
