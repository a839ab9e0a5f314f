"""Exporting: the rows of one tenant, or those about one person of it, as JSON values; keys and hashes stay here."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Table, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from core.clock import rfc3339
from core.crypto import CiphertextRefused
from core.database import Base, Database
from core.platform.access import member_label
from core.platform.erasure.people import BELONGING, EVIDENCE, NAMING, WORDS
from core.platform.sealing.columns import SealedText
from core.platform.sealing.values import Place, open_sealed
from core.redaction import PLACEHOLDER

AT_ONCE = 500
LEFT_OUT = frozenset(
    {"data_keys", "recovery_codes", "refresh_tokens", "login_failures", "audit_heads", "sealed_params"}
)
"""Tables of nothing but keys, hashes and secrets."""
HIDDEN = frozenset({"hash", "password_hash", "wrapped", "signature", "email_index"})
"""Columns that prove something to this platform and tell nobody else anything; the trail's own hashes are shown."""
OPENED = frozenset({("members", "email")})
"""Sealed fields that are told: about persons, not secrets."""
PARTS = frozenset(
    {
        *("job_events", "job_log_lines", "job_settlements", "job_dependencies", "job_admissions"),
        *("workflow_steps", "schedule_runs", "trigger_runs"),
    }
)
"""Tables of parts, which name no tenant: row-level security shows those whose whole is the tenant's."""
_IDS = (*BELONGING, *NAMING, *EVIDENCE)


def own_rows(database: Database, tenant_id: UUID, subject: UUID | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every row of a tenant with its table's name, table after table; or only those that name one person.

    Row-level security holds it to the tenant, as it does a request.
    """
    with database.within(tenant_id).transaction() as session:
        for table in Base.metadata.sorted_tables:
            query = _query(table, tenant_id, subject)
            if query is None:
                continue
            for row in _pages(session, table, query):
                yield table.name, _written(session, table, row)


def _pages(session: Session, table: Table, query: Select[Any]) -> Iterator[Mapping[Any, Any]]:
    """Read rows page by page along the primary key: no page outgrows memory, however large the table is."""
    key = list(table.primary_key.columns)
    page = query.order_by(*key).limit(AT_ONCE)
    rows: Sequence[Mapping[Any, Any]] = session.execute(page).mappings().all()
    while rows:
        yield from rows
        last = tuple_(*(literal(rows[-1][column], column.type) for column in key))
        rows = session.execute(page.where(tuple_(*key) > last)).mappings().all() if len(rows) == AT_ONCE else []


def _query(table: Table, tenant_id: UUID, subject: UUID | None) -> Select[Any] | None:
    query = select(table)
    if "tenant_id" in table.c and table.name not in LEFT_OUT:
        query = query.where(table.c.tenant_id == tenant_id)
    elif table.name == "tenants":
        query = query.where(table.c.id == tenant_id)
    elif table.name not in PARTS:
        return None
    if subject is None:
        return query
    names = [table.c[name] == subject for name in _IDS if name in table.c and _is_id(table, name)]
    names += [table.c[name] == member_label(subject) for name in WORDS if name in table.c]
    if table.name == "members":
        names.append(table.c.id == subject)
    return query.where(or_(*names)) if names else None


def _is_id(table: Table, name: str) -> bool:
    return table.c[name].type.python_type is UUID


def _written(session: Session, table: Table, row: Mapping[Any, Any]) -> dict[str, Any]:
    shown_hash = table.name == "audit_entries"
    return {
        column.name: _opened(session, table, column.name, row)
        if isinstance(column.type, SealedText)
        else _plain(row[column])
        for column in table.columns
        if column.name not in HIDDEN or (shown_hash and column.name == "hash")
    }


def _opened(session: Session, table: Table, name: str, row: Mapping[Any, Any]) -> str | None:
    value = row[table.c[name]]
    if value is None or (table.name, name) not in OPENED:
        return None if value is None else PLACEHOLDER
    try:
        return open_sealed(session, Place(row[table.c.tenant_id], table.name, name, row[table.c.id]), value)
    except CiphertextRefused:
        return PLACEHOLDER


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return rfc3339(value)
        case UUID() | date() | time() | timedelta():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(value).decode()
        case list():
            return [_plain(each) for each in value]
        case _:
            return value
