"""Reports: what workers write down of their hosts, and how long it is believed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from core.ids import uuid7
from core.platform.governor.models import GovernorAction, GovernorReport
from core.platform.governor.policy import Change, Level, Stance

RENEWED_EVERY_S = 5.0
BELIEVED_FOR_S = 3 * RENEWED_EVERY_S
_TABLE, _ACTIONS = GovernorReport.__table__, GovernorAction.__table__


@dataclass(frozen=True, slots=True)
class Teller:
    """Who reports."""

    worker: str
    host: str
    queues: tuple[str, ...]
    mode: str


def report(
    session: Session,
    teller: Teller,
    stance: Stance,
    readings: Mapping[str, Any],
    changes: Iterable[Change],
    *,
    held: int,
    acted: int,
) -> None:
    """Write down what a worker says now, and what it changed since the report before."""
    said = {
        "host": teller.host,
        "queues": list(teller.queues),
        "mode": teller.mode,
        "level": stance.level,
        "cpu_busy": stance.cpu_busy,
        "slots": stance.slots,
        "full_slots": stance.full,
        "low_slots": stance.low_slots,
        "held": held,
        "readings": dict(readings),
        "acted": acted,
        "at": func.now(),
    }
    row = upsert(GovernorReport).values(worker=teller.worker, **said)
    session.execute(row.on_conflict_do_update(index_elements=["worker"], set_=said))
    dry_run = teller.mode != "on"
    rows = [{"id": uuid7(), "worker": teller.worker, "dry_run": dry_run, **asdict(one)} for one in changes]
    if rows:
        session.execute(insert(GovernorAction), rows)


def read_reports(session: Session) -> Sequence[Row[Any]]:
    """Return what the workers that live say, by name."""
    fresh = GovernorReport.at > func.now() - func.make_interval(0, 0, 0, 0, 0, 0, BELIEVED_FOR_S)
    return session.execute(select(_TABLE).where(fresh).order_by(_TABLE.c.worker)).all()


def list_actions(session: Session, *, limit: int, before: UUID | None = None) -> Sequence[Row[Any]]:
    """Return the latest changes, newest first, those before one of them."""
    query = select(_ACTIONS).order_by(_ACTIONS.c.id.desc()).limit(limit)
    return session.execute(query if before is None else query.where(_ACTIONS.c.id < before)).all()


def is_critical(session: Session, queue: str) -> bool:
    """Tell whether every worker that serves a queue has next to no memory left."""
    levels = [row.level for row in read_reports(session) if row.mode == "on" and queue in row.queues]
    return bool(levels) and all(level == Level.CRITICAL for level in levels)


def forget_old(session: Session) -> dict[str, int]:
    """Delete what nobody asks for any more; return how much of each went."""
    return {table: len(session.execute(statement).all()) for table, statement in _FORGET.items()}


_FORGET = {
    "governor_reports": text("DELETE FROM governor_reports WHERE at < now() - interval '1 hour' RETURNING 1"),
    "governor_actions": text("DELETE FROM governor_actions WHERE at < now() - interval '7 days' RETURNING 1"),
}
