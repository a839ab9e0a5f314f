"""AnyTown-Modified, planned over a guide tabulated from its network and verified by EPANET through WNTR.

Run by the peers' interpreter: `-m pumping_plans.anytown NETWORK STARTS...` prints a JSON line for each given number.
A beam search goes through the hours: of all ways to go on the guide chooses those that EPANET runs, and what EPANET
says is what counts. EPANET then runs the best schedules whole, and the neighbors of the best of all again and again.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pumping_plans.anytown_guide import NUMBERS, Ahead, Corners, Ints, guide
from pumping_plans.anytown_network import HOURS, PUMPS, START_M, TANKS, Network
from pumping_plans.sharing import Shares, closes, first_share, share, splits

_WIDTH, _TRIED, _WITHIN_S = 2000, 30, 14.0
_BIN_M = 0.1


@dataclass(frozen=True, slots=True)
class Partial:
    """A schedule up to an hour, where it leads, how pumps may share it, what it cost and may cost in all."""

    counts: tuple[int, ...]
    levels_m: tuple[float, ...]
    shares: Shares
    cost: float
    estimate: float


def search(network: Network, starts: int) -> Iterator[Ints]:
    """Yield schedules, cheapest first: a beam over hours, each hour run by EPANET."""
    beam = [Partial((), (START_M,) * len(TANKS), frozenset(), 0.0, 0.0)]
    for hour, ahead in enumerate(guide(network, starts)):
        reached = list(_reached(network, hour, _promising(beam, ahead, starts)))
        landed = Corners.of(np.array([one.levels_m for one in reached]).reshape(-1, len(TANKS)))
        row = np.array([ahead.row[one.shares] for one in reached], dtype=np.int64)
        onward = (ahead.cost[row[:, None], landed.index] * landed.weight).sum(axis=1)
        following: dict[tuple[Any, ...], Partial] = {}
        for one, rest in zip(reached, onward.tolist(), strict=True):
            judged = Partial(one.counts, one.levels_m, one.shares, one.cost, one.cost + rest)
            key = (*(round(level / _BIN_M) for level in one.levels_m), one.shares)
            if key not in following or judged.estimate < following[key].estimate:
                following[key] = judged
        beam = sorted(following.values(), key=lambda each: (each.estimate, each.counts))[:_WIDTH]
    yield from (np.array(one.counts) for one in beam if closes(one.shares, starts))


def _promising(beam: list[Partial], ahead: Ahead, starts: int) -> list[tuple[Partial, int, Shares]]:
    """Return the ways to go on that the guide holds for the cheapest."""
    ways = [
        (number, running, shares)
        for number, one in enumerate(beam)
        for running in NUMBERS
        if (shares := share(one.shares, running, starts) if one.counts else first_share(running))
    ]
    if ahead.chosen is None or len(ways) <= _WIDTH:
        return [(beam[number], running, shares) for number, running, shares in ways]
    corners = Corners.of(np.array([one.levels_m for one in beam]))
    number, running, row = np.array([(number, running, ahead.row[shares]) for number, running, shares in ways]).T
    rest = ahead.chosen[running[:, None], row[:, None], corners.index[number]] * corners.weight[number]
    estimate = np.array([one.cost for one in beam])[number] + rest.sum(axis=1)
    chosen = np.argsort(estimate, kind="stable")[:_WIDTH]
    return [(beam[ways[each][0]], *ways[each][1:]) for each in chosen]


def _reached(network: Network, hour: int, ways: list[tuple[Partial, int, Shares]]) -> Iterator[Partial]:
    for one, running, shares in ways:
        levels, cost, kept = network.hour(hour, running, one.levels_m)
        if kept:
            yield Partial((*one.counts, running), levels, shares, one.cost + cost, np.inf)


def neighbors(counts: Ints) -> Iterator[Ints]:
    """Yield schedules with one hour changed by a pump, or two hours."""
    for first in range(HOURS):
        for sign in (-1, 1):
            one = counts.copy()
            one[first] += sign
            yield one
            for second in range(first + 1, HOURS):
                for other in (-1, 1):
                    two = one.copy()
                    two[second] += other
                    yield two


def solve(path: Path, starts: int) -> dict[str, float | list[int]]:
    """Return the best schedule that EPANET confirms, its cost and the processor seconds it took."""
    begun = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        network = Network(path, Path(folder))
        pool: list[tuple[float, tuple[int, ...]]] = []
        seen: set[tuple[int, ...]] = set()

        def run(counts: Ints) -> None:
            known = tuple(counts.tolist())
            if known not in seen and _is_allowed(counts, starts):
                seen.add(known)
                cost, kept = network.day(known)
                if kept:
                    pool.append((cost, known))

        for _, counts in zip(range(_TRIED), search(network, starts), strict=False):
            run(counts)
        improved: set[tuple[int, ...]] = set()
        while time.process_time() - begun < _WITHIN_S and (rest := [one for one in pool if one[1] not in improved]):
            known = min(rest)[1]
            improved.add(known)
            for near in neighbors(np.array(known)):
                if time.process_time() - begun > _WITHIN_S:
                    break
                run(near)
        taken = time.process_time() - begun
        counts_found = list(min(pool)[1]) if pool else []
        cost, kept = network.day(counts_found) if counts_found else (np.inf, False)
    return {"starts": starts, "cost": cost, "kept": bool(kept), "cpu_s": taken, "counts": counts_found}


def _is_allowed(counts: Ints, starts: int) -> bool:
    if counts.min() < 0 or counts.max() > len(PUMPS):
        return False
    raised = np.maximum(np.diff(counts, prepend=counts[-1]), 0).sum()
    return bool(raised <= starts * len(PUMPS)) and splits(counts.tolist(), starts)


def main() -> None:
    """Solve the network named first for each number of starts that follows."""
    for starts in map(int, sys.argv[2:]):
        print(json.dumps(solve(Path(sys.argv[1]), starts)), flush=True)  # noqa: T201 - the answer of a program


if __name__ == "__main__":
    main()
