"""No table of a tenant's rows is without row-level security, and no view leads around it."""

import pytest
from sqlalchemy import text

import core.platform.keys  # noqa: F401 - for the tables it declares
from core.database import Base, Database

OPEN = {
    *("alembic_version", "chores", "concurrency_limits", "dropped_bytes", "login_failures", "queue_pauses"),
    *("toolchain_reports", "vital_counts", "governor_reports", "governor_actions"),
}
"""Tables that hold nothing of one tenant's; every other is protected (`core.protection`)."""


@pytest.fixture
def protected(database: Database) -> dict[str, bool]:
    """Every table, and whether row-level security holds for all, its owner included, by a policy for tenants."""
    with database.statements() as session:
        return {table: bool(held) for table, held in session.execute(text(_TABLES))}


def test_every_table_is_under_row_level_security_or_no_tenants(protected: dict[str, bool]) -> None:
    assert {table for table, held in protected.items() if not held} == OPEN


def test_a_table_that_names_its_tenant_is_never_open(protected: dict[str, bool]) -> None:
    named = {table.name for table in Base.metadata.sorted_tables if "tenant_id" in table.c}
    assert len(named) > 8
    assert all(protected[table] for table in named)


def test_views_see_what_their_reader_sees(database: Database) -> None:
    with database.statements() as session:
        views = session.execute(text(_VIEWS)).all()
    assert views
    assert [name for name, options in views if "security_invoker=true" not in (options or [])] == []


_TABLES = """
SELECT relname, relrowsecurity AND relforcerowsecurity AND EXISTS (
  SELECT FROM pg_policies WHERE tablename = relname AND policyname = 'own_rows'
) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
"""
_VIEWS = "SELECT relname, reloptions FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'"
