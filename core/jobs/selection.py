"""Selections: which of a tenant's jobs an action on many is about, page by page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Uuid, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from core.jobs.models import Job
from core.jobs.queries import JobFilter, conditions

LARGEST_PAGE = 10_000
"""How many jobs one request is about at most: what fits into the time that somebody waits for an answer."""
_TABLE = Job.__table__


@dataclass(frozen=True, slots=True)
class Selection:
    """Jobs that a filter finds, or else jobs by their ids; of those only what lies behind the job `after`."""

    chosen: JobFilter
    ids: Sequence[UUID] | None = None
    after: UUID | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the selected jobs, parents before their shards, and the job behind which the next page begins."""

    rows: Sequence[Row[Any]]
    next_after: UUID | None


def look(session: Session, tenant_id: UUID, selection: Selection, reach: Collection[str], *, limit: int) -> Page:
    """Return the next jobs of a selection in order of creation: of a filter's only those whose state is in reach."""
    query: Select[Any] = select(_TABLE.c.id, _TABLE.c.state, _TABLE.c.parent_id, _TABLE.c.unique_key)
    query = query.where(_TABLE.c.tenant_id == tenant_id)
    if selection.ids is None:
        query = query.where(_TABLE.c.state.in_(sorted(reach)), *conditions(selection.chosen))
    else:
        query = query.where(_TABLE.c.id == any_(literal(selection.ids, ARRAY(Uuid))))
    if selection.after is not None:
        query = query.where(_TABLE.c.id > selection.after)
    rows = session.execute(query.order_by(_TABLE.c.id).limit(limit + 1)).all()
    page = rows[:limit]
    in_order = sorted(page, key=lambda row: (row.parent_id is not None, row.id))
    return Page(in_order, page[-1].id if len(rows) > limit else None)
