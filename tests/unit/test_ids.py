"""Ids: unique, and in the order of their making, also from many threads and while the clock steps back."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122

import pytest

from core.ids import Uuid7Source, floor_at, uuid7


def test_ids_are_of_version_7_and_sort_as_they_were_made() -> None:
    made = [uuid7() for _ in range(10_000)]
    assert made == sorted(set(made))
    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}


def test_a_clock_that_steps_back_does_not_turn_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Uuid7Source()
    first = source.next()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000)
    assert first < source.next() < source.next()


def test_threads_never_share_an_id() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = [one for batch in pool.map(lambda _: [uuid7() for _ in range(500)], range(8)) for one in batch]
    assert len(set(made)) == 4_000


def test_floors_enclose_what_was_made_between_them() -> None:
    before = datetime.now(UTC)
    made = Uuid7Source().next()
    after = datetime.now(UTC) + timedelta(seconds=1)
    assert floor_at(before) <= made < floor_at(after)


@pytest.mark.parametrize("instant", [datetime.min, datetime(1969, 12, 31), datetime.max])  # noqa: DTZ001, DTZ901 - the ends of time are given their zone below
def test_floors_exist_for_every_instant(instant: datetime) -> None:
    assert floor_at(instant.replace(tzinfo=UTC), later_s=300.0).version == 7
    assert floor_at(instant.replace(tzinfo=UTC), later_s=-300.0).version == 7
