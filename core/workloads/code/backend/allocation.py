"""Linear scan: which intervals get a register of the Engine, and which words of the frame the others get.

After Poletto and Sarkar, "Linear Scan Register Allocation", ACM TOPLAS 21 (1999), with the interval of the least weight
put into the frame where registers run out.
"""

from dataclasses import dataclass, field
from heapq import heappop, heappush

from core.workloads.code.backend.liveness import Interval, intervals
from core.workloads.code.ir.module import Function


@dataclass(slots=True, eq=False)
class Allocation:
    """For each virtual register its register of the Engine, or its home in the frame.

    `homes` count words from the frame's lowest; a parameter that stays in the frame is where the caller pushed it, and
    has no home. `held` lists, in the order of their starts, the intervals that have a register.
    """

    registers: dict[int, int] = field(default_factory=dict)
    homes: dict[int, int] = field(default_factory=dict)
    held: list[Interval] = field(default_factory=list)
    words: int = 0


def allocate(function: Function, registers: int, constant: frozenset[int], anew: frozenset[int]) -> Allocation:
    """Allocate so many registers: none for `constant`; those of `anew` can be computed again and need no home."""
    found = [one for one in intervals(function) if one.register.number not in constant]
    allocation = _Scan(registers).run(found)
    params = {one.number for one in function.params}
    _give_homes(allocation, [one for one in found if one.register.number not in allocation.registers], params | anew)
    allocation.held = [one for one in found if one.register.number in allocation.registers]
    return allocation


class _Scan:
    def __init__(self, registers: int) -> None:
        self.free = list(range(registers))
        self.active: list[Interval] = []
        self.allocation = Allocation()

    def run(self, found: list[Interval]) -> Allocation:
        for interval in found:
            if interval.forced:
                continue
            self._expire(interval.start)
            if self.free:
                self._take(interval, self._preferred(interval))
            else:
                self._displace(interval)
        return self.allocation

    def _expire(self, start: int) -> None:
        registers = self.allocation.registers
        for interval in [one for one in self.active if one.end < start]:
            self.active.remove(interval)
            self.free.append(registers[interval.register.number])
        self.free.sort()

    def _preferred(self, interval: Interval) -> int:
        source = interval.copied_from
        register = self.allocation.registers.get(source.number, -1) if source is not None else -1
        return register if register in self.free else self.free[0]

    def _take(self, interval: Interval, register: int) -> None:
        self.free.remove(register)
        self.allocation.registers[interval.register.number] = register
        self.active.append(interval)

    def _displace(self, interval: Interval) -> None:
        if not self.active:
            return
        lightest = min(self.active, key=_worth)
        if _worth(lightest) < _worth(interval):
            register = self.allocation.registers.pop(lightest.register.number)
            self.active.remove(lightest)
            self.free.append(register)
            self._take(interval, register)


def _worth(interval: Interval) -> float:
    return interval.weight / (interval.end - interval.start + 1)


def _give_homes(allocation: Allocation, spilled: list[Interval], without: set[int] | frozenset[int]) -> None:
    ending: list[tuple[int, int]] = []
    free: list[int] = []
    for interval in spilled:
        number = interval.register.number
        if number in without:
            continue
        while ending and ending[0][0] < interval.start:
            heappush(free, heappop(ending)[1])
        if free:
            home = heappop(free)
        else:
            home, allocation.words = allocation.words, allocation.words + 1
        allocation.homes[number] = home
        heappush(ending, (interval.end, home))
