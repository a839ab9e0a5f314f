"""One old row in every table there is, whatever it is about."""

import uuid
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

import tasks.maintenance  # noqa: F401 - for the tables, all of which whoever prunes and erases knows
from core.database import Base

YOUNG, OLD = "now()", "now() - interval '10 years'"
VALUES = {"bool": "true", "jsonb": "'{}'", "bytea": "''"}
"""SQL values by type; numbers are 1, times old, ids the same in all rows, so that parts belong to their wholes."""
NUMBERS = frozenset({"int2", "int4", "int8", "float8", "numeric"})
MEANT: Mapping[tuple[str, str], str] = {
    ("jobs", "state"): "'succeeded'",
    ("alerts", "state"): "'resolved'",
    ("alerts", "severity"): "'info'",
    ("domains", "status"): "'active'",
    ("pumping_plans", "status"): "'superseded'",
    ("concurrency_limits", "name"): "'key:a'",
    ("data_keys", "master_key"): "'test'",
    ("bus_events", "seq"): "1",
    ("notifications", "next_attempt_at"): "NULL",
    ("webhook_deliveries", "next_attempt_at"): "NULL",
}
"""What has to mean something for a row to be over."""
STATIONS = frozenset({"pumping_states", "pumping_prices", "pumping_overrides", "pumping_plans"})
"""Tables whose rows are as old as they lie before the latest one."""


def insert_aged(session: Session, tenant_id: UUID) -> set[str]:
    """Put an old row of a tenant into every table but the trail, a young one into stations' besides; name the tables.

    Foreign keys are not looked at meanwhile, but work when rows are taken away.
    """
    session.execute(text("SET LOCAL session_replication_role = replica"))
    tables = {table.name for table in Base.metadata.sorted_tables} - {"tenants", "audit_entries", "audit_heads"}
    for table in sorted(tables):
        _insert(session, table, tenant_id, uuid.uuid5(tenant_id, "row"), OLD)
    for table in sorted(STATIONS):
        _insert(session, table, tenant_id, uuid.uuid4(), YOUNG)
    return tables


def _insert(session: Session, table: str, tenant_id: UUID, row_id: UUID, at: str) -> None:
    values = {
        f'"{name}"': MEANT.get((table, name)) or _value(name, sql_type, tenant_id, row_id, at)
        for name, sql_type in session.execute(text(_COLUMNS), {"table": table})
        if sql_type in {"uuid", "timestamptz", "date"} or (table, name) in MEANT or _is_required(session, table, name)
    }
    session.execute(text(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})"))


def _is_required(session: Session, table: str, name: str) -> bool:
    return bool(session.scalar(text(_REQUIRED), {"table": table, "name": name}))


def _value(name: str, sql_type: str, tenant_id: UUID, row_id: UUID, at: str) -> str:
    match sql_type:
        case "uuid":
            return f"'{tenant_id if name == 'tenant_id' else row_id}'"
        case "timestamptz" | "date":
            return at
        case _ if sql_type.startswith("_"):
            return "'{}'"
        case _ if sql_type in NUMBERS:
            return "1"
        case _:
            return VALUES.get(sql_type, f"'{name}'")


_COLUMNS = """
SELECT column_name, udt_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = :table AND is_identity = 'NO' AND is_generated = 'NEVER'
"""
_REQUIRED = """
SELECT is_nullable = 'NO' AND column_default IS NULL FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = :table AND column_name = :name
"""
