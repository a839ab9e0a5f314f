"""Searching the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from core.ids import floor_at
from core.platform.audit.models import AuditEntry

CLOCKS_APART_S = 300.0
"""How far the clocks of web processes, which make ids, and of the database are trusted to agree."""
_TABLE = AuditEntry.__table__
_INDEXED = ("actor_id", "request_id")
_UNINDEXED = ("actor", "action", "outcome", "code", "target", "path")
MOST_LOOKED_AT = 5_000
"""How many entries one page looks at; who asks for what few of them tell goes on behind them with the next page."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries a search finds; None means any."""

    actor_id: UUID | None = None
    actor: str | None = None
    action: str | None = None
    outcome: str | None = None
    code: str | None = None
    request_id: str | None = None
    target: str | None = None
    path: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries, and the one behind which the next page begins; it may have few, or none, before."""

    rows: Sequence[Row[Any]]
    next_after: UUID | None


def search(
    session: Session, tenant_id: UUID, chosen: AuditFilter, *, limit: int, after: UUID | None = None
) -> AuditPage:
    """Return the next entries, up to `limit`, newest first, beginning behind the entry `after`.

    Whatever is asked, a page looks at `MOST_LOOKED_AT` entries at most.
    """
    walk = _walk(tenant_id, chosen, after)
    asked = {name: wanted for name in _UNINDEXED if (wanted := getattr(chosen, name)) is not None}
    if not asked:
        rows = session.execute(walk.limit(limit + 1)).all()
        return AuditPage(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)
    looked = walk.limit(MOST_LOOKED_AT).subquery()
    found = select(looked).where(*(looked.c[name] == wanted for name, wanted in asked.items()))
    rows = session.execute(found.order_by(looked.c.id.desc()).limit(limit + 1)).all()
    if len(rows) > limit:
        return AuditPage(rows[:limit], rows[limit - 1].id)
    last = walk.with_only_columns(_TABLE.c.id).offset(MOST_LOOKED_AT - 1).limit(1)
    return AuditPage(rows, session.scalar(last))


def _walk(tenant_id: UUID, chosen: AuditFilter, after: UUID | None) -> Select[Any]:
    """Walk along an index, newest first: a tenant's entries, an actor's, or a request's."""
    query = select(_TABLE).where(_TABLE.c.tenant_id == tenant_id)
    for name in _INDEXED:
        if (wanted := getattr(chosen, name)) is not None:
            query = query.where(_TABLE.c[name] == wanted)
    if chosen.since is not None:
        floor = floor_at(chosen.since, later_s=-CLOCKS_APART_S)
        query = query.where(_TABLE.c.at >= chosen.since, _TABLE.c.id > floor)
    if chosen.until is not None:
        ceiling = floor_at(chosen.until, later_s=CLOCKS_APART_S)
        query = query.where(_TABLE.c.at < chosen.until, _TABLE.c.id < ceiling)
    if after is not None:
        query = query.where(_TABLE.c.id < after)
    return query.order_by(_TABLE.c.id.desc())
