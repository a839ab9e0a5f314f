"""Sources of events: made, found, counted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import Conflict, Missing
from core.ids import uuid7
from core.naming import referred_to
from core.workloads.customers.operations.models import EventRow, SourceRow

SORTS = ("website", "app", "server", "import", "crm")
MOST = 200
"""How many sources a tenant may have."""


class SourceMissing(Missing):
    """There is no such source."""

    code = "source_missing"


class SourceNameTaken(Conflict):
    """Another source of the tenant has this name."""

    code = "source_name_taken"


class SourcesTooMany(Conflict):
    """The tenant has as many sources as may be."""

    code = "sources_too_many"


class SourceInUse(Conflict):
    """Events have come from the source, so that it stays."""

    code = "source_in_use"


def create(session: Session, tenant_id: UUID, asked: Mapping[str, Any]) -> SourceRow:
    """Make a source of checked fields; raises `SourceNameTaken`, `SourcesTooMany`."""
    if (session.scalar(select(func.count()).where(SourceRow.tenant_id == tenant_id)) or 0) >= MOST:
        raise SourcesTooMany(f"{MOST} sources are allowed")
    row = {"id": uuid7(), "tenant_id": tenant_id, **asked}
    made = session.scalar(insert(SourceRow).values(row).on_conflict_do_nothing().returning(SourceRow.id))
    if made is None:
        raise SourceNameTaken(f"there is a source {asked['name']!r}")
    return session.get_one(SourceRow, made)


def find(session: Session, tenant_id: UUID, reference: str) -> SourceRow:
    """Return a source by id or name; raises `SourceMissing`."""
    row = session.scalar(referred_to(SourceRow, tenant_id, reference))
    if row is None:
        raise SourceMissing(f"there is no source {reference!r}")
    return row


def find_or_create(session: Session, tenant_id: UUID, name: str, sort: str) -> SourceRow:
    """Return the source of a name, made now if there is none."""
    row = {"id": uuid7(), "tenant_id": tenant_id, "name": name, "sort": sort}
    session.execute(insert(SourceRow).values(row).on_conflict_do_nothing())
    return find(session, tenant_id, name)


def list_sources(session: Session, tenant_id: UUID) -> Sequence[SourceRow]:
    """Return all sources by name."""
    return session.scalars(select(SourceRow).where(SourceRow.tenant_id == tenant_id).order_by(SourceRow.name)).all()


def remove(session: Session, tenant_id: UUID, reference: str) -> None:
    """Forget a source that nothing came from; raises `SourceInUse`."""
    row = find(session, tenant_id, reference)
    if session.scalar(select(EventRow.message_id).where(EventRow.source_id == row.id).limit(1)) is not None:
        raise SourceInUse(f"events have come from {row.name!r}")
    session.execute(delete(SourceRow).where(SourceRow.id == row.id))


def count(session: Session, row: SourceRow, *, accepted: int, duplicates: int, rejected: int, last: Any) -> None:
    """Add to what is known of a source."""
    session.execute(
        update(SourceRow)
        .where(SourceRow.id == row.id)
        .values(
            accepted=SourceRow.accepted + accepted,
            duplicates=SourceRow.duplicates + duplicates,
            rejected=SourceRow.rejected + rejected,
            last_event_at=func.greatest(SourceRow.last_event_at, last),
        )
    )


def lock_people(session: Session, tenant_id: UUID) -> None:
    """Have others who change a tenant's people wait for our commit."""
    key = func.hashtextextended(f"customers/{tenant_id}", 0)
    session.execute(select(func.pg_advisory_xact_lock(key)))


def newest_event(session: Session, tenant_id: UUID) -> datetime | None:
    """Return when the latest known event happened."""
    return session.scalar(select(func.max(SourceRow.last_event_at)).where(SourceRow.tenant_id == tenant_id))


def numbers(session: Session, sequence: str, count: int) -> list[int]:
    """Take numbers from a table's sequence, as many as are needed, in their order."""
    if not count:
        return []
    taken = session.scalars(
        text("SELECT nextval(CAST(:name AS regclass)) FROM generate_series(1, :count)"),
        {"name": sequence, "count": count},
    ).all()
    return sorted(taken)
