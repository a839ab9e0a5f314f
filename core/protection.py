"""Putting tables under row-level security (`core.policies`), and the role that is held to it, for migrations."""

from alembic import op
from sqlalchemy import Connection, text

from core import policies
from core.tenancy import MAY_BECOME, ROLE


def protect_by_tenant(table: str, *, column: str = "tenant_id") -> None:
    """Open the rows of a table to the tenant that they name alone."""
    for statement in policies.by_tenant(table, column=column):
        op.execute(statement)


def protect_by_parent(table: str, parent: str, *, column: str) -> None:
    """Open the rows of a table to those who see the row of `parent` that they are a part of."""
    for statement in policies.by_parent(table, parent, column=column):
        op.execute(statement)


def unprotect(table: str) -> None:
    """Take a table's protection back."""
    for policy in ("own_rows", "all_rows"):
        op.execute(f"DROP POLICY {policy} ON {table}")
    op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def ensure_role(connection: Connection) -> None:
    """Make the role that sees one tenant's rows, and give it its rights, as far as the login may; again does no harm.

    Roles belong to a whole cluster: another platform of it may have made the role, or just be about to. A login that
    may not make roles is held to the policies itself, as no more than the owner of its tables.
    """
    for step in (_MAKE_ROLE, _LEND_ROLE, _GRANT):
        connection.execute(text(step))


_MAKE_ROLE = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
    CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL;
END $$
"""
_LEND_ROLE = f"""
DO $$ BEGIN
  IF NOT (SELECT pg_has_role(current_user, oid, {MAY_BECOME}) FROM pg_roles WHERE rolname = '{ROLE}') THEN
    GRANT {ROLE} TO CURRENT_USER;
  END IF;
EXCEPTION WHEN insufficient_privilege OR internal_error THEN NULL;
END $$
"""  # noqa: S608 - made of the constants above
# What a migration has taken from the role stays taken; what the version is, only migrations change.
_GRANT = f"""
DO $$ DECLARE fresh regclass; bounded regprocedure; BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
    GRANT USAGE ON SCHEMA public TO {ROLE};
    FOR fresh IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')
      AND relname <> 'alembic_version' AND NOT has_table_privilege('{ROLE}', oid, 'SELECT')
    LOOP
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO {ROLE}', fresh);
    END LOOP;
    GRANT SELECT ON alembic_version TO {ROLE};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLE};
    FOR bounded IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef LOOP
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {ROLE}', bounded);
    END LOOP;
  END IF;
END $$
"""  # noqa: S608 - the same
