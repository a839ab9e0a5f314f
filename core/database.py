"""The database as every process uses it: tables' base, sessions at the edges, LISTEN."""

import contextlib
import math
import re
import select
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import psycopg2
from sqlalchemy import URL, Engine, MetaData, PoolProxiedConnection, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

from core import driver
from core.crypto import Keyring
from core.errors import Transient
from core.patience import UNHURRIED, Impatience, Patience
from core.tenancy import EVERYTHING, Scope, ScopedSession, enforce, login_of

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


TRUSTED_S = 0.1
_TRUSTED_UNTIL = "penstock.trusted_until"


class DatabaseUnavailable(Transient):
    """The database cannot be reached just now."""

    code = "database_unavailable"


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)


def spell_out_driver(url: str) -> str:
    """Name psycopg2 in a Postgres URL; the plain scheme would mean another driver."""
    parsed = make_url(url)
    if parsed.get_backend_name() in {"postgresql", "postgres"}:
        parsed = parsed.set(drivername="postgresql+psycopg2")
    return parsed.render_as_string(hide_password=False)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement that each connection plans once, for the few asked all day; its parameters are `$1`, `$2`."""

    name: str
    types: Sequence[str]
    sql: str

    key: str = field(init=False)
    """Its name on the server, where behind a pooler another version of this code may have planned its own."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", f"{self.name}_{zlib.crc32(self.sql.encode()):08x}")

    @property
    def preparation(self) -> str:
        """Write the statement that has it planned."""
        return f"PREPARE {self.key} ({', '.join(self.types)}) AS {self.sql}"

    @property
    def call(self) -> str:
        """Write the statement that executes it."""
        return f"EXECUTE {self.key} ({', '.join(['%s'] * len(self.types))})"

    @property
    def plain(self) -> str:
        """Write it for a connection that cannot keep it; parameters are `p1` and so on."""
        return re.sub(r"\$(\d+)", r"%(p\1)s", self.sql)


@dataclass(frozen=True, slots=True)
class Database:
    """One process's way to the database; sessions are opened at the edges and passed down."""

    engine: Engine
    autocommit: Engine
    keyring: Keyring | None = None
    """What opens sealed values; sessions bear it as `info["keyring"]`."""
    scope: Scope = EVERYTHING

    def within(self, tenant_id: UUID) -> "Database":
        """Return the way to the rows of one tenant."""
        return replace(self, scope=Scope(tenant_id))

    def everywhere(self) -> "Database":
        """Return the way to the rows of all tenants."""
        return replace(self, scope=EVERYTHING)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a session whose work lands together or not at all."""
        with _one_sort_of_outage(), self._session(self.engine) as session, session.begin():
            yield session

    @contextlib.contextmanager
    def statements(self) -> Iterator[Session]:
        """Open a session in which each statement is a transaction of its own: one round trip instead of three."""
        with _one_sort_of_outage(), self._session(self.autocommit) as session:
            yield session

    def _session(self, engine: Engine) -> Session:
        return ScopedSession(engine, self.scope, info={"keyring": self.keyring})

    def run(self, statement: Prepared, *values: object) -> list[tuple[Any, ...]]:
        """Execute a prepared statement as a transaction of its own and return its rows.

        Raises `DatabaseUnavailable` when no connection can be had or it breaks; whether a write landed is then unknown.
        """
        pooled: PoolProxiedConnection | None = None
        try:
            pooled = self.autocommit.raw_connection()
            return _run(pooled, self.scope.opening(login_of(pooled.info)), statement, values)
        except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
            if pooled is not None:
                pooled.invalidate(error)
            raise DatabaseUnavailable(str(error).strip()) from error
        finally:
            if pooled is not None:
                pooled.close()


def connect(
    url: str,
    *,
    pool_size: int = 5,
    application_name: str = "penstock",
    patience: Patience = UNHURRIED,
    keyring: Keyring | None = None,
    scope: Scope = EVERYTHING,
) -> Database:
    """Make the process's engine; nothing is opened until first use. `scope` is what those see who say nothing else."""
    told = patience.connect_args()
    # Connections rest in autocommit, the way of the busiest paths; a transaction switches its own there and back.
    autocommit = create_engine(
        make_url(spell_out_driver(url)).set(drivername=driver.SWITCHING),
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        hide_parameters=True,  # they may hold what no log is to tell
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,  # what was used last has its plans and pages at hand
        pool_timeout=patience.pool_s,
        connect_args={
            **told,
            "application_name": application_name,
            "options": f"-c timezone=utc -c jit=off {driver.READ_COMMITTED} {told['options']}",
        },
    )
    event.listen(autocommit, "checkout", _refuse_dead)
    enforce(autocommit, unsaid=scope)
    if math.isfinite(patience.session_s):
        Impatience(patience.session_s).watch(autocommit)
    return Database(autocommit.execution_options(isolation_level="READ COMMITTED"), autocommit, keyring, scope)


@contextlib.contextmanager
def _one_sort_of_outage() -> Iterator[None]:
    """Raise `OperationalError` for every sort of broken connection, so that whoever waits it out knows what to catch.

    Setting the isolation level of a connection that has just been cut raises the driver's own error, and reading from
    one may raise others of SQLAlchemy's.
    """
    try:
        yield
    except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
        raise OperationalError("BEGIN", None, error) from error
    except DBAPIError as error:
        if not error.connection_invalidated or isinstance(error, OperationalError):
            raise
        raise OperationalError(error.statement, error.params, error) from error


def _refuse_dead(connection: psycopg2.extensions.connection, record: Any, _proxy: object) -> None:
    """Have the pool replaced when the server hung up: an idle connection with something to read has heard its end.

    Costs microseconds where asking the server (`pool_pre_ping`) costs a round trip, and lets other threads in; so one
    that was looked at a moment ago is trusted, as one in use has to be.
    """
    now = time.monotonic()
    if now < record.info.get(_TRUSTED_UNTIL, 0.0):
        return
    record.info[_TRUSTED_UNTIL] = now + TRUSTED_S
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    if poll.poll(0):
        raise InvalidatePoolError("the server closed the connection")


def _run(
    pooled: PoolProxiedConnection, opening: str, statement: Prepared, values: Sequence[object]
) -> list[tuple[Any, ...]]:
    prepared: set[str] = pooled.info.setdefault("prepared", set())
    with contextlib.closing(pooled.cursor()) as cursor:
        try:
            if statement.key not in prepared:
                cursor.execute(opening + statement.preparation)
                prepared.add(statement.key)
            cursor.execute(opening + statement.call, values)
        except (psycopg2.errors.InvalidSqlStatementName, psycopg2.errors.DuplicatePreparedStatement):
            # Behind a pooler each statement may meet another server process, which planned other things.
            cursor.execute(opening + statement.plain, {f"p{number}": value for number, value in enumerate(values, 1)})
        return list(cursor.fetchall())


class Listener:
    """One connection that waits for NOTIFY; reconnects when it was cut, since a notification is only a hint."""

    def __init__(self, url: str, channel: str) -> None:
        self._dsn = _libpq_dsn(make_url(spell_out_driver(url)))
        self._channel = channel
        self._connection: psycopg2.extensions.connection | None = None

    def wait(self, timeout_s: float) -> list[str]:
        """Return the payloads that arrived, waiting at most `timeout_s`; empty when none did.

        Raises `DatabaseUnavailable` when no connection can be had.
        """
        try:
            return self._poll(self._connected(), timeout_s)
        except psycopg2.Error as error:
            self.close()
            raise DatabaseUnavailable(str(error).strip()) from error

    def fileno(self) -> int:
        """Return the socket to wait on beside others."""
        return self._connected().fileno()

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            with contextlib.suppress(psycopg2.Error):
                self._connection.close()
            self._connection = None

    def _connected(self) -> psycopg2.extensions.connection:
        if self._connection is None:
            connection = psycopg2.connect(self._dsn)
            connection.set_session(autocommit=True)
            with connection.cursor() as cursor:
                cursor.execute(f'LISTEN "{self._channel}"')
            self._connection = connection
        return self._connection

    @staticmethod
    def _poll(connection: psycopg2.extensions.connection, timeout_s: float) -> list[str]:
        connection.poll()
        if not connection.notifies and timeout_s > 0:
            readable, _, _ = select.select([connection], [], [], timeout_s)
            if readable:
                connection.poll()
        payloads = [notification.payload for notification in connection.notifies]
        connection.notifies.clear()
        return payloads


def _libpq_dsn(url: URL) -> str:
    return psycopg2.extensions.make_dsn(
        host=url.host,
        port=url.port,
        user=url.username,
        password=url.password,
        dbname=url.database,
        **UNHURRIED.connect_args() | {name: value for name, value in url.query.items() if isinstance(value, str)},
    )
