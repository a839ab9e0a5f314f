"""This file is about measurements as CSV: the shared columns of recorded operation, or the names of the JSON fields."""

import csv
import io
import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.storage import TooLarge
from core.workloads.pumping.operations.gathering import Reading
from core.workloads.pumping.operations.states import MOST_AT_ONCE, ReadingInvalid, refuse

_RUNNING_KW = 50.0
_BOTTOM_NOISE_M = 0.05
"""A sensor at the bottom may read a little less than nothing."""


def read(body: bytes, zone: str, *, limit: int) -> list[Reading]:
    """Read measurements; times without an offset are the station's own, and refused where a clock change blurs them.

    Columns: `time`, `level_m`, `inflow_m3_per_h` or `inflow_m3_per_15min`, `outflow_m3_per_h`, `power_kw`, and for each
    pump `pump_<name>_power_kw` or `pump_<name>_frequency_hz`. Raises `ReadingInvalid` by line and column.
    """
    if len(body) > limit:
        raise TooLarge(f"at most {limit} bytes are accepted")
    try:
        rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ReadingInvalid(f"Not CSV in UTF-8: {error}") from None
    if not rows or "time" not in rows[0] or "level_m" not in rows[0]:
        raise ReadingInvalid("There is no line below a header with the columns time and level_m.")
    if len(rows) > MOST_AT_ONCE:
        raise ReadingInvalid(f"{len(rows)} lines; at most {MOST_AT_ONCE} at once.")
    return [_reading(number, row, zone) for number, row in enumerate(rows)]


def _reading(number: int, row: dict[str, str], zone: str) -> Reading:
    level = _number(number, row, "level_m")
    if level is None:
        raise refuse(number, "level_m", "Missing.")
    quarter = _number(number, row, "inflow_m3_per_15min")
    powers = {_between(name, "_power_kw"): _number(number, row, name) for name in row if _is(name, "_power_kw")}
    speeds = {_between(name, "_frequency_hz"): _number(number, row, name) for name in row if _is(name, "_frequency_hz")}
    known = [value for value in powers.values() if value is not None]
    return Reading(
        at=_time(number, row.get("time") or "", zone),
        level_m=0.0 if -_BOTTOM_NOISE_M < level < 0 else level,
        inflow_m3_per_h=quarter * 4.0 if quarter is not None else _number(number, row, "inflow_m3_per_h"),
        outflow_m3_per_h=_number(number, row, "outflow_m3_per_h"),
        power_kw=_number(number, row, "power_kw") if "power_kw" in row else sum(known) if known else None,
        pumps=_pumps(powers, speeds),
    )


def _pumps(powers: dict[str, float | None], speeds: dict[str, float | None]) -> dict[str, dict[str, object]]:
    pumps: dict[str, dict[str, object]] = {}
    for name in sorted({*powers, *speeds}):
        power, hz = powers.get(name), speeds.get(name)
        if power is None and hz is None:
            continue
        told: dict[str, object] = {"on": power > _RUNNING_KW if power is not None else bool(hz)}
        told |= {} if hz is None else {"hz": hz}
        pumps[name] = told | ({} if power is None else {"power_kw": power})
    return pumps


def _time(number: int, text: str, zone: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise refuse(number, "time", f"Not an ISO 8601 time: {text!r}.") from None
    if time.tzinfo is not None:
        return time.astimezone(UTC)
    early, late = (time.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1))
    if early.utcoffset() != late.utcoffset():
        detail = f"{text} is blurred by the clock change in {zone}: give times with a UTC offset."
        raise refuse(number, "time", detail)
    return early.astimezone(UTC)


def _number(number: int, row: dict[str, str], column: str) -> float | None:
    text = row.get(column)
    if text is None or not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise refuse(number, column, f"Not a number: {text!r}.")
    return value


def _is(name: str, suffix: str) -> bool:
    return name.startswith("pump_") and name.endswith(suffix)


def _between(name: str, suffix: str) -> str:
    return name.removeprefix("pump_").removesuffix(suffix)
