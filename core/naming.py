"""Names: a tenant's things go by an id or by the name that the tenant gave them."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, select

from core.database import Base

Row = TypeVar("Row", bound=Base)


def referred_to(table: type[Row], tenant_id: UUID, reference: str, *, lock: bool = False) -> Select[Row]:
    """Select what a tenant refers to in a table of named things: by id, or by name where the reference is no id."""
    columns = table.__table__.c
    query = select(table).where(columns.tenant_id == tenant_id)
    query = query.with_for_update() if lock else query
    try:
        return query.where(columns.id == UUID(reference))
    except ValueError:
        return query.where(columns.name == reference)
