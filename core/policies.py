"""The words that put a table under row-level security; `core.tenancy` says what the policies compare with.

Two policies hold for each table: `own_rows` opens the rows of the transaction's tenant to everybody, `all_rows` opens
the rest to the table's owner where it says that it acts for the platform. Without either there are no rows.
"""

from collections.abc import Sequence

TENANT = "nullif(current_setting('penstock.tenant', true), '')::uuid"
"""The transaction's tenant; null, which equals nothing, where none was said."""
_PLATFORM = "current_setting('penstock.scope', true) = 'platform'"


def by_tenant(table: str, *, column: str = "tenant_id") -> Sequence[str]:
    """Write the statements that open the rows of a table to the tenant that they name alone."""
    return _protection(table, f"USING ({column} = {TENANT})")


def by_parent(table: str, parent: str, *, column: str) -> Sequence[str]:
    """Write the statements that open the rows of a table to those who see the row of `parent` that they are a part of.

    Adding is free, since one statement writes whole and part, and does not see what it has just written.
    """
    whole = f"SELECT FROM {parent} WHERE {parent}.id = {table}.{column}"
    return _protection(table, f"USING (EXISTS ({whole})) WITH CHECK (true)")


def _protection(table: str, own_rows: str) -> Sequence[str]:
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY own_rows ON {table} {own_rows}",
        f"CREATE POLICY all_rows ON {table} TO CURRENT_USER USING ({_PLATFORM})",
    )
