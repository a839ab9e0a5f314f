"""This file is about recorded operation as a table: read strictly, refused by row and column, suspected units named."""

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.errors import FieldError, Invalid
from core.workloads.pumping import units

STEP_MINUTES = 15
LONGEST_FILLED_STEPS = 4
MOST_ROWS = 96 * 400
_INFLOW_SCALES = {"inflow_m3_per_h": 1.0, "inflow_m3_per_15min": 60.0 / STEP_MINUTES}

Values = list[float]
Gappy = list[float | None]


class SeriesInvalid(Invalid):
    """The series cannot be used as it stands."""

    code = "series_invalid"


def refuse(row: int | None, column: str, detail: str) -> SeriesInvalid:
    """Make the refusal of one cell, or of a column where `row` is None."""
    place = f"/series/rows/{row}/{column}" if row is not None else f"/series/{column}"
    return SeriesInvalid(f"{place}: {detail}", errors=[FieldError(place, detail)])


@dataclass(frozen=True, slots=True)
class Recording:
    """A gapless raster of quarter-hours; None where nothing was recorded. Volumes belong to the step that `time` ends.

    `inflow` and `outflow` in m3/h, `level` in m and `volume` in m3 at the end of the step, `power` of each pump in kW,
    `price` of each tariff in EUR/MWh.
    """

    start: datetime
    inflow: Gappy
    level: Gappy
    volume: Gappy
    outflow: Gappy
    power: Mapping[str, Gappy]
    price: Mapping[str, Gappy]
    inflow_column: str = "inflow_m3_per_15min"
    """Where the inflow was read."""

    @property
    def steps(self) -> int:
        """Number of quarter-hours."""
        return len(self.inflow)

    def time(self, step: int) -> datetime:
        """Return when a step begins."""
        return self.start + timedelta(minutes=STEP_MINUTES * step)


def read_csv(lines: Iterable[str]) -> Recording:
    """Read the shared CSV's columns; raises `SeriesInvalid`."""
    reader = csv.DictReader(lines)
    if not reader.fieldnames or "time" not in reader.fieldnames:
        raise refuse(None, "time", "Not a CSV file with a column `time`.")
    return read_rows(list(reader))


def read_rows(rows: Sequence[Mapping[str, Any]]) -> Recording:
    """Put rows of the shared columns on a raster and check them; raises `SeriesInvalid` naming row and column."""
    if not rows:
        raise refuse(None, "rows", "No rows.")
    if len(rows) > MOST_ROWS:
        raise refuse(None, "rows", f"{len(rows)} rows; at most {MOST_ROWS}.")
    times = [_time(number, row) for number, row in enumerate(rows)]
    places = _places(times)
    columns = _columns(rows)
    inflow_column = _inflow_column(columns)
    read = _Raster(rows, places)
    recording = Recording(
        start=times[0],
        inflow=_inflow(read, inflow_column),
        level=read("level_m") if "level_m" in columns else read.nothing(),
        volume=read("volume_m3") if "volume_m3" in columns else read.nothing(),
        outflow=read("outflow_m3_per_h") if "outflow_m3_per_h" in columns else read.nothing(),
        power={_between(name, "_power_kw"): read(name) for name in columns if name.endswith("_power_kw")},
        price={
            name.removeprefix("price_").removesuffix("_cent_per_kwh"): read(name, scale=10.0)
            for name in columns
            if name.startswith("price_") and name.endswith("_cent_per_kwh")
        },
        inflow_column=inflow_column,
    )
    _refuse_implausible(recording)
    return recording


def filled(recording: Recording, name: str, values: Gappy) -> Values:
    """Fill gaps of up to an hour linearly; raises `SeriesInvalid` for a longer one or a missing column."""
    known = [place for place, value in enumerate(values) if value is not None]
    if not known:
        raise refuse(None, name, "The column is missing or empty.")
    result: Values = []
    for place in range(len(values)):
        value = values[place]
        if value is None:
            before = max((k for k in known if k < place), default=None)
            after = min((k for k in known if k > place), default=None)
            span = (after if after is not None else len(values)) - (before if before is not None else -1) - 1
            if span > LONGEST_FILLED_STEPS or before is None or after is None:
                hours = span * STEP_MINUTES / 60
                raise refuse(None, name, f"A gap of {hours:g} h at {recording.time(place).isoformat()}.")
            low, high = values[before], values[after]
            assert low is not None
            assert high is not None
            value = low + (high - low) * (place - before) / (after - before)
        result.append(value)
    return result


@dataclass(frozen=True, slots=True)
class _Raster:
    rows: Sequence[Mapping[str, Any]]
    places: Sequence[int]

    def __call__(self, column: str, *, scale: float = 1.0) -> Gappy:
        values = self.nothing()
        for number, (row, place) in enumerate(zip(self.rows, self.places, strict=True)):
            value = _number(number, column, row.get(column))
            values[place] = None if value is None else value * scale
        return values

    def nothing(self) -> Gappy:
        return [None] * (self.places[-1] + 1)


def _time(number: int, row: Mapping[str, Any]) -> datetime:
    value = row.get("time")
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        time = None
    if time is None:
        raise refuse(number, "time", f"Not an ISO 8601 time: {value!r}.")
    return time


def _places(times: Sequence[datetime]) -> list[int]:
    """Return each row's place on the raster; refuses what is not in order, off the raster, or doubled."""
    first, step = times[0], timedelta(minutes=STEP_MINUTES)
    seen: dict[int, int] = {}
    for number, time in enumerate(times):
        if (time.tzinfo is None) != (first.tzinfo is None):
            raise refuse(number, "time", "Some times have a UTC offset and some have none.")
        place, rest = divmod(time - first, step)
        if rest:
            raise refuse(number, "time", f"{time.isoformat()} is not a whole number of {STEP_MINUTES} minutes on.")
        if place in seen:
            raise refuse(number, "time", _twice(number, seen[place], time))
        if number and place <= max(seen):
            raise refuse(number, "time", f"{time.isoformat()} comes after a later time.")
        if place > MOST_ROWS:
            raise refuse(number, "time", f"{time.isoformat()} is too far from the first row.")
        seen[place] = number
    return list(seen)


def _twice(number: int, before: int, time: datetime) -> str:
    text = f"Duplicate of row {before}: {time.isoformat()}."
    if time.tzinfo is None and number - before == 60 // STEP_MINUTES:
        text = f"{time.isoformat()} comes twice, an hour apart: a clock change; give times with a UTC offset."
    return text


def _columns(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(str(name) for row in rows[:1] for name in row))


def _inflow_column(columns: Sequence[str]) -> str:
    for name in _INFLOW_SCALES:
        if name in columns:
            return name
    raise refuse(None, "inflow_m3_per_15min", "The column is missing; inflow_m3_per_h would do as well.")


def _inflow(read: "_Raster", column: str) -> Gappy:
    values = read(column, scale=_INFLOW_SCALES[column])
    for number, value in enumerate(values):
        if value is not None and value < 0:
            raise refuse(number, column, f"Negative inflow: {value:g} m3/h.")
    return values


def _number(number: int, column: str, value: Any) -> float | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise refuse(number, column, f"Not a number: {value!r}.")
    try:
        read = float(value)
    except ValueError:
        raise refuse(number, column, f"Not a number: {value!r}.") from None
    if not math.isfinite(read):
        raise refuse(number, column, f"Not a number: {value!r}.")
    return read


def _between(name: str, suffix: str) -> str:
    return name.removeprefix("pump_").removesuffix(suffix)


def _refuse_implausible(recording: Recording) -> None:
    faults = {
        recording.inflow_column: units.inflow_fault(recording.inflow, recording.outflow, recording.volume),
        "level_m": units.level_fault(recording.level),
        **{f"price_{tariff}_cent_per_kwh": units.price_fault(values) for tariff, values in recording.price.items()},
    }
    for column, detail in faults.items():
        if detail:
            raise refuse(None, column, detail)
