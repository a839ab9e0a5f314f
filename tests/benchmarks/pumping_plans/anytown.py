"""AnyTown-Modified, planned over a surrogate of its network and verified by EPANET through WNTR.

Run by the peers' interpreter: `-m pumping_plans.anytown NETWORK STARTS...` prints a JSON line for each given number.
EPANET 2.2 tabulates what each tank gains, what the pumps draw and three pressures over the tanks' mean level, for every
number of running pumps and every demand. The cost ahead from these, over the ways in which named pumps may share what
went before, guides a beam search over hours, each run by EPANET, and EPANET runs the best schedules, and their
neighbours, whole. Published optima and the rules they were proven under: doi 10.5281/zenodo.19363091.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from wntr.epanet.toolkit import ENepanet

from pumping_plans.sharing import Shares, closes, first_share, share, splits

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HOURS, PUMPS = 24, ("111", "222", "333")
TANKS, START_M, LOW_M, HIGH_M, AREA_M2 = ("65", "165", "265"), 66.93, 66.53, 71.53, np.pi * 21.55**2 / 4.0
INLETS = {"78": -1.0, "80": -1.0, "178": 1.0}
"""Pipes that lead to the tanks, and whether the network draws them towards the tank or away from it."""
PRESSURES_M = {"55": 42.0, "90": 51.0, "170": 30.0}
DEMAND = [0.7] * 3 + [0.6] * 3 + [1.2] * 3 + [1.3] * 3 + [1.2] * 3 + [1.0] * 3 + [0.9] * 3 + [0.7] * 3
PRICE = [18.14] * 7 + [35.28] * 10 + [80.97] * 4 + [18.14] * 3
CENTS = 100.0
_WIDTH, _TRIED, _MEANS, _WITHIN_S = 1200, 200, 12, 14.0
_STEP_S = 1800
"""A shorter step of EPANET means that a tank ran full or empty, which the benchmark forbids."""
_BIN_M, _DEAR_PER_M, _PRESSURE_SLACK_M = 0.05, 1000.0, 1.0
_STATUS, _ENERGY, _HEAD, _PRESSURE, _TANKLEVEL, _INITSTATUS, _FLOW = 11, 13, 10, 11, 8, 4, 8
_PATTERNSTART, _DURATION = 4, 0


@dataclass(frozen=True, slots=True)
class Partial:
    """A schedule up to an hour, where it leads, how pumps may share it, what it cost and may cost in all."""

    counts: tuple[int, ...]
    levels_m: tuple[float, ...]
    shares: Shares
    cost: float
    estimate: float


class Network:
    """EPANET with the network open; pumps are switched by status instead of patterns."""

    def __init__(self, path: Path, folder: Path) -> None:
        text = "\n".join(line.split("PATTERN PMP")[0] for line in path.read_text().splitlines())
        network = folder / "network.inp"
        network.write_text(text)
        self.epanet = ENepanet()
        self.epanet.ENopen(str(network), str(folder / "report.txt"), str(folder / "out.bin"))
        self.epanet.ENopenH()
        self.tanks = [self.epanet.ENgetnodeindex(name) for name in TANKS]
        self.pumps = [self.epanet.ENgetlinkindex(name) for name in PUMPS]
        self.nodes = [self.epanet.ENgetnodeindex(name) for name in PRESSURES_M]
        self.inlets = [(self.epanet.ENgetlinkindex(name), sign) for name, sign in INLETS.items()]

    def state(self, hour: int, running: int, levels_m: Sequence[float]) -> list[float]:
        """Solve one moment: what each tank gains (m3/h), the pumps' power (kW), the three pressures (m)."""
        for index, level_m in zip(self.tanks, levels_m, strict=True):
            self.epanet.ENsetnodevalue(index, _TANKLEVEL, float(level_m))
        self._run_pumps(running, _INITSTATUS)
        self.epanet.ENsettimeparam(_PATTERNSTART, hour * 3600)
        self.epanet.ENinitH(0)
        self.epanet.ENrunH()
        return self._reading()

    def hour(self, hour: int, running: int, levels_m: Sequence[float]) -> tuple[tuple[float, ...], float, bool]:
        """Run one hour from given levels: levels after, cost, and whether pressures are kept."""
        for index, level_m in zip(self.tanks, levels_m, strict=True):
            self.epanet.ENsetnodevalue(index, _TANKLEVEL, float(level_m))
        self._run_pumps(running, _INITSTATUS)
        self.epanet.ENsettimeparam(_PATTERNSTART, hour * 3600)
        self.epanet.ENsettimeparam(_DURATION, 3600)
        self.epanet.ENinitH(0)
        cost, kept, now = 0.0, True, 0
        while now < 3600:
            self.epanet.ENrunH()
            reading = self._reading()
            kept &= all(value >= least for value, least in zip(reading[4:], PRESSURES_M.values(), strict=True))
            step = self.epanet.ENnextH()
            cost += reading[3] * PRICE[hour] * step / 3600.0 / CENTS
            if step != _STEP_S:
                return tuple(levels_m), np.inf, False
            now += step
        levels = tuple(self.epanet.ENgetnodevalue(index, _HEAD) for index in self.tanks)
        return levels, cost, kept and min(levels) >= LOW_M

    def day(self, counts: Sequence[int]) -> tuple[float, bool]:
        """Run a whole schedule; return its cost and whether pressures and tanks' levels are kept."""
        for index in self.tanks:
            self.epanet.ENsetnodevalue(index, _TANKLEVEL, START_M)
        self._run_pumps(counts[0], _INITSTATUS)
        self.epanet.ENsettimeparam(_PATTERNSTART, 0)
        self.epanet.ENsettimeparam(_DURATION, HOURS * 3600)
        self.epanet.ENinitH(10)
        cost, kept, now = 0.0, True, 0
        while True:
            if now % 3600 == 0 and now < HOURS * 3600:
                self._run_pumps(counts[now // 3600], _STATUS)
            now = self.epanet.ENrunH()
            if now >= HOURS * 3600:
                break
            reading = self._reading()
            kept &= all(value >= least for value, least in zip(reading[4:], PRESSURES_M.values(), strict=True))
            step = self.epanet.ENnextH()
            kept &= step == _STEP_S
            if step <= 0:
                break
            cost += reading[3] * PRICE[now // 3600] * step / 3600.0
            now += step
        levels = [self.epanet.ENgetnodevalue(index, _HEAD) for index in self.tanks]
        return cost / CENTS, kept and min(levels) >= START_M - 1e-6

    def _run_pumps(self, running: int, parameter: int) -> None:
        for position, index in enumerate(self.pumps):
            self.epanet.ENsetlinkvalue(index, parameter, float(position < running))

    def _reading(self) -> list[float]:
        gains = [sign * self.epanet.ENgetlinkvalue(index, _FLOW) for index, sign in self.inlets]
        power = sum(self.epanet.ENgetlinkvalue(index, _ENERGY) for index in self.pumps)
        return [*gains, power, *(self.epanet.ENgetnodevalue(index, _PRESSURE) for index in self.nodes)]


def tabulate(network: Network) -> tuple[Floats, Floats, Floats]:
    """Return, all tanks level, what they gain (m of the mean) and cost in an hour: (hours, pumps, mean levels).

    Too little pressure makes a number of pumps dear beyond use.
    """
    means = np.linspace(LOW_M + 0.02, HIGH_M - 0.02, _MEANS)
    least = np.array(list(PRESSURES_M.values())) - _PRESSURE_SLACK_M
    known: dict[tuple[float, int], Floats] = {}
    gain, cost = (np.empty((HOURS, len(PUMPS) + 1, _MEANS)) for _ in range(2))
    for hour, running in product(range(HOURS), range(len(PUMPS) + 1)):
        key = DEMAND[hour], running
        if key not in known:
            known[key] = np.array([network.state(hour, running, [mean] * 3) for mean in means])
        gain[hour, running] = known[key][:, :3].sum(axis=1) / AREA_M2 / 3.0
        short = np.maximum(least - known[key][:, 4:], 0.0).sum(axis=1)
        cost[hour, running] = known[key][:, 3] * PRICE[hour] / CENTS + _DEAR_PER_M * short
    return means, gain, cost


def cost_ahead(network: Network, starts: int) -> tuple[Floats, list[dict[Shares, Floats]]]:
    """Tabulate the cost ahead of each hour over the ways to share what went before, and the mean level."""
    means, gain, cost = tabulate(network)
    reached: list[dict[Shares, list[tuple[int, Shares]]]] = []
    layer = {first_share(running) for running in range(len(PUMPS) + 1)}
    for _ in range(1, HOURS):
        onward = {
            shares: [(running, after) for running in range(len(PUMPS) + 1) if (after := share(shares, running, starts))]
            for shares in layer
        }
        reached.append(onward)
        layer = {after for options in onward.values() for _, after in options}
    end = _DEAR_PER_M * np.maximum(START_M - means, 0.0)
    ahead = [{shares: end if closes(shares, starts) else np.full(_MEANS, np.inf) for shares in layer}]
    for hour in range(HOURS - 1, 0, -1):
        landed, spent = means + gain[hour], cost[hour].copy()
        spent += _DEAR_PER_M * (np.maximum(LOW_M - landed, 0.0) + np.maximum(landed - HIGH_M, 0.0))
        ahead.append(
            {
                shares: np.min(
                    [
                        spent[running] + np.interp(landed[running], means, ahead[-1][after])
                        for running, after in options
                    ],
                    axis=0,
                )
                for shares, options in reached[hour - 1].items()
            }
        )
    return means, ahead[::-1]


def search(network: Network, starts: int, width: int) -> Iterator[Ints]:
    """Yield schedules, cheapest first: a beam over hours, each hour run by EPANET, guided by the cost ahead."""
    means, ahead = cost_ahead(network, starts)
    beam: list[Partial] = [Partial((), (START_M,) * 3, frozenset(), 0.0, 0.0)]
    for hour in range(HOURS):
        following: dict[tuple[Any, ...], Partial] = {}
        for one in beam:
            for running in range(len(PUMPS) + 1):
                shares = share(one.shares, running, starts) if one.counts else first_share(running)
                if not shares:
                    continue
                levels, cost, kept = network.hour(hour, running, one.levels_m)
                if not kept:
                    continue
                spent = one.cost + cost
                onward = np.interp(np.mean(levels), means, ahead[hour][shares])
                estimate = spent + float(onward)
                key = (*(round(level / _BIN_M) for level in levels), shares)
                if key not in following or estimate < following[key].estimate:
                    following[key] = Partial((*one.counts, running), levels, shares, spent, estimate)
        beam = sorted(following.values(), key=lambda each: (each.estimate, each.counts))[:width]
    ended = [one for one in beam if closes(one.shares, starts)]
    yield from (np.array(one.counts) for one in sorted(ended, key=lambda one: (one.estimate, one.counts)))


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
    begun, most = time.process_time(), starts * len(PUMPS)
    with tempfile.TemporaryDirectory() as folder:
        network = Network(path, Path(folder))
        best, best_cost, seen = None, np.inf, set()
        pool = []
        for number, counts in enumerate(search(network, starts, _WIDTH)):
            if number == _TRIED:
                break
            cost, kept = network.day(counts.tolist())
            seen.add(counts.tobytes())
            pool.append((cost if kept else np.inf, number, counts))
        pool.sort(key=lambda entry: entry[:2])
        queue = [entry for entry in pool[:8] if np.isfinite(entry[0])]
        while queue and time.process_time() - begun < _WITHIN_S:
            cost, _, counts = queue.pop(0)
            if cost < best_cost and splits(counts.tolist(), starts):
                best, best_cost = counts, cost
            better = None
            for near in neighbors(counts):
                if near.min() < 0 or near.max() > len(PUMPS) or near.tobytes() in seen:
                    continue
                if np.maximum(np.diff(near, prepend=near[-1]), 0).sum() > most:
                    continue
                seen.add(near.tobytes())
                eur, kept = network.day(near.tolist())
                if kept and eur < (better or (cost,))[0] - 1e-9 and splits(near.tolist(), starts):
                    better = (eur, 0, near)
            if better:
                queue.insert(0, better)
        taken = time.process_time() - begun
        counts_found = [] if best is None else best.tolist()
        cost, kept = network.day(counts_found) if counts_found else (np.inf, False)
    return {"starts": starts, "cost": cost, "kept": bool(kept), "cpu_s": taken, "counts": counts_found}


def main() -> None:
    """Solve the network named first for each number of starts that follows."""
    for starts in map(int, sys.argv[2:]):
        print(json.dumps(solve(Path(sys.argv[1]), starts)), flush=True)  # noqa: T201 - the answer of a program


if __name__ == "__main__":
    main()
