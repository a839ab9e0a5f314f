"""A database with one row of each of two tenants in every table, whatever tables there are."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core import migration
from core.database import Database, connect

PROTECTED = """
SELECT relname FROM pg_class
WHERE relrowsecurity AND relnamespace = 'public'::regnamespace AND NOT relispartition ORDER BY 1
"""
VALUES = {
    "bool": "true",
    "int2": "1",
    "int4": "1",
    "int8": "1",
    "float8": "1",
    "numeric": "1",
    "timestamptz": "now()",
    "date": "current_date",
    "jsonb": "'{}'",
    "bytea": "''",
    "inet": "'::1'",
}


@dataclass(frozen=True, slots=True)
class Filled:
    """The database, and whose rows are in it: each tenant's id with the id that all its rows have."""

    url: str
    tables: tuple[str, ...]
    owners: tuple[UUID, UUID]

    def counts(self, database: Database) -> dict[str, int]:
        """Count the rows that a way to the database sees, by table."""
        with database.transaction() as session:
            return {table: _count(session, table) for table in self.tables}


@pytest.fixture(scope="module")
def filled(copied_database: Callable[[], AbstractContextManager[str]]) -> Iterator[Filled]:
    """The migrated database, filled, its login a superuser's."""
    with copied_database() as url:
        yield fill(url)


def fill(url: str) -> Filled:
    """Migrate a database and put a row of each of two tenants into every table under row-level security.

    Constraints go first: what the rows mean is of no concern here, whose they are is.
    """
    migration.upgrade(url)
    database = connect(url, pool_size=1)
    owners = uuid.uuid4(), uuid.uuid4()
    with database.transaction() as session:
        for table, name in session.execute(text(_CONSTRAINTS)).all():
            session.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE'))
        tables = tuple(session.scalars(text(PROTECTED)))
        for table in tables:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            for owner in owners:
                _insert(session, table, owner)
    database.engine.dispose()
    return Filled(url, tables, owners)


def row_of(owner: UUID) -> UUID:
    """Return the id that all rows of a tenant have, so that parts belong to their wholes."""
    return uuid.uuid5(owner, "row")


def row(session: Session, table: str, owner: UUID) -> dict[str, str]:
    """Write a row of a tenant as SQL values by column."""
    columns = session.execute(text(_COLUMNS), {"table": table}).all()
    return {f'"{name}"': _value(table, name, sql_type, owner) for name, sql_type in columns}


def _insert(session: Session, table: str, owner: UUID) -> None:
    values = row(session, table, owner)
    session.execute(text(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})"))


def _value(table: str, name: str, sql_type: str, owner: UUID) -> str:
    if sql_type == "uuid":
        return f"'{owner if name == 'tenant_id' or (table, name) == ('tenants', 'id') else row_of(owner)}'"
    return "'{}'" if sql_type.startswith("_") else VALUES.get(sql_type, f"'{uuid.uuid4()}'")


def _count(session: Session, table: str) -> int:
    return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


_CONSTRAINTS = """
SELECT conrelid::regclass::text, conname FROM pg_constraint
WHERE contype IN ('f', 'c') AND connamespace = 'public'::regnamespace
"""
_COLUMNS = """
SELECT column_name, udt_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = :table AND is_identity = 'NO' AND is_generated = 'NEVER'
  AND (is_nullable = 'NO' AND column_default IS NULL OR udt_name = 'uuid')
"""
