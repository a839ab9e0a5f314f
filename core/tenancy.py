"""Whose rows a transaction sees: its first words say so, and Postgres' row-level security holds it to them.

Every table of a tenant's rows is under policies (`core.policies` writes them) that compare with two settings of the
transaction: `penstock.tenant` opens one tenant's rows to anybody, `penstock.scope` all rows to the tables' owner alone.
Said with `SET LOCAL`, both are forgotten with the transaction, behind a pooler too; unsaid, there are no rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg2
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from core.errors import Transient

ROLE = "penstock_web"
"""The role without rights over row-level security that whoever acts for a tenant steps down to."""
_OPTION = "penstock_scope"


class TenancyUnenforceable(Transient):
    """The database's login is above row-level security and may not step down from it, so no tenant is served."""

    code = "tenancy_unenforceable"


@dataclass(frozen=True, slots=True)
class Login:
    """What the login of a connection is to row-level security."""

    above: bool
    """A superuser or the like: no policy holds it."""
    steps_down: bool
    """It may become `ROLE`."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What one transaction is to see."""

    tenant_id: UUID | None = None
    everything: bool = False

    def opening(self, login: Login) -> str:
        """Write the first words of the transaction; they may be repeated in it. Raises `TenancyUnenforceable`."""
        if self.everything:
            return "" if login.above else "SET LOCAL penstock.scope = 'platform';"
        tenant = "" if self.tenant_id is None else self.tenant_id.hex
        if login.steps_down:
            return f"SET LOCAL ROLE {ROLE}; SET LOCAL penstock.tenant = '{tenant}';"
        if login.above:
            raise TenancyUnenforceable
        return f"SET LOCAL penstock.scope = ''; SET LOCAL penstock.tenant = '{tenant}';"


EVERYTHING = Scope(everything=True)
"""For those who serve all tenants: relay, reconciler, workers, pruning; in the web what is about the platform."""
NOBODY = Scope()
"""No tenant's rows at all."""


class ScopedSession(Session):
    """A session that sees what its scope allows, in each transaction that it begins."""

    def __init__(self, engine: Engine, scope: Scope, *, info: Mapping[str, object]) -> None:
        super().__init__(engine, expire_on_commit=False, info={**info, _OPTION: scope})


@event.listens_for(ScopedSession, "after_begin")
def _hand_on(session: Session, _transaction: object, connection: Connection) -> None:
    connection.execution_options(**{_OPTION: session.info[_OPTION]})


def enforce(engine: Engine, *, unsaid: Scope) -> None:
    """Put each statement of an engine and of those derived from it under its session's scope, `unsaid` if it has none.

    The words go before every statement, in the same round trip: what the first one said, a rollback to a savepoint may
    have taken back.
    """

    def open_with_scope(
        connection: Connection, _cursor: object, statement: str, parameters: Any, _context: object, _many: object
    ) -> tuple[str, Any]:
        if statement.startswith("ROLLBACK TO"):
            return statement, parameters  # after an error it is all that is heard; what follows says the scope again
        scope: Scope = connection.get_execution_options().get(_OPTION, unsaid)
        return scope.opening(login_of(connection.info)) + statement, parameters

    event.listen(engine, "connect", _introduce)
    event.listen(engine, "before_cursor_execute", open_with_scope, retval=True)


def login_of(info: Mapping[Any, Any]) -> Login:
    """Return the login of a connection, noted in what is known of it since it was opened."""
    login: Login = info[Login]
    return login


def _introduce(connection: psycopg2.extensions.connection, record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOGIN, {"role": ROLE})
        rows = cursor.fetchall()
    record.info[Login] = Login(*rows[0])


# From version 16 on a role may be somebody's without that they may become it.
MAY_BECOME = "CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END"
_LOGIN = f"""
SELECT rolsuper OR rolbypassrls, EXISTS (
  SELECT FROM pg_roles AS lower WHERE lower.rolname = %(role)s AND NOT lower.rolsuper AND NOT lower.rolbypassrls
    AND pg_has_role(session_user, lower.oid, {MAY_BECOME})
) FROM pg_roles WHERE rolname = session_user
"""  # noqa: S608 - made of the constant above
