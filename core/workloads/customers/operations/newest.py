"""Lists of what a tenant has, newest first: of rows whose ids grow with time, a page of them."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, select

from core.database import Base

Row = TypeVar("Row", bound=Base)


def newest(table: type[Row], tenant_id: UUID, *, limit: int, after: UUID | None, **fixed: Any) -> Select[Row]:
    """Select rows, newest first, beginning behind one; columns in `fixed` have these values unless it is None."""
    columns = table.__table__.c
    query = select(table).where(columns.tenant_id == tenant_id).order_by(columns.id.desc()).limit(limit)
    if after is not None:
        query = query.where(columns.id < after)
    return query.where(*(columns[name] == value for name, value in fixed.items() if value is not None))
