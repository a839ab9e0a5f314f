"""The hot tier: bytes counted, the longest unused first to go."""

from core.platform.cache.entry import FOREVER, Entry
from core.platform.cache.hot import EACH_BYTES, HotTier


def entry(size: int) -> Entry:
    return Entry(b"x" * size, FOREVER, FOREVER)


def test_ten_times_its_size_of_writes_stays_within_bounds() -> None:
    tier = HotTier(limit_bytes=1_000_000)
    for number in range(1000):
        tier.put(f"k{number}", entry(10_000))
        assert tier.used_bytes <= 1_000_000
    assert len(tier) == 1_000_000 // (10_000 + EACH_BYTES + 4)
    assert tier.evicted == 1000 - len(tier)


def test_who_was_asked_for_stays_longer() -> None:
    tier = HotTier(limit_bytes=3 * (EACH_BYTES + 101))
    for key in "abc":
        tier.put(key, entry(100))
    tier.get("a", 0.0)
    tier.put("d", entry(100))
    assert [key for key in "abcd" if tier.get(key, 0.0)] == ["a", "c", "d"]


def test_an_entry_as_large_as_the_tier_is_kept_and_one_byte_more_is_not() -> None:
    tier = HotTier(limit_bytes=10_000)
    tier.put("k", entry(10_000 - EACH_BYTES - 1))
    assert tier.used_bytes == 10_000
    tier.put("k", entry(10_000 - EACH_BYTES))
    assert (tier.used_bytes, len(tier)) == (0, 0)


def test_what_is_put_again_is_counted_once_and_what_is_forgotten_not_at_all() -> None:
    tier = HotTier()
    tier.put("k", entry(100))
    tier.put("k", entry(50))
    assert tier.used_bytes == EACH_BYTES + 1 + 50
    tier.forget("k")
    assert tier.used_bytes == 0


def test_what_is_no_longer_good_is_gone() -> None:
    tier = HotTier()
    tier.put("k", Entry(b"x", 5.0, 10.0))
    assert tier.get("k", 9.9) is not None
    assert tier.get("k", 10.0) is None
    assert len(tier) == 0
