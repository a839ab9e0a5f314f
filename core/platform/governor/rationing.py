"""Rationing: a job begins only where the memory that it may come to take is there, and promised to nobody else.

Limits of kinds are kept to by every attempt, so that what is promised is all that is taken. While memory is calm, three
attempts that were seen to hold less are believed, with half as much on top.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from core.platform.governor.memory import Memory, read_memory
from core.platform.governor.policy import Level, Terms
from core.platform.governor.promises import Promise, Promises

FEWEST_SEEN = 3
ON_TOP = 1.5
LEAST_MIB = 32.0


@dataclass(slots=True)
class Going:
    """A job that was let go, and is not over."""

    kind: str
    need_mib: float
    held_mib: float = 0.0
    """What its process was seen to hold at most."""
    rest_mib: float | None = None
    """How much of that is the process itself, which was there before the job and does not count towards its need."""

    def see(self, held_mib: float, idle_mib: float) -> None:
        """Take in what its process holds, and what one without a job holds at most."""
        if self.rest_mib is None:
            self.rest_mib = min(held_mib, idle_mib)
        self.held_mib = max(self.held_mib, held_mib)

    @property
    def open_mib(self) -> float:
        """Return what it may still come to take."""
        return max(0.0, self.need_mib - max(0.0, self.held_mib - (self.rest_mib or 0.0)))


@dataclass(slots=True)
class Ration:
    """What one worker may give to jobs; its own process alone asks it."""

    name: str
    promises: Promises
    worst_mib: float
    """What all its jobs at once may take."""
    terms: Terms
    read: Callable[[], Memory] = read_memory
    level: Level = Level.CALM
    _ample: bool = False
    _seen: dict[str, list[float]] = field(default_factory=dict)

    def need_mib(self, kind: str, limit_mib: float) -> float:
        """Return what a job of a kind is taken to need."""
        seen = self._seen.get(kind, ())
        if self.level is not Level.CALM or len(seen) < FEWEST_SEEN:
            return limit_mib
        return min(limit_mib, max(LEAST_MIB, ON_TOP * max(seen)))

    def learn(self, kind: str, held_mib: float) -> None:
        """Take note of what a job that is over held at most; the latest ten of a kind count."""
        self._seen[kind] = [*self._seen.get(kind, ())[-9:], held_mib]

    def look(self, memory: Memory, going: Sequence[Going]) -> None:
        """Take a reading in: where there is room for the worst of all workers of the host, nobody has to ask."""
        others = self.promises.others(self.name).values()
        worst = self.worst_mib + sum(one.worst_mib for one in others)
        self._ample = memory.available_mib - self._reserve_mib(memory) >= worst
        self._tell(going)

    def admits(self, need_mib: float, going: Sequence[Going]) -> bool:
        """Tell whether a job may begin, and promise it what it needs; one goes where nothing runs on the host."""
        if self._ample or need_mib <= 0:
            return True
        with self.promises.locked():
            memory, others = self.read(), list(self.promises.others(self.name).values())
            promised = sum(one.open_mib for one in others) + sum(one.open_mib for one in going)
            fits = memory.available_mib - promised - need_mib >= self._reserve_mib(memory)
            if fits or not (going or any(one.running for one in others)):
                self._tell([*going, Going("", need_mib)])
                return True
        return False

    def _reserve_mib(self, memory: Memory) -> float:
        return (1.0 - self.terms.critical) * memory.total_mib

    def _tell(self, going: Iterable[Going]) -> None:
        held = list(going)
        self.promises.write(
            self.name, Promise(os.getpid(), self.worst_mib, sum(one.open_mib for one in held), len(held))
        )
