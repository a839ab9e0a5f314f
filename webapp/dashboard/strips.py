"""Fire times of schedules as strips of the hours ahead, each as wide as all others."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

AHEAD = timedelta(hours=24)
SLOTS = 96
"""Into how many slots the hours are parted: a quarter of an hour each."""
SLOT = AHEAD / SLOTS


@dataclass(frozen=True, slots=True)
class Mark:
    """Fire times that fall into the same slot."""

    slot: int
    first: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Strip:
    """The hours ahead of one schedule."""

    marks: list[Mark]
    goes_on_from: int | None = None
    """From which slot on it fires as often as before, too often to be told apart."""

    @property
    def total(self) -> str:
        """Say how many fire times there are."""
        count = sum(mark.count for mark in self.marks)
        return str(count) if self.goes_on_from is None else f"more than {count}"


def strip_of(times: Iterable[datetime], now: datetime, *, most: int = 2_000) -> Strip:
    """Gather fire times, given in order, into the slots of the hours ahead; of more than `most` the first ones."""
    marks: dict[int, Mark] = {}
    for count, at in enumerate(takewhile(lambda at: at < now + AHEAD, times)):
        if count == most:
            return Strip(list(marks.values()), max(marks) + 1)
        slot = int((at - now) / SLOT)
        known = marks.get(slot, Mark(slot, at, 0))
        marks[slot] = Mark(slot, known.first, known.count + 1)
    return Strip(list(marks.values()))


def hours_of(now: datetime) -> list[tuple[float, str]]:
    """Return where in a strip every third full hour lies, as a part of its width, with the time of day in UTC."""
    first = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    hours = [first + timedelta(hours=ahead) for ahead in range(24)]
    return [((hour - now) / AHEAD, f"{hour:%H}:00") for hour in hours if hour.hour % 3 == 0]
