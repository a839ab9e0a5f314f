"""This file is about measurements: taken in once each, checked for what they can mean, read back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import FieldError, Invalid
from core.workloads.pumping import units
from core.workloads.pumping.operations.gathering import HISTORY_STEPS, STEP, Reading
from core.workloads.pumping.operations.models import StateRow
from core.workloads.pumping.operations.plants import Station

MOST_AT_ONCE = 20_000
_AHEAD = timedelta(minutes=5)
_FLOOD_FACTOR, _TRICKLE_FACTOR = 4.0, 0.02
_BALANCED_FROM = 16
"""From so many quarter-hours in a row on their water has to balance."""
_CHUNK = 2_000
_INSERTED: ColumnElement[bool] = literal_column("xmax = 0")
"""True for a row that was not there before."""


class ReadingInvalid(Invalid):
    """A measurement cannot be meant as it stands."""

    code = "reading_invalid"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of measurements that were sent."""

    received: int
    new: int
    latest: datetime


def take(session: Session, station: Station, readings: Sequence[Reading], *, now: datetime) -> Taken:
    """Keep measurements; one sent again replaces itself. Raises `ReadingInvalid`, and then keeps none."""
    check(station, readings, now=now)
    new = 0
    for first in range(0, len(readings), _CHUNK):
        rows = [_values(station, reading) for reading in readings[first : first + _CHUNK]]
        statement = insert(StateRow).values(rows)
        fresh = {name: statement.excluded[name] for name in rows[0] if name not in {"tenant_id", "plant", "at"}}
        kept = session.scalars(
            statement.on_conflict_do_update(
                index_elements=[StateRow.tenant_id, StateRow.plant, StateRow.at],
                set_={**fresh, "received_at": func.now()},
            ).returning(_INSERTED)
        )
        new += sum(kept)
    return Taken(len(readings), new, max(reading.at for reading in readings))


def check(station: Station, readings: Sequence[Reading], *, now: datetime) -> None:
    """Raise `ReadingInvalid` naming the measurement and field that cannot be meant, with the suspected unit."""
    seen: dict[datetime, int] = {}
    pumps = {pump.name for pump in station.plant.pumps}
    for number, reading in enumerate(readings):
        if reading.at in seen:
            raise refuse(number, "time", f"Duplicate of reading {seen[reading.at]}.")
        seen[reading.at] = number
        if reading.at > now + _AHEAD:
            raise refuse(number, "time", f"{reading.at.isoformat()} lies ahead of {now.isoformat()}.")
        for field, detail in _faults(station, reading, pumps):
            raise refuse(number, field, detail)
    fault = _balance_fault(station, readings)
    if fault:
        raise refuse(0, "inflow_m3_per_h", fault)


def _balance_fault(station: Station, readings: Sequence[Reading]) -> str | None:
    """Tell the unit of an inflow that does not balance over the quarter-hours sent together, if they are many.

    Few are not judged: there a level that stands still would look like a wrong unit, and the loop has to see it.
    """
    ordered = sorted(readings, key=lambda reading: reading.at)
    following = [True, *(after.at - before.at == STEP for before, after in pairwise(ordered))]
    if sum(following) < _BALANCED_FROM:
        return None
    inflow: list[float | None] = []
    outflow: list[float | None] = []
    volume: list[float | None] = []
    for reading, follows in zip(ordered, following, strict=True):
        if not follows:
            inflow, outflow, volume = [*inflow, None], [*outflow, None], [*volume, None]
        inflow.append(reading.inflow_m3_per_h)
        outflow.append(reading.outflow_m3_per_h)
        volume.append(station.plant.stored_m3(reading.level_m))
    return units.inflow_fault(inflow, outflow, volume)


def _faults(station: Station, reading: Reading, pumps: set[str]) -> list[tuple[str, str]]:
    rules, faults = station.plant.rules, []
    top = station.plant.volume[-1].to_level_m
    level_fault = units.level_fault([reading.level_m])
    if level_fault:
        faults.append(("level_m", level_fault))
    elif reading.level_m > top:
        faults.append(("level_m", f"{reading.level_m:g} m is above the basin's top at {top:g} m."))
    for field in ("inflow_m3_per_h", "outflow_m3_per_h"):
        value = getattr(reading, field)
        if value is not None and value < 0:
            faults.append((field, f"Negative flow: {value:g} m3/h."))
        if value is not None and value > _FLOOD_FACTOR * rules.outflow_max_m3_per_h:
            faults.append((field, f"{value:,.0f} m3/h is more than the station can lift: suspected unit: m3/day."))
    running = sum(bool(state.get("on")) for state in reading.pumps.values())
    least = min(kind.flow_min_m3_per_h for kind in station.plant.pump_kinds)
    outflow = reading.outflow_m3_per_h
    if running and outflow is not None and 0 < outflow < _TRICKLE_FACTOR * least:
        faults.append(("outflow_m3_per_h", f"{outflow:.3g} m3/h with pumps running: suspected unit: m3/s."))
    strange = sorted(set(reading.pumps) - pumps)
    if strange:
        faults.append((f"pumps/{strange[0]}", "The station has no pump of that name."))
    return faults


def latest(session: Session, station: Station) -> Reading | None:
    """Return the last measurement."""
    found = read(session, station, limit=1)
    return found[0] if found else None


def read(
    session: Session,
    station: Station,
    *,
    limit: int,
    before: datetime | None = None,
    since: datetime | None = None,
) -> list[Reading]:
    """Return measurements, newest first."""
    query = select(StateRow).where(StateRow.tenant_id == station.tenant_id, StateRow.plant == station.name)
    if before is not None:
        query = query.where(StateRow.at < before)
    if since is not None:
        query = query.where(StateRow.at >= since)
    return [_reading(row) for row in session.scalars(query.order_by(StateRow.at.desc()).limit(limit))]


def history(session: Session, station: Station, slot: datetime) -> list[Reading]:
    """Return what plans look at: the last two weeks up to a slot, in order of time."""
    found = read(
        session,
        station,
        limit=HISTORY_STEPS * 2,
        before=slot + timedelta(microseconds=1),
        since=slot - HISTORY_STEPS * STEP,
    )
    return found[::-1]


def _values(station: Station, reading: Reading) -> dict[str, Any]:
    return {
        "tenant_id": station.tenant_id,
        "plant": station.name,
        "at": reading.at,
        "level_m": reading.level_m,
        "inflow_m3_per_h": reading.inflow_m3_per_h,
        "outflow_m3_per_h": reading.outflow_m3_per_h,
        "power_kw": reading.power_kw,
        "pumps": {name: dict(state) for name, state in reading.pumps.items()},
    }


def _reading(row: StateRow) -> Reading:
    return Reading(row.at, row.level_m, row.inflow_m3_per_h, row.outflow_m3_per_h, row.power_kw, row.pumps)


def refuse(number: int, field: str, detail: str) -> ReadingInvalid:
    """Make the refusal of one measurement's field."""
    pointer = f"/readings/{number}/{field}"
    return ReadingInvalid(f"{pointer}: {detail}", errors=[FieldError(pointer, detail)])
