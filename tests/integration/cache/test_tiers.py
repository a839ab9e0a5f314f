"""Both tiers and the source behind them."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from core.errors import Missing
from core.platform.cache.tiers import Cache, Lifetime
from tests.integration.cache.conftest import Hands, Source
from tests.waiting import eventually

MINUTE = Lifetime(fresh_s=60.0)


@pytest.mark.parametrize("value", [0, "", [], {}, False, 1.5, "Ä", {"a": [1]}])
def test_whatever_says_little_is_a_hit_all_the_same(
    make_cache: Callable[[], Cache], source: Source, value: object
) -> None:
    source.value = value
    first, second = make_cache(), make_cache()
    assert [first.get("k", source, MINUTE), first.get("k", source, MINUTE), second.get("k", source, MINUTE)] == 3 * [
        value
    ]
    assert source.asked == 1
    assert (first.counts["miss"], first.counts["hot"], second.counts["warm"]) == (1, 1, 1)


def test_that_there_is_nothing_is_known_for_a_shorter_time(cache: Cache, source: Source, clock: Hands) -> None:
    source.value = None
    assert cache.get("k", source, Lifetime(fresh_s=60.0, stale_s=60.0, negative_s=5.0)) is None
    clock.move(4.4)
    assert cache.get("k", source, MINUTE) is None
    assert source.asked == 1
    clock.move(1.2)
    source.value = "now"
    assert cache.get("k", source, MINUTE) == "now"


def test_lifetimes_differ_by_a_tenth(cache: Cache, source: Source, clock: Hands) -> None:
    for number in range(200):
        cache.get(f"k{number}", source, MINUTE)
    now = clock().timestamp()
    lives = [entry.fresh_until - now for entry in cache.hot._entries.values()]
    assert 54.0 <= min(lives) < 57.0
    assert 63.0 < max(lives) <= 66.0


def test_stale_answers_come_at_once_while_one_thread_fetches_a_fresh_one(
    cache: Cache, source: Source, clock: Hands
) -> None:
    lifetime = Lifetime(fresh_s=60.0, stale_s=600.0)
    cache.get("k", source, lifetime)
    clock.move(70)
    source.value = "fresh"
    go = Event()

    def slow() -> object:
        go.wait(30)
        return source()

    assert [cache.get("k", slow, lifetime) for _ in range(20)] == ["water"] * 20
    go.set()
    eventually(lambda: cache.get("k", slow, lifetime) == "fresh")
    assert source.asked == 2


def test_what_the_source_raises_is_raised_and_not_kept(cache: Cache, source: Source) -> None:
    def fail() -> object:
        raise Missing("nothing here")

    with pytest.raises(Missing):
        cache.get("k", fail, MINUTE)
    assert cache.get("k", source, MINUTE) == "water"


def test_what_is_forgotten_is_asked_for_again(cache: Cache, source: Source) -> None:
    cache.get("k", source, MINUTE)
    cache.forget("k")
    cache.get("k", source, MINUTE)
    assert source.asked == 2


def test_an_answer_outlives_the_process(make_cache: Callable[[], Cache], source: Source) -> None:
    make_cache().get("k", source, MINUTE)
    assert make_cache().get("k", source, MINUTE) == "water"
    assert source.asked == 1


def test_counts_are_taken_once(cache: Cache, source: Source) -> None:
    cache.get("k", source, MINUTE)
    assert dict(cache.take_counts()) == {"miss": 1}
    assert dict(cache.take_counts()) == {}
    assert cache.counts["miss"] == 1


def test_where_no_file_can_be_made_the_source_is_asked(tmp_path: Path, source: Source) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    cache = Cache.at(tmp_path)
    assert [cache.get("k", source, MINUTE) for _ in range(3)] == ["water"] * 3
    assert source.asked == 1
    assert cache.counts["warm_failed"] > 0
