"""Daylight saving as the README promises it: what fires on the two change days, in three time zones."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.jobs.cron import read_cron

SPRING_HELSINKI, AUTUMN_HELSINKI = date(2026, 3, 29), date(2026, 10, 25)  # 03:00 -> 04:00, 04:00 -> 03:00
SPRING_NEW_YORK, AUTUMN_NEW_YORK = date(2026, 3, 8), date(2026, 11, 1)  # 02:00 -> 03:00, 02:00 -> 01:00
SPRING_LORD_HOWE, AUTUMN_LORD_HOWE = date(2026, 10, 4), date(2026, 4, 5)  # 02:00 -> 02:30, 02:00 -> 01:30


def shown(expression: str, zone: str, day: date, first: str, last: str) -> list[str]:
    """List the fire times of a day as the clock shows them with its offset, from one time on the wall to another."""
    wall = ZoneInfo(zone)
    begin, end = (datetime.combine(day, time.fromisoformat(each), wall).astimezone(UTC) for each in (first, last))
    rule, times, due = read_cron(expression, wall), [], begin - timedelta(seconds=1)
    while (due := rule.next_after(due) or end) < end:
        times.append(due.astimezone(wall).strftime("%H:%M%z")[:-2])
    return times


@pytest.mark.parametrize(
    ("expression", "zone", "day", "expected"),
    [
        ("30 2 * * *", "Europe/Helsinki", SPRING_HELSINKI, ["02:30+02"]),
        ("30 3 * * *", "Europe/Helsinki", SPRING_HELSINKI, ["04:00+03"]),
        ("30 3 * * *", "Europe/Helsinki", AUTUMN_HELSINKI, ["03:30+03"]),
        ("30 1 * * *", "Europe/Helsinki", AUTUMN_HELSINKI, ["01:30+03"]),
        ("30 2 * * *", "America/New_York", SPRING_NEW_YORK, ["03:00-04"]),
        ("30 2 * * *", "America/New_York", AUTUMN_NEW_YORK, ["02:30-05"]),
        ("30 1 * * *", "America/New_York", SPRING_NEW_YORK, ["01:30-05"]),
        ("30 1 * * *", "America/New_York", AUTUMN_NEW_YORK, ["01:30-04"]),
        ("0,15,30,45 2 * * *", "America/New_York", SPRING_NEW_YORK, ["03:00-04"]),
        ("0 2,3 * * *", "America/New_York", SPRING_NEW_YORK, ["03:00-04"]),
        ("15 2 * * *", "Australia/Lord_Howe", SPRING_LORD_HOWE, ["02:30+11"]),
        ("45 1 * * *", "Australia/Lord_Howe", AUTUMN_LORD_HOWE, ["01:45+11"]),
    ],
)
def test_a_rule_that_names_hours_fires_once_for_each(
    expression: str, zone: str, day: date, expected: list[str]
) -> None:
    assert shown(expression, zone, day, "00:00", "23:59") == expected


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Europe/Helsinki", SPRING_HELSINKI, ["02:00+02", "04:00+03", "05:00+03"]),
        ("Europe/Helsinki", AUTUMN_HELSINKI, ["02:00+03", "03:00+03", "03:00+02", "04:00+02", "05:00+02"]),
        ("America/New_York", SPRING_NEW_YORK, ["01:00-05", "03:00-04", "04:00-04", "05:00-04"]),
        ("America/New_York", AUTUMN_NEW_YORK, ["01:00-04", "01:00-05", "02:00-05", "03:00-05", "04:00-05", "05:00-05"]),
    ],
)
def test_an_hourly_rule_fires_every_sixty_minutes(zone: str, day: date, expected: list[str]) -> None:
    assert shown("0 * * * *", zone, day, expected[0][:5], "05:01") == expected


@pytest.mark.parametrize("expression", ["*/15 * * * *", "0 */15 * * * *", "0,15,30,45 0-23 * * *"])
@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Helsinki", SPRING_HELSINKI, 23),
        ("Europe/Helsinki", AUTUMN_HELSINKI, 25),
        ("America/New_York", SPRING_NEW_YORK, 23),
        ("America/New_York", AUTUMN_NEW_YORK, 25),
        ("Australia/Lord_Howe", SPRING_LORD_HOWE, 23.5),
        ("Australia/Lord_Howe", AUTUMN_LORD_HOWE, 24.5),
    ],
)
def test_a_rule_for_every_quarter_of_an_hour_never_notices(expression: str, zone: str, day: date, hours: float) -> None:
    wall = ZoneInfo(zone)
    midnight = datetime.combine(day, time(), wall).astimezone(UTC)
    rule, due = read_cron(expression, wall), midnight - timedelta(seconds=1)
    times = [due := rule.next_after(due) or due for _ in range(round(4 * hours) + 1)]
    assert times == [midnight + number * timedelta(minutes=15) for number in range(round(4 * hours) + 1)]
    assert times[-1].astimezone(wall).time() == time()


def test_half_an_hours_change_moves_the_full_hour_by_half_an_hour() -> None:
    """Given a clock that jumps half an hour, a full hour comes half an hour later than sixty minutes after the last."""
    assert shown("0 * * * *", "Australia/Lord_Howe", SPRING_LORD_HOWE, "01:00", "04:01") == [
        "01:00+10",
        "03:00+11",
        "04:00+11",
    ]
    assert shown("0 * * * *", "Australia/Lord_Howe", AUTUMN_LORD_HOWE, "01:00", "03:01") == [
        "01:00+11",
        "02:00+10",
        "03:00+10",
    ]


def test_the_days_around_a_change_are_as_ever() -> None:
    """A daily rule at a time that is left out keeps its time on every other day."""
    wall = ZoneInfo("America/New_York")
    rule, due = read_cron("30 2 * * *", wall), datetime(2026, 3, 7, tzinfo=UTC)
    times = [due := rule.next_after(due) or due for _ in range(4)]
    assert [at.astimezone(wall).strftime("%d %H:%M") for at in times] == [
        "07 02:30",
        "08 03:00",
        "09 02:30",
        "10 02:30",
    ]
