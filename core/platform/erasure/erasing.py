"""Erasing on request: first the keys are destroyed, then rows go, and evidence of both stays.

What only the keys of a person could open is unreadable from the first commit on, in backups, too. The audit trail is
kept, as it names people by their ids alone; it is forgotten by its own retention.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Row, Table, Text, cast, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from core.database import Base, Database
from core.errors import Missing
from core.ids import uuid7
from core.platform.access import Principal, member_label
from core.platform.accounts.models import Member
from core.platform.alerts.models import AlertEvent
from core.platform.erasure.models import Erasure
from core.platform.erasure.people import BELONGING, FORGOTTEN, NAMING, WORDS
from core.platform.sealing import keys
from core.platform.sealing.columns import sealed_columns
from core.platform.sealing.models import NOBODY, DataKey

BATCH = 1_000
KEPT = frozenset({"audit_entries", "audit_heads", "erasures", "tenants"})
"""What an erasure leaves: the evidence, and that there was such a tenant."""
_TABLE = Erasure.__table__
_PARTS = {
    "jobs": ("job_events", "job_log_lines", "job_settlements", "job_dependencies", "job_admissions"),
    "workflows": ("workflow_steps",),
    "schedules": ("schedule_runs",),
}
_WHOLE_OF = {"jobs": "job_id", "workflows": "workflow_id", "schedules": "schedule_id"}


class ErasureMissing(Missing):
    """There is no such erasure."""

    code = "erasure_missing"


def erase_person(session: Session, principal: Principal, subject: UUID) -> Row[Any]:
    """Erase what is about one person of the caller's tenant, and return the evidence; again does no harm."""
    tenant_id = principal.tenant_id
    _leave_open_tables(session, tenant_id, subject)
    counts = {
        **_empty_sealed(session, tenant_id, subject),
        **_delete_belonging(session, tenant_id, subject),
        **_empty_naming(session, tenant_id, subject),
        **_empty_words(session, tenant_id, subject),
    }
    destroyed = keys.destroy(session, tenant_id, subject)
    return _record(session, principal, subject, destroyed, counts, finished=True)


def erase_tenant(session: Session, principal: Principal) -> Row[Any]:
    """Begin to erase all that the caller's tenant has: its keys are destroyed now, its rows go in batches."""
    _leave_open_tables(session, principal.tenant_id)
    destroyed = keys.destroy(session, principal.tenant_id)
    return _record(session, principal, None, destroyed, {}, finished=False)


def go_on(database: Database, sweep: Callable[[Database], int]) -> int:
    """Go on with every erasure that is not finished; return how many rows went.

    Before one is, `sweep` takes away what is left of rows that had gone earlier, and names no tenant.
    """
    with database.statements() as session:
        open_ones = session.execute(
            select(Erasure.id, Erasure.tenant_id).where(Erasure.finished_at.is_(None)).order_by(Erasure.id)
        ).all()
    gone = 0
    for erasure_id, tenant_id in open_ones:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in KEPT and "tenant_id" in table.c:
                gone += _delete_all(database, erasure_id, tenant_id, table)
        gone += sweep(database)
        with database.transaction() as session:
            session.execute(_LIMITS_OF, {"tenant_id": str(tenant_id)})
            session.execute(update(Erasure).where(Erasure.id == erasure_id).values(finished_at=func.now()))
    return gone


def get_erasure(session: Session, tenant_id: UUID, erasure_id: UUID) -> Row[Any]:
    """Return the evidence of one erasure; raises `ErasureMissing`."""
    row = session.execute(
        select(_TABLE).where(_TABLE.c.id == erasure_id, _TABLE.c.tenant_id == tenant_id)
    ).one_or_none()
    if row is None:
        raise ErasureMissing(f"there is no erasure {erasure_id}")
    return row


def list_erasures(session: Session, tenant_id: UUID) -> Sequence[Row[Any]]:
    """Return the evidence of a tenant's erasures, newest first."""
    return session.execute(select(_TABLE).where(_TABLE.c.tenant_id == tenant_id).order_by(_TABLE.c.id.desc())).all()


def _record(
    session: Session,
    principal: Principal,
    subject: UUID | None,
    destroyed: int,
    counts: dict[str, int],
    *,
    finished: bool,
) -> Row[Any]:
    row = {
        "id": uuid7(),
        "tenant_id": principal.tenant_id,
        "subject": subject,
        "requested_by": principal.id,
        "keys_destroyed": destroyed,
        "counts": {name: count for name, count in counts.items() if count},
        "finished_at": func.now() if finished else None,
    }
    return session.execute(insert(Erasure).values(row).returning(*_TABLE.c)).one()


def _empty_sealed(session: Session, tenant_id: UUID, subject: UUID) -> dict[str, int]:
    """Empty the fields that the person's keys seal; rows whose field may not be empty go."""
    theirs = select(func.replace(cast(DataKey.id, Text), "-", "")).where(
        DataKey.tenant_id == tenant_id, DataKey.subject == subject
    )
    counts = {}
    for one in sealed_columns():
        sealed = func.split_part(cast(one.column, Text), ":", 3).in_(theirs)
        mine = (one.table.c.tenant_id == tenant_id, sealed)
        if one.column.nullable:
            emptied = update(one.table).where(*mine).values({one.column: None})
        else:
            emptied = delete(one.table).where(*mine)  # type: ignore[assignment]  # either is executed alike
        counts[one.name] = len(session.execute(emptied.returning(one.table.c.tenant_id)).all())
    return counts


def _delete_belonging(session: Session, tenant_id: UUID, subject: UUID) -> dict[str, int]:
    counts = {}
    for table, column in _columns(BELONGING):
        gone = delete(table).where(table.c.tenant_id == tenant_id, column == subject)
        counts[table.name] = len(session.execute(gone.returning(table.c.tenant_id)).all())
    account = delete(Member).where(Member.tenant_id == tenant_id, Member.id == subject)
    counts["members"] = len(session.execute(account.returning(Member.id)).all())
    return counts


def _empty_naming(session: Session, tenant_id: UUID, subject: UUID) -> dict[str, int]:
    counts = {}
    for table, column in _columns(NAMING):
        nobody = None if column.nullable else NOBODY
        emptied = update(table).where(table.c.tenant_id == tenant_id, column == subject).values({column: nobody})
        counts[f"{table.name}.{column.name}"] = len(session.execute(emptied.returning(table.c.tenant_id)).all())
    return counts


def _empty_words(session: Session, tenant_id: UUID, subject: UUID) -> dict[str, int]:
    counts, label = {}, member_label(subject)
    for table, column in _columns(WORDS):
        emptied = update(table).where(table.c.tenant_id == tenant_id, column == label).values({column: FORGOTTEN})
        counts[f"{table.name}.{column.name}"] = len(session.execute(emptied.returning(table.c.tenant_id)).all())
    steps = update(AlertEvent).where(AlertEvent.tenant_id == tenant_id, AlertEvent.data["by"].as_string() == label)
    told = steps.values(data=AlertEvent.data.op("||")({"by": FORGOTTEN})).returning(AlertEvent.seq)
    counts["alert_events.data"] = len(session.execute(told).all())
    return counts


def _leave_open_tables(session: Session, tenant_id: UUID, subject: UUID | None = None) -> None:
    """Take members out of the tables that know no tenants: row-level security is no help there."""
    for statement in _OPEN_TABLES:
        session.execute(statement, {"tenant_id": tenant_id, "subject": subject})


def _columns(names: Sequence[str]) -> list[tuple[Table, Column[Any]]]:
    return [
        (table, table.c[name])
        for table in Base.metadata.sorted_tables
        if "tenant_id" in table.c and table.name not in KEPT
        for name in names
        if name in table.c
    ]


def _delete_all(database: Database, erasure_id: UUID, tenant_id: UUID, table: Table) -> int:
    gone, batch = 0, BATCH
    while batch == BATCH:
        with database.transaction() as session:
            batch = _delete_batch(session, tenant_id, table)
            if batch:
                session.execute(_COUNT, {"id": erasure_id, "name": table.name, "count": batch})
        gone += batch
    return gone


def _delete_batch(session: Session, tenant_id: UUID, table: Table) -> int:
    chosen = f"SELECT ctid FROM {table.name} WHERE tenant_id = :tenant_id LIMIT :limit"  # noqa: S608 - a table's name
    if table.name in _PARTS:
        ids = [row.id for row in session.execute(text(chosen.replace("ctid", "id")), _limits(tenant_id))]
        for part in _PARTS[table.name]:
            of = _WHOLE_OF[table.name]
            session.execute(text(f"DELETE FROM {part} WHERE {of} = ANY(:ids)"), {"ids": ids})  # noqa: S608 - the same
        gone = text(f"DELETE FROM {table.name} WHERE id = ANY(:ids) RETURNING 1")  # noqa: S608 - the same
        return len(session.execute(gone, {"ids": ids}).all())
    gone = text(f"DELETE FROM {table.name} WHERE ctid = ANY(ARRAY({chosen})) RETURNING 1")  # noqa: S608 - the same
    return len(session.execute(gone, _limits(tenant_id)).all())


def _limits(tenant_id: UUID) -> dict[str, Any]:
    return {"tenant_id": tenant_id, "limit": BATCH}


_COUNT = text(
    """
UPDATE erasures SET counts = counts || jsonb_build_object(
  CAST(:name AS text), coalesce((counts ->> :name)::bigint, 0) + :count) WHERE id = :id
"""
)
_THEIRS = "FROM members WHERE tenant_id = :tenant_id AND (CAST(:subject AS uuid) IS NULL OR id = :subject)"
_OPEN_TABLES = (
    text(f"DELETE FROM login_failures WHERE subject IN (SELECT email_index {_THEIRS})"),  # noqa: S608 - the constant above
    text(f"UPDATE queue_pauses SET paused_by = NULL WHERE paused_by IN (SELECT id {_THEIRS})"),  # noqa: S608 - the same
)
_LIMITS_OF = text("DELETE FROM concurrency_limits WHERE strpos(name, :tenant_id) > 0")
"""A tenant's limits, and those of its keys, name it within their names."""
