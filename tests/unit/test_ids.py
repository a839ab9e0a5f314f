"""Ids: unique, and in the order of their making, also from many threads and while the clock steps back."""

import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

import pytest

from core.ids import Uuid7Source, child_of, floor_at, following, uuid7


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


def test_a_forked_process_makes_other_ids() -> None:
    uuid7()
    with multiprocessing.get_context("fork").Pool(2) as pool:
        others = pool.map(_tails, [100, 100], chunksize=1)
    made = [*_tails(100), *others[0], *others[1]]
    assert len(set(made)) == len(made)


def _tails(count: int) -> list[int]:
    """Make ids and return their random bits alone: by time they would differ anyway."""
    return [uuid7().int & ((1 << 62) - 1) for _ in range(count)]


def test_floors_enclose_what_was_made_between_them() -> None:
    before = datetime.now(UTC)
    made = Uuid7Source().next()
    after = datetime.now(UTC) + timedelta(seconds=1)
    assert floor_at(before) <= made < floor_at(after)


@pytest.mark.parametrize("instant", [datetime.min, datetime(1969, 12, 31), datetime.max])  # noqa: DTZ001, DTZ901 - the ends of time are given their zone below
def test_floors_exist_for_every_instant(instant: datetime) -> None:
    assert floor_at(instant.replace(tzinfo=UTC), later_s=300.0).version == 7
    assert floor_at(instant.replace(tzinfo=UTC), later_s=-300.0).version == 7


def test_ids_of_things_made_together_are_known_by_the_first_and_sort_before_whatever_comes_later() -> None:
    first = uuid7()
    made = following(first, 10_000)
    assert (made[0], len(made)) == (first, 10_000)
    assert made == sorted(set(made))
    assert made[-1] < uuid7()
    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}


def test_a_shard_has_one_id_in_each_place_and_siblings_are_in_order() -> None:
    parent = uuid7()
    made = [child_of(parent, stage, index) for stage in (0, 1, 999, 4_095) for index in (0, 1, 9_999, 65_535)]
    assert made == sorted(set(made))
    assert made[0] == child_of(parent, 0, 0)
    assert {(one.version, one.variant, one.int >> 80) for one in made} == {(7, RFC_4122, parent.int >> 80)}


def test_shards_of_jobs_made_in_the_same_millisecond_have_ids_of_their_own() -> None:
    parents = [UUID(int=(1 << 80) | (0x7 << 76) | (0b10 << 62) | number) for number in range(10_000)]
    assert len({child_of(parent, 0, 0) for parent in parents}) == len(parents)


@pytest.mark.parametrize("place", [(-1, 0), (0, -1), (4_096, 0), (0, 65_536)])
def test_a_place_that_has_no_id_is_refused(place: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no place"):
        child_of(uuid7(), *place)
