"""The policy: from readings to what a worker may do now, with hysteresis, each change with its reason.

Pressure decides where the kernel tells it, since a busy processor alone is no harm: that is what it is for. Less is
allowed at once, more again step by step.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from core.platform.governor.readings import Reading


class Level(StrEnum):
    """How much memory is left: enough, little, next to none."""

    CALM = "calm"
    TIGHT = "tight"
    CRITICAL = "critical"


RANK = {level: rank for rank, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class Terms:
    """From when on what is done."""

    cpu: float = 0.90
    """Which share of the processors' time makes them busy, if somebody has to wait for them."""
    memory: float = 0.85
    """Which share of the memory makes it tight; critical is two thirds of the way from there to all of it."""
    cpu_pressure: float = 0.45
    memory_pressure: float = 0.10
    margin: float = 0.05
    """By how much a share has to come back."""
    busy_after_s: float = 2.0
    calm_after_s: float = 5.0
    shrink_every_s: float = 2.0
    grow_every_s: float = 3.0
    shrink_to: float = 0.7

    @property
    def critical(self) -> float:
        """Return which share of the memory is critical."""
        return self.memory + (1.0 - self.memory) * 2 / 3


@dataclass(frozen=True, slots=True)
class Stance:
    """What holds now for one worker."""

    full: int
    """How many jobs it computes at a time when all is well."""
    slots: int
    level: Level = Level.CALM
    cpu_busy: bool = False
    calmer_since: float | None = None
    """Since when the memory would allow a lower level."""
    turning_since: float | None = None
    """Since when the processors say the contrary of `cpu_busy`."""
    resized_at: float = float("-inf")

    @property
    def strained(self) -> bool:
        """Tell whether those of low priority stand back."""
        return self.cpu_busy or self.level is not Level.CALM

    @property
    def low_slots(self) -> int:
        """Return how many jobs of low priority may run: all but one place while it is strained, none at the worst."""
        if self.level is Level.CRITICAL:
            return 0
        return max(1, self.slots - 1) if self.strained else self.full


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that becomes another, and why."""

    what: str
    before: str
    after: str
    reason: str


def decide(stance: Stance, reading: Reading, foreseen: float, terms: Terms) -> tuple[Stance, list[Change]]:
    """Return what holds from now on, and what changes by that; `foreseen` is the share of memory soon taken."""
    after = _resized(_by_cpu(_by_memory(stance, reading, foreseen, terms), reading, terms), reading.at_s, terms)
    return after, list(_changes(stance, after, reading, foreseen))


def _by_memory(stance: Stance, reading: Reading, foreseen: float, terms: Terms) -> Stance:
    used = reading.memory.used_share
    level = _level(max(used, foreseen), terms)
    pressed = (reading.memory_pressure or 0.0) >= terms.memory_pressure and used >= terms.memory - 2 * terms.margin
    if pressed and level is Level.CALM:
        level = Level.TIGHT
    if RANK[level] >= RANK[stance.level]:
        return replace(stance, level=level, calmer_since=None)
    if RANK[_level(max(used, foreseen) + terms.margin, terms)] >= RANK[stance.level]:
        return replace(stance, calmer_since=None)
    since = reading.at_s if stance.calmer_since is None else stance.calmer_since
    if reading.at_s - since < terms.calm_after_s:
        return replace(stance, calmer_since=since)
    return replace(stance, level=level, calmer_since=None)


def _level(share: float, terms: Terms) -> Level:
    if share >= terms.critical:
        return Level.CRITICAL
    return Level.TIGHT if share >= terms.memory else Level.CALM


def _by_cpu(stance: Stance, reading: Reading, terms: Terms) -> Stance:
    pressure = reading.cpu_pressure
    if stance.cpu_busy:
        turns = reading.cpu < terms.cpu - terms.margin or (pressure is not None and pressure < terms.cpu_pressure / 2)
        after_s = terms.calm_after_s
    else:
        turns = reading.cpu >= terms.cpu and (pressure is None or pressure >= terms.cpu_pressure)
        after_s = terms.busy_after_s
    if not turns:
        return replace(stance, turning_since=None)
    since = reading.at_s if stance.turning_since is None else stance.turning_since
    if reading.at_s - since < after_s:
        return replace(stance, turning_since=since)
    return replace(stance, cpu_busy=not stance.cpu_busy, turning_since=None)


def _resized(stance: Stance, now: float, terms: Terms) -> Stance:
    """Take places away while memory is short, and give back one after the other when it is not."""
    passed_s = now - stance.resized_at
    if stance.level is not Level.CALM and stance.slots > 1 and passed_s >= terms.shrink_every_s:
        return replace(stance, slots=max(1, int(stance.slots * terms.shrink_to)), resized_at=now)
    if stance.level is Level.CALM and stance.slots < stance.full and passed_s >= terms.grow_every_s:
        return replace(stance, slots=stance.slots + 1, resized_at=now)
    return stance


def _changes(before: Stance, after: Stance, reading: Reading, foreseen: float) -> Iterator[Change]:
    memory = f"memory is taken to {reading.memory.used_share:.0%}, soon to {max(0.0, foreseen):.0%}"
    stalled = "" if reading.cpu_pressure is None else f", and {reading.cpu_pressure:.0%} of the time somebody waits"
    cpu = f"processors are taken to {reading.cpu:.0%}{stalled}"
    if after.level is not before.level:
        yield Change("memory", before.level, after.level, memory)
    if after.cpu_busy is not before.cpu_busy:
        yield Change("cpu", _word(before), _word(after), cpu)
    if after.slots != before.slots:
        yield Change("slots", str(before.slots), str(after.slots), memory)
    if after.low_slots != before.low_slots:
        reason = memory if after.level is not before.level or after.slots != before.slots else cpu
        yield Change("low_slots", str(before.low_slots), str(after.low_slots), reason)


def _word(stance: Stance) -> str:
    return "busy" if stance.cpu_busy else "free"
