"""Rotation: values of retired keys are sealed anew in batches, while everything stays readable; then the keys go.

What is left to do is what still bears a retired key, so that a rotation may be broken off and gone on with anywhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, delete, exists, func, select, update
from sqlalchemy.orm import Session

from core.crypto import REMEMBERED_S
from core.database import Database
from core.platform.sealing.columns import SealedColumn, sealed_columns
from core.platform.sealing.keys import SEAL, find_key, rewrap
from core.platform.sealing.models import DataKey
from core.platform.sealing.values import Place, Sealed, open_sealed, seal

BATCH = 200
SETTLED = timedelta(seconds=6 * REMEMBERED_S)
"""So long after it was retired no process seals with a key any more."""


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """How far a tenant's rotation is."""

    keys: int
    """How many keys new values are sealed with."""
    oldest_at: datetime | None
    """When the oldest of them was made."""
    retired: int
    """How many keys wait for their values to be sealed anew."""
    outdated: dict[str, int]
    """How many values of which column still bear a retired key."""


def read_status(session: Session, tenant_id: UUID) -> KeyStatus:
    """Return how far a tenant's rotation is."""
    mine = (DataKey.tenant_id == tenant_id, DataKey.purpose == SEAL)
    current = (
        select(func.count(), func.min(DataKey.created_at))
        .where(*mine, DataKey.retired_at.is_(None))
        .select_from(DataKey)
    )
    count, oldest_at = session.execute(current).one()
    retired = session.scalar(select(func.count()).select_from(DataKey).where(*mine, DataKey.retired_at.is_not(None)))
    outdated = {one.name: _count_outdated(session, one, tenant_id) for one in sealed_columns()} if retired else {}
    return KeyStatus(count, oldest_at, retired or 0, {name: left for name, left in outdated.items() if left})


def go_on(database: Database) -> dict[str, int]:
    """Go on with every rotation until nothing is left to do; return how much was done of each sort."""
    done = {"rewrapped": 0, "resealed": 0, "destroyed": 0}
    for name, batches in (("rewrapped", _rewrap_all(database)), ("resealed", _reseal_all(database))):
        done[name] = sum(batches)
    with database.transaction() as session:
        done["destroyed"] = destroy_unused(session)
    return done


def reseal_batch(session: Session, one: SealedColumn, *, limit: int = BATCH) -> int:
    """Seal a batch of a column's outdated values with the current keys; return how many there were.

    Rows that somebody else holds are left for the next batch.
    """
    keys = list(one.table.primary_key.columns)
    query = select(one.table.c.tenant_id, one.column.label("sealed"), *keys).where(_is_outdated(one))
    rows = session.execute(query.limit(limit).with_for_update(skip_locked=True)).all()
    for row in rows:
        names = row[2:]
        place = Place(row.tenant_id, one.table.name, one.column.name, ":".join(map(str, names)))
        session.execute(
            update(one.table)
            .where(*(key == name for key, name in zip(keys, names, strict=True)))
            .values({one.column: _sealed_anew(session, place, row.sealed)})
        )
    return len(rows)


def destroy_unused(session: Session) -> int:
    """Destroy retired keys that no value bears any more; return how many there were."""
    unused = [~exists().where(_key_of(one) == _hex(DataKey.id)) for one in sealed_columns()]
    settled = DataKey.retired_at < func.now() - SETTLED
    return len(session.execute(delete(DataKey).where(settled, *unused).returning(DataKey.id)).all())


def _rewrap_all(database: Database) -> Iterator[int]:
    done = BATCH
    while done == BATCH:
        with database.transaction() as session:
            done = rewrap(session, limit=BATCH)
        yield done


def _reseal_all(database: Database) -> Iterator[int]:
    for one in sealed_columns():
        done = BATCH
        while done == BATCH:
            with database.transaction() as session:
                done = reseal_batch(session, one)
            yield done


def _sealed_anew(session: Session, place: Place, value: Sealed) -> Sealed:
    subject = find_key(session, value.key_id).subject
    return seal(session, place, open_sealed(session, place, value), subject=subject)


def _count_outdated(session: Session, one: SealedColumn, tenant_id: UUID) -> int:
    query = select(func.count()).select_from(one.table).where(one.table.c.tenant_id == tenant_id, _is_outdated(one))
    return int(session.execute(query).scalar_one())


def _is_outdated(one: SealedColumn) -> ColumnElement[bool]:
    retired = select(_hex(DataKey.id)).where(DataKey.retired_at.is_not(None), DataKey.purpose == SEAL)
    return _key_of(one).in_(retired)


def _key_of(one: SealedColumn) -> ColumnElement[str]:
    return func.split_part(cast(one.column, Text), ":", 3)


def _hex(key_id: Any) -> ColumnElement[str]:
    return func.replace(cast(key_id, Text), "-", "")
