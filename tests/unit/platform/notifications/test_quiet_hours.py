"""Quiet hours follow the clock on the wall, over midnight and over changes of the clock."""

from datetime import UTC, datetime, time

import pytest

from core.platform.notifications.quiet import quiet_until

HELSINKI = "Europe/Helsinki"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-01-10T19:59", None),
        ("2026-01-10T20:00", "2026-01-11T05:00"),
        ("2026-01-10T23:30", "2026-01-11T05:00"),
        ("2026-01-11T04:59", "2026-01-11T05:00"),
        ("2026-01-11T05:00", None),
    ],
)
def test_a_night_ends_the_next_morning(now: str, until: str | None) -> None:
    """22:00 to 07:00 in Helsinki, two hours before UTC in winter."""
    assert quiet_until(at(now), time(22), time(7), HELSINKI) == (None if until is None else at(until))


@pytest.mark.parametrize(
    ("now", "until"), [("2026-03-28T21:00", "2026-03-29T04:00"), ("2026-10-24T21:00", "2026-10-25T05:00")]
)
def test_a_night_in_which_the_clock_changes_ends_by_the_new_time(now: str, until: str) -> None:
    assert quiet_until(at(now), time(22), time(7), HELSINKI) == at(until)


@pytest.mark.parametrize(("now", "quiet"), [("11:59", False), ("12:00", True), ("13:00", False)])
def test_hours_within_a_day(now: str, quiet: bool) -> None:  # noqa: FBT001 - which side
    assert (quiet_until(at(f"2026-01-10T{now}"), time(12), time(13), "UTC") is not None) is quiet


def test_equal_times_are_quiet_all_day() -> None:
    assert quiet_until(at("2026-01-10T06:00"), time(7), time(7), "UTC") == at("2026-01-10T07:00")
    assert quiet_until(at("2026-01-10T07:00"), time(7), time(7), "UTC") == at("2026-01-11T07:00")


def test_without_hours_nothing_is_quiet() -> None:
    assert quiet_until(at("2026-01-10T06:00"), None, None, "UTC") is None
