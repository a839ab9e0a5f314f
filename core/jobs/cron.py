"""Cron rules in a time zone: the times they name, and what changes of the clock make of them.

A rule that names hours (`30 2 * * *`) goes by the clock on the wall: a time that a change of the clock leaves out fires
once, at the first instant after the gap; a time that comes twice fires the first time only. A rule for every hour
(`*/15 * * * *`) goes by time itself: it fires whenever the clock comes to show a time that it names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from core.errors import FieldError, Invalid

EXAMPLE = "30 2 * * MON-FRI"
_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)
_SOME_TIME = datetime(2000, 1, 1)  # noqa: DTZ001 - a time on the wall of nowhere
_EVERY_HOUR = frozenset(range(24))
_FIELDS: Mapping[str, str] = {
    "second": "0-59",
    "minute": "0-59",
    "hour": "0-23",
    "day-of-month": "1-31, L for the last day, LW for the last weekday",
    "month": "1-12 or JAN-DEC",
    "day-of-week": "0-7 or SUN-SAT, 5L for the last Friday, MON#2 for the second Monday",
}


class CronInvalid(Invalid):
    """The cron rule cannot be understood or never fires."""

    code = "cron_invalid"


@dataclass(frozen=True, slots=True)
class Cron:
    """A rule of five fields (minute, hour, day of month, month, day of week), or six with the seconds first."""

    expression: str
    zone: ZoneInfo

    def next_after(self, instant: datetime) -> datetime | None:
        """Return the first fire time behind an instant; None when there is none within fifty years."""
        by_time = CronSim(self.expression, _SOME_TIME).hours == _EVERY_HOUR
        return self._next_by_time(instant) if by_time else self._next_on_the_wall(instant)

    def _next_on_the_wall(self, instant: datetime) -> datetime | None:
        for named in CronSim(self.expression, _shown(instant, self.zone)):
            due = _first_instant(named, self.zone)
            if due > instant:
                return due
        return None

    def _next_by_time(self, instant: datetime) -> datetime | None:
        """Look ahead as if the offset stayed as it is, and again from where it changes on the way."""
        earliest = instant.replace(microsecond=0) + _SECOND
        while True:
            shown = _shown(earliest, self.zone)
            named = next(CronSim(self.expression, shown - _SECOND), None)
            if named is None:
                return None
            due = earliest + (named - shown)
            # Times that are shown again come soon after they were passed, whatever the offset is when the next is due.
            change = _change(earliest, min(due, earliest + _DAY), self.zone) or _change(earliest, due, self.zone)
            if change is None:
                return due
            earliest = change


def read_cron(expression: str, zone: ZoneInfo) -> Cron:
    """Read a rule; raises `CronInvalid`, which says what is wrong, for one that never fires, too."""
    try:
        times = CronSim(expression, _SOME_TIME)
    except CronSimError as error:
        raise _refusal(_reason(expression, str(error).removeprefix("Bad "))) from error
    if next(times, None) is None:
        raise _refusal(f"{expression!r} never fires: no day is like that")
    return Cron(expression, zone)


def _reason(expression: str, field: str) -> str:
    parts = expression.split()
    if field not in _FIELDS:
        return f"{len(parts)} fields; there are 5 (minute, hour, day of month, month, day of week), or 6, seconds first"
    written = parts[list(_FIELDS).index(field) - len(_FIELDS)]
    if field == "day-of-month" and _is_good("0", "0", written, "*", "*"):
        return f"{expression!r} never fires: no such month has that many days"
    return f"the {field} {written!r} is not understood: {_FIELDS[field]}, lists, ranges and steps of them, or *"


def _is_good(*parts: str) -> bool:
    try:
        CronSim(" ".join(parts), _SOME_TIME)
    except CronSimError:
        return False
    return True


def _refusal(reason: str) -> CronInvalid:
    detail = f"{reason}; for example {EXAMPLE!r}"
    return CronInvalid(detail, errors=[FieldError("/cron", detail)])


def _shown(instant: datetime, zone: ZoneInfo) -> datetime:
    """Read the clock on the wall."""
    return instant.astimezone(zone).replace(tzinfo=None)


def _first_instant(named: datetime, zone: ZoneInfo) -> datetime:
    """Return when the wall shows a time first, or the first instant after the gap that swallowed it."""
    due = named.replace(tzinfo=zone).astimezone(UTC)
    if _shown(due, zone) == named:
        return due
    before = named.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _change(before, due, zone) or due


def _change(start: datetime, end: datetime, zone: ZoneInfo) -> datetime | None:
    """Find, to the second, where the offset of `start` ends if that of `end` is another."""
    offset = start.astimezone(zone).utcoffset()
    if end.astimezone(zone).utcoffset() == offset:
        return None
    while end - start > _SECOND:
        middle = start + timedelta(seconds=(end - start) // _SECOND // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            start = middle
        else:
            end = middle
    return end
