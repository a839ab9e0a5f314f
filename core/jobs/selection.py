"""Selections: which of a tenant's jobs an action on many is about, page by page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, any_, literal, select
from sqlalchemy.orm import Session

from core.jobs import queries
from core.jobs.listing import list_jobs
from core.jobs.models import Job
from core.jobs.queries import JobFilter

LARGEST_PAGE = 10_000
"""How many jobs one request is about at most: what fits into the time that somebody waits for an answer."""
_TABLE = Job.__table__
_LOOKED_AT = [_TABLE.c[name] for name in ("id", "state", "parent_id", "unique_key")]


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
    """Return the next jobs of a selection in order of creation: of a filter's only those whose state is in reach.

    A filter's page looks at no more jobs than a list's does, and so may have few, or none, before the end.
    """
    if selection.ids is None:
        found = list_jobs(
            *(session, tenant_id, selection.chosen),
            limit=limit,
            after=selection.after,
            newest_first=False,
            brief=True,
            among=reach,
        )
        return Page(_parents_first(found.rows), found.next_after)
    named = select(*_LOOKED_AT).where(
        _TABLE.c.tenant_id == tenant_id, _TABLE.c.id == any_(literal(selection.ids, queries.IDS))
    )
    if selection.after is not None:
        named = named.where(_TABLE.c.id > selection.after)
    rows = session.execute(named.order_by(_TABLE.c.id).limit(limit + 1)).all()
    page = rows[:limit]
    return Page(_parents_first(page), page[-1].id if len(rows) > limit else None)


def _parents_first(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    return sorted(rows, key=lambda row: (row.parent_id is not None, row.id))
