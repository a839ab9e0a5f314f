"""Recurrence: the fire times of a schedule, as a function of its rule alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo, available_timezones

from core.errors import FieldError, Invalid

_TICK = timedelta(microseconds=1)


class ZoneUnknown(Invalid):
    """There is no such time zone."""

    code = "zone_unknown"


class Rule(Protocol):
    """What fire times follow."""

    def next_after(self, instant: datetime) -> datetime | None:
        """Return the first fire time behind an instant; None when there is none."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Every so often, counted from an anchor in real time: no clock on any wall changes it."""

    step: timedelta
    anchor: datetime

    def next_after(self, instant: datetime) -> datetime | None:
        """Return the anchor or the first whole number of steps after it that lies behind an instant."""
        if instant < self.anchor:
            return self.anchor
        return self.anchor + ((instant - self.anchor) // self.step + 1) * self.step


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule from one instant to another, both included."""

    rule: Rule
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def next_after(self, instant: datetime) -> datetime | None:
        """Return the first fire time behind an instant; None when there is none, as far as the calendar goes."""
        begun = self.starts_at is None or self.starts_at <= instant
        try:
            due = self.rule.next_after(instant if self.starts_at is None or begun else self.starts_at - _TICK)
        except OverflowError:
            return None
        return None if due is None or (self.ends_at is not None and due > self.ends_at) else due

    def times_after(self, instant: datetime) -> Iterator[datetime]:
        """Yield one fire time after the other."""
        due = self.next_after(instant)
        while due is not None:
            yield due
            due = self.next_after(due)


def find_zone(name: str) -> ZoneInfo:
    """Return the time zone of that name; raises `ZoneUnknown`."""
    if name not in _zones():
        detail = f"there is no time zone {name!r}; they have names like Europe/Helsinki, America/New_York or UTC"
        raise ZoneUnknown(detail, errors=[FieldError("/timezone", detail)])
    return ZoneInfo(name)


@cache
def _zones() -> frozenset[str]:
    """List the names once: it means walking through folders."""
    return frozenset(available_timezones())
