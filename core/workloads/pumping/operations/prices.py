"""This file is about what electricity costs a station: published ahead, kept by instant."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import FieldError, Invalid
from core.workloads.pumping import units
from core.workloads.pumping.operations.gathering import STEP
from core.workloads.pumping.operations.models import PriceRow
from core.workloads.pumping.operations.plants import Station

Priced = Sequence[tuple[datetime, float]]
LOOKED_BACK = timedelta(days=7)
LOOKED_AHEAD = timedelta(days=3)


class PriceInvalid(Invalid):
    """A price cannot be meant as it stands."""

    code = "price_invalid"


def put(session: Session, station: Station, prices: Priced) -> int:
    """Keep prices, each in place of the one before of its instant; returns how many. Raises `PriceInvalid`."""
    seen: set[datetime] = set()
    for number, (at, _) in enumerate(prices):
        if at.timestamp() % STEP.total_seconds():
            raise _refuse(f"/prices/{number}/time", f"{at.isoformat()} is no quarter of an hour.")
        if at in seen:
            raise _refuse(f"/prices/{number}/time", f"Duplicate of an earlier price: {at.isoformat()}.")
        seen.add(at)
    fault = units.price_per_mwh_fault([value for _, value in prices])
    if fault:
        raise _refuse("/prices/0/eur_per_mwh", fault)
    rows = [
        {"tenant_id": station.tenant_id, "plant": station.name, "at": at, "eur_per_mwh": value} for at, value in prices
    ]
    statement = insert(PriceRow).values(rows)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[PriceRow.tenant_id, PriceRow.plant, PriceRow.at],
            set_={"eur_per_mwh": statement.excluded.eur_per_mwh},
        )
    )
    return len(rows)


def around(session: Session, station: Station, slot: datetime) -> list[tuple[datetime, float]]:
    """Return the prices of the week before a slot and of the days after it, in order of time."""
    return between(session, station, slot - LOOKED_BACK, slot + LOOKED_AHEAD)


def between(session: Session, station: Station, since: datetime, until: datetime) -> list[tuple[datetime, float]]:
    """Return the prices of a stretch, in order of time."""
    query = select(PriceRow.at, PriceRow.eur_per_mwh).where(
        PriceRow.tenant_id == station.tenant_id,
        PriceRow.plant == station.name,
        PriceRow.at >= since,
        PriceRow.at < until,
    )
    return [(row.at, row.eur_per_mwh) for row in session.execute(query.order_by(PriceRow.at))]


def _refuse(pointer: str, detail: str) -> PriceInvalid:
    return PriceInvalid(f"{pointer}: {detail}", errors=[FieldError(pointer, detail)])
