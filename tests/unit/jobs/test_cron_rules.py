"""Cron rules: what they name and refuse, and that their fire times are what looking at every second finds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from core.jobs.cron import CronInvalid, read_cron

SECOND = timedelta(seconds=1)
CHANGES = [
    ("Europe/Helsinki", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Helsinki", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("America/Havana", datetime(2026, 3, 8, 5, tzinfo=UTC)),  # midnight is left out
    ("America/Havana", datetime(2026, 11, 1, 5, tzinfo=UTC)),  # midnight comes twice
    ("Asia/Beirut", datetime(2026, 10, 24, 21, tzinfo=UTC)),  # the last hour of a day comes twice
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),  # a whole day is left out
    ("UTC", datetime(2026, 2, 28, 23, tzinfo=UTC)),
]


@dataclass(frozen=True, slots=True)
class Named:
    """What a rule names, as sets; None is all, and days go by the month or the week, not both."""

    seconds: frozenset[int]
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int] | None
    weekdays: frozenset[int] | None
    months: frozenset[int] | None = None

    @property
    def expression(self) -> str:
        fields = (self.seconds, self.minutes, self.hours, self.days, self.months, self.weekdays)
        return " ".join("*" if each is None else ",".join(map(str, sorted(each))) for each in fields)

    @property
    def is_for_every_hour(self) -> bool:
        return len(self.hours) == 24

    def names(self, shown: datetime) -> bool:
        return (
            shown.second in self.seconds
            and shown.minute in self.minutes
            and shown.hour in self.hours
            and (self.days is None or shown.day in self.days)
            and (self.months is None or shown.month in self.months)
            and (self.weekdays is None or shown.isoweekday() % 7 in self.weekdays)
        )


def sets(low: int, high: int, largest: int) -> st.SearchStrategy[frozenset[int]]:
    return st.frozensets(st.integers(low, high), min_size=1, max_size=largest)


NAMED = st.builds(
    Named,
    seconds=st.just(frozenset({0})) | sets(0, 59, 3),
    minutes=sets(0, 59, 6) | st.just(frozenset(range(60))),
    hours=sets(0, 5, 4) | st.just(frozenset(range(24))) | sets(0, 23, 24),
    days=st.none(),
    weekdays=st.none() | sets(0, 6, 6),
) | st.builds(
    Named,
    seconds=st.just(frozenset({0})),
    minutes=sets(0, 59, 3),
    hours=sets(0, 23, 6) | st.just(frozenset(range(24))),
    days=st.just(frozenset({1, 8, 25, 29, 31})),
    weekdays=st.none(),
)


@cache
def seconds_around(zone: ZoneInfo, change: datetime) -> list[tuple[datetime, datetime]]:
    """List every second from four hours before a change to three hours after it, with what the clock shows."""
    instants = (change + number * SECOND for number in range(-4 * 3600, 3 * 3600))
    return [(at, at.astimezone(zone).replace(tzinfo=None)) for at in instants]


def seen_to_fire(named: Named, zone: ZoneInfo, change: datetime) -> Iterator[datetime]:
    """Yield the fire times by looking at each second on its own."""
    latest_shown = seconds_around(zone, change)[0][1]
    for (_, before), (at, shown) in pairwise(seconds_around(zone, change)):
        latest_shown = max(latest_shown, before)
        left_out = shown - before - SECOND if not named.is_for_every_hour else timedelta()
        skipped = (before + number * SECOND for number in range(1, max(0, left_out // SECOND) + 1))
        is_new = named.is_for_every_hour or shown > latest_shown
        if (is_new and named.names(shown)) or any(named.names(each) for each in skipped):
            yield at


@settings(max_examples=60)
@given(named=NAMED, place=st.sampled_from(CHANGES), begun_s=st.integers(0, 5 * 3600))
@example(Named(frozenset({0}), frozenset({30}), frozenset({0, 2}), None, None), CHANGES[2], 0)
@example(Named(frozenset({0}), frozenset(range(60)), frozenset({1}), None, None), CHANGES[3], 4 * 3600 + 600)
@example(
    Named(frozenset({0}), frozenset({10}), frozenset(range(24)), frozenset({24}), None, frozenset({10})),
    CHANGES[8],
    3 * 3600 + 3000,
)
def test_fire_times_are_those_that_looking_at_every_second_finds(
    named: Named, place: tuple[str, datetime], begun_s: int
) -> None:
    name, change = place
    zone = ZoneInfo(name)
    start, end = change - timedelta(hours=4) + begun_s * SECOND, change + timedelta(hours=3)
    expected = [at for at in seen_to_fire(named, zone, change) if at > start]
    rule, due = read_cron(named.expression, zone), start
    found: list[datetime] = []
    assume(rule.next_after(start) is not None)
    while len(found) < 300 and (due := rule.next_after(due) or end) < end:
        found.append(due)
    assert found == expected[:300]


@settings(max_examples=60)
@given(
    named=NAMED,
    zone=st.sampled_from(["Europe/Helsinki", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
    start_s=st.integers(0, 500_000_000),
)
def test_fire_times_strictly_increase_and_do_not_depend_on_where_one_begins(
    named: Named, zone: str, start_s: int
) -> None:
    rule = read_cron(named.expression, ZoneInfo(zone))
    times = [datetime(2020, 1, 1, tzinfo=UTC) + start_s * SECOND]
    for _ in range(20):
        due = rule.next_after(times[-1])
        assert due is not None
        times.append(due)
    for before, due in pairwise(times):
        assert before < due
        assert rule.next_after(before + (due - before) / 2) == due
        assert rule.next_after(due - timedelta(microseconds=1)) == due


@settings(max_examples=300)
@given(st.text(alphabet="0123456789*/-,#LWMONFRIJA ?@²", max_size=30) | st.text(max_size=30))
def test_any_text_is_a_rule_or_is_refused_with_a_reason(expression: str) -> None:
    try:
        rule = read_cron(expression, ZoneInfo("Europe/Helsinki"))
    except CronInvalid as error:
        (field,) = error.errors
        assert field.pointer == "/cron"
        assert "for example" in field.detail
    else:
        assert rule.next_after(datetime(2026, 1, 1, tzinfo=UTC)) is not None


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("* * *", "3 fields"),
        ("* * * * * * *", "7 fields"),
        ("@daily", "1 fields"),
        ("60 * * * *", "the minute '60' is not understood: 0-59"),
        ("60 * * * * *", "the second '60'"),
        ("0 24 * * *", "the hour '24'"),
        ("0 0 32 * *", "the day-of-month '32'"),
        ("0 0 * 13 *", "the month '13'"),
        ("0 0 * * 8", "the day-of-week '8'"),
        ("0 0 * * FRI-MON", "the day-of-week 'FRI-MON'"),
        ("*/0 * * * *", "the minute '*/0'"),
        ("0 0 30 2 *", "never fires"),
        ("0 0 31 2,4,6 *", "never fires"),
        ("* * */20 * 1L", "never fires"),
    ],
)
def test_a_bad_rule_is_told_what_is_wrong_with_it(expression: str, reason: str) -> None:
    with pytest.raises(CronInvalid, match=re.escape(reason)):
        read_cron(expression, ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("59 59 23 31 12 *", "2026-12-31T23:59:59"),
        ("0 0 29 2 *", "2028-02-29T00:00:00"),
        ("0 0 L * *", "2026-01-31T00:00:00"),
        ("0 0 * * MON#2", "2026-01-12T00:00:00"),
        ("0 0 * FEB 5L", "2026-02-27T00:00:00"),
        ("*/20 * * * * *", "2026-01-01T00:00:20"),
        ("0 12 13 * FRI", "2026-01-02T12:00:00"),
    ],
)
def test_what_a_rule_names(expression: str, expected: str) -> None:
    due = read_cron(expression, ZoneInfo("UTC")).next_after(datetime(2026, 1, 1, tzinfo=UTC))
    assert due == datetime.fromisoformat(expected).replace(tzinfo=UTC)
