"""Who runs when: how three pumps that are alike may share a schedule of numbers, none started more than so often."""

from collections.abc import Sequence
from functools import cache
from itertools import combinations

NUMBER = 3
Pump = tuple[int, int, int]
"""Whether it ran in the first hour, whether it runs now, and how often it started since."""
Shares = frozenset[tuple[Pump, ...]]
"""Ways in which named pumps may have shared a schedule so far; pumps are alike, so each way is sorted."""


def first_share(running: int) -> Shares:
    """Return how pumps share the first hour."""
    return frozenset({tuple(sorted((int(pump < running),) * 2 + (0,) for pump in range(NUMBER)))})


@cache
def share(before: Shares, running: int, starts: int) -> Shares:
    """Return how pumps may share a schedule that goes on with so many running, none started more than so often.

    As few as possible switch: who stops one pump to start another only spends a start.
    """
    following = set()
    for pumps in before:
        on = [place for place, pump in enumerate(pumps) if pump[1]]
        off = [place for place, pump in enumerate(pumps) if not pump[1]]
        fewer, more = max(0, len(on) - running), max(0, running - len(on))
        for switched in combinations(on if fewer else off, fewer or more):
            after = [
                (first, now ^ (place in switched), used + (place in switched and not now))
                for place, (first, now, used) in enumerate(pumps)
            ]
            if max(used for _, _, used in after) <= starts:
                following.add(tuple(sorted(after)))
    return frozenset(following)


def closes(shares: Shares, starts: int) -> bool:
    """Tell whether the day can repeat itself: what ran first and rests at the end is started once more."""
    return any(all(used + (first > now) <= starts for first, now, used in pumps) for pumps in shares)


def splits(counts: Sequence[int], starts: int) -> bool:
    """Tell whether named pumps can share a schedule that repeats daily, none started more than so often."""
    shares = first_share(int(counts[0]))
    for running in counts[1:]:
        shares = share(shares, int(running), starts)
    return closes(shares, starts)
