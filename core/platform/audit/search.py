"""Searching the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core.ids import floor_at
from core.platform.audit.models import AuditEntry

CLOCKS_APART_S = 300.0
"""How far the clocks of web processes, which make ids, and of the database are trusted to agree."""
_TABLE = AuditEntry.__table__
_EQUAL = ("actor_id", "actor", "action", "outcome", "code", "request_id", "target", "path")


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


def search(
    session: Session, tenant_id: UUID, chosen: AuditFilter, *, limit: int, after: UUID | None = None
) -> Sequence[Row[Any]]:
    """Return up to `limit` entries, newest first, beginning behind the entry `after`."""
    query = select(_TABLE).where(_TABLE.c.tenant_id == tenant_id)
    for name in _EQUAL:
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
    return session.execute(query.order_by(_TABLE.c.id.desc()).limit(limit)).all()
