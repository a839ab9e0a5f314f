"""Recurrence: intervals in real time, and the window that a rule is held to."""

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.jobs.cron import read_cron
from core.jobs.recurrence import Interval, Recurrence, ZoneUnknown, find_zone

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
INSTANTS = st.floats(-1e9, 1e9).map(lambda seconds: NOON + timedelta(seconds=seconds))


def minutes(recurrence: Recurrence, after: datetime, number: int = 3) -> list[float]:
    return [(at - NOON).total_seconds() / 60 for at in islice(recurrence.times_after(after), number)]


@given(anchor=INSTANTS, instant=INSTANTS, step_s=st.floats(1, 1e7))
def test_an_intervals_fire_times_lie_on_its_grid_and_are_the_next_ones(
    anchor: datetime, instant: datetime, step_s: float
) -> None:
    step = timedelta(seconds=step_s)
    due = Interval(step, anchor).next_after(instant)
    assert due is not None
    assert due > instant
    assert due == anchor or (due - step <= instant and (due - anchor) % step == timedelta())
    assert due >= anchor


def test_an_interval_begins_with_its_anchor() -> None:
    every_hour = Recurrence(Interval(timedelta(hours=1), NOON))
    assert minutes(every_hour, NOON - timedelta(days=9)) == [0, 60, 120]
    assert minutes(every_hour, NOON) == [60, 120, 180]
    assert minutes(every_hour, NOON + timedelta(minutes=59)) == [60, 120, 180]


def test_both_ends_of_the_window_are_within_it() -> None:
    rule = read_cron("*/10 * * * *", find_zone("UTC"))
    window = Recurrence(rule, NOON + timedelta(minutes=20), NOON + timedelta(minutes=40))
    assert minutes(window, NOON, 9) == [20, 30, 40]
    assert minutes(window, NOON + timedelta(minutes=20), 9) == [30, 40]
    assert window.next_after(NOON + timedelta(minutes=40)) is None


def test_a_window_that_begins_within_a_second_begins_with_the_next_one() -> None:
    rule = read_cron("* * * * * *", find_zone("UTC"))
    begun = NOON + timedelta(milliseconds=1)
    assert Recurrence(rule, begun).next_after(NOON - timedelta(hours=1)) == NOON + timedelta(seconds=1)


@pytest.mark.parametrize("rule", [Interval(timedelta(days=300), NOON), read_cron("0 0 1 1 *", find_zone("UTC"))])
def test_the_calendars_end_is_an_end(rule: Interval) -> None:
    assert Recurrence(rule).next_after(datetime(9999, 12, 31, 23, tzinfo=UTC)) is None


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Europe", "europe/helsinki", "\0", "UTC+3"])
def test_an_unknown_time_zone_is_named_by_its_field(name: str) -> None:
    with pytest.raises(ZoneUnknown) as caught:
        find_zone(name)
    assert [field.pointer for field in caught.value.errors] == ["/timezone"]
