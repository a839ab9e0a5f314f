"""How pages say times, durations and sizes: short for the eye, exact on demand."""

import json
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from markupsafe import Markup

from core.clock import utc_now

NONE = "—"
"""What stands where there is nothing to say."""
_STEPS = ((60.0, 1.0, "s"), (3600.0, 60.0, "min"), (86_400.0, 3600.0, "h"), (float("inf"), 86_400.0, "d"))
_JUST_NOW_S = 2.0
_FINE_S = 10.0
_KIBI = 1024.0


def install(app: Flask) -> None:
    """Make the filters known to the templates."""
    app.jinja_env.filters.update(
        ago=ago, moment=moment, duration=duration, size=size, pretty=pretty, figure=figure, clock=clock_time
    )


def ago(instant: datetime | str | None, now: datetime | None = None) -> Markup | str:
    """Write an instant as seen from now, with the exact time behind it; a dash where there is none."""
    if instant is None:
        return NONE
    at = _read(instant)
    away_s = ((now or utc_now()) - at).total_seconds()
    if abs(away_s) < _JUST_NOW_S:
        return _time(at, "now")
    words = duration(abs(away_s), coarse=True)
    return _time(at, f"{words} ago" if away_s > 0 else f"in {words}")


def moment(instant: datetime | str | None) -> Markup | str:
    """Write an instant by date and time in UTC; a dash where there is none."""
    if instant is None:
        return NONE
    at = _read(instant)
    return _time(at, f"{at:%Y-%m-%d %H:%M:%S}")


def clock_time(instant: datetime | str) -> str:
    """Write the time of day in UTC alone."""
    return f"{_read(instant):%H:%M}"


def duration(seconds: float | None, *, coarse: bool = False) -> str:
    """Write a duration in the unit that fits; a dash where there is none."""
    if seconds is None:
        return NONE
    if not coarse and seconds < 1.0:
        return f"{seconds * 1000:.0f} ms"
    unit_s, unit = next((unit_s, unit) for below_s, unit_s, unit in _STEPS if seconds < below_s)
    value = float(seconds) / unit_s
    fine = not coarse and value < _FINE_S and not value.is_integer()
    return f"{value:.1f} {unit}" if fine else f"{value:.0f} {unit}"


def size(count: float | None) -> str:
    """Write a number of bytes; a dash where there is none."""
    if count is None:
        return NONE
    for unit in ("B", "KiB", "MiB"):
        if count < _KIBI:
            return f"{count:.0f} {unit}" if unit == "B" or count >= _FINE_S else f"{count:.1f} {unit}"
        count /= _KIBI
    return f"{count:.1f} GiB"


def figure(value: float | None, digits: int = 4) -> str:
    """Write a number with so many significant digits; a dash where there is none."""
    if value is None:
        return NONE
    return f"{value:,}" if isinstance(value, int) else f"{value:.{digits}g}"


def pretty(value: Any) -> str:
    """Write a JSON value over several lines."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def _read(instant: datetime | str) -> datetime:
    return instant if isinstance(instant, datetime) else datetime.fromisoformat(instant)


def _time(at: datetime, words: str) -> Markup:
    exact = at.astimezone(UTC)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        exact.isoformat(), f"{exact:%Y-%m-%d %H:%M:%S} UTC", words
    )
