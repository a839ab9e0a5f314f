"""The governor's policy: hysteresis, hard limits, forecasts, and reasons for every change."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.platform.governor.forecast import AHEAD_S, Trend
from core.platform.governor.memory import Memory
from core.platform.governor.policy import RANK, Change, Level, Stance, Terms, decide
from core.platform.governor.readings import Reading

TERMS = Terms()
SHARES = st.floats(0.0, 1.0)


def reading(at_s: float, used: float = 0.2, cpu: float = 0.1, pressure: float | None = 0.0) -> Reading:
    return Reading(at_s, Memory(1000.0, 1000.0 * (1.0 - used)), cpu, 1.0, pressure, 0.0)


def run(stance: Stance, readings: list[Reading]) -> tuple[Stance, list[Change]]:
    made: list[Change] = []
    for one in readings:
        stance, changes = decide(stance, one, one.memory.used_share, TERMS)
        made += changes
    return stance, made


def steps(
    seconds: float, used: float = 0.2, cpu: float = 0.1, pressure: float | None = 0.0, since: float = 0.0
) -> list[Reading]:
    return [reading(since + 0.5 * step, used, cpu, pressure) for step in range(int(2 * seconds) + 1)]


def test_short_memory_is_answered_at_once_and_slots_go_step_by_step_to_one() -> None:
    stance, changes = run(Stance(8, 8), steps(8.0, used=0.9))
    assert (changes[0].what, changes[0].after, changes[0].reason) == (
        "memory",
        "tight",
        "memory is taken to 90%, soon to 90%",
    )
    assert [one.after for one in changes if one.what == "slots"] == ["5", "3", "2", "1"]
    assert (stance.level, stance.slots) == (Level.TIGHT, 1)


def test_slots_come_back_one_by_one_after_memory_was_free_for_a_while() -> None:
    short, _ = run(Stance(4, 4), steps(8.0, used=0.9))
    still, _ = run(short, steps(4.5, since=9.0))
    assert (still.level, still.slots) == (Level.TIGHT, 1)
    free, changes = run(still, steps(12.0, since=14.0))
    assert (free.level, free.slots) == (Level.CALM, 4)
    assert [one.after for one in changes if one.what == "slots"] == ["2", "3", "4"]


def test_a_share_just_below_the_threshold_does_not_end_what_it_began() -> None:
    short, _ = run(Stance(2, 2), steps(1.0, used=0.86))
    between, changes = run(short, steps(60.0, used=0.83, since=2.0))
    assert between.level is Level.TIGHT
    assert {one.what for one in changes} <= {"slots", "low_slots"}
    calm, _ = run(between, steps(6.0, used=0.79, since=70.0))
    assert calm.level is Level.CALM


def test_what_is_foreseen_counts_like_what_is() -> None:
    stance, _ = decide(Stance(2, 2), reading(0.0, used=0.6), 0.97, TERMS)
    assert (stance.level, stance.low_slots) == (Level.CRITICAL, 0)


@pytest.mark.parametrize("pressure", [0.6, None])
def test_busy_processors_leave_one_place_to_the_urgent(pressure: float | None) -> None:
    early, _ = run(Stance(4, 4), steps(1.5, cpu=1.0, pressure=pressure))
    assert not early.cpu_busy
    busy, changes = run(early, steps(1.0, cpu=1.0, pressure=pressure, since=2.0))
    assert (busy.cpu_busy, busy.slots, busy.low_slots) == (True, 4, 3)
    assert changes[0].reason.startswith("processors are taken to 100%")
    free, _ = run(busy, steps(6.0, since=4.0))
    assert (free.cpu_busy, free.low_slots) == (False, 4)


def test_busy_processors_that_nobody_waits_for_are_no_trouble() -> None:
    stance, changes = run(Stance(4, 4), steps(20.0, cpu=1.0, pressure=0.2))
    assert (stance.strained, changes) == (False, [])


def test_one_place_stays_for_low_priority_unless_there_is_no_memory() -> None:
    assert Stance(1, 1, cpu_busy=True).low_slots == 1
    assert Stance(4, 1, level=Level.TIGHT).low_slots == 1
    assert Stance(4, 4, level=Level.CRITICAL).low_slots == 0


@given(st.lists(st.tuples(SHARES, SHARES, SHARES | st.none()), min_size=1, max_size=60), st.integers(1, 16))
def test_whatever_comes_slots_stay_in_bounds_and_every_change_is_told_once(
    told: list[tuple[float, float, float | None]], full: int
) -> None:
    stance = Stance(full, full)
    for step, (used, cpu, pressure) in enumerate(told):
        before = stance
        stance, changes = decide(before, reading(0.5 * step, used, cpu, pressure), used, TERMS)
        assert 1 <= stance.slots <= full
        assert 0 <= stance.low_slots <= full
        assert RANK[stance.level] >= RANK[Level.CRITICAL] or used < TERMS.critical
        told_by = {
            "memory": (before.level, stance.level),
            "cpu": (before.cpu_busy, stance.cpu_busy),
            "slots": (before.slots, stance.slots),
            "low_slots": (before.low_slots, stance.low_slots),
        }
        assert {one.what for one in changes} == {what for what, (old, new) in told_by.items() if old != new}
        assert all(one.reason for one in changes)


def test_the_same_stance_and_reading_always_give_the_same_answer() -> None:
    stance = replace(Stance(4, 3), level=Level.TIGHT)
    assert decide(stance, reading(1.0, used=0.9), 0.9, TERMS) == decide(stance, reading(1.0, used=0.9), 0.9, TERMS)


def test_a_steady_rise_is_foreseen_and_a_level_is_not_mistaken_for_one() -> None:
    rising, steady = Trend(), Trend()
    foreseen = [rising.see(0.5 * step, 0.01 * step) for step in range(20)]
    assert foreseen[-1] == pytest.approx(0.19 + 0.02 * AHEAD_S)
    assert foreseen[2] == 0.02, "two values are no trend"
    assert [steady.see(0.5 * step, 0.5) for step in range(20)][-1] == pytest.approx(0.5)


def test_a_step_is_no_slope() -> None:
    trend = Trend()
    foreseen = [trend.see(0.5 * step, 0.3 if step < 10 else 0.6) for step in range(14)]
    assert foreseen[13] == pytest.approx(0.6)
