"""Psycopg2 as SQLAlchemy speaks through it: autocommit is turned on and off without asking the server."""

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2
from sqlalchemy.engine.interfaces import DBAPIConnection, IsolationLevel

SWITCHING = "postgresql+switching"
"""The name of the driver in the URL of an engine."""
READ_COMMITTED = r"-c default_transaction_isolation=read\ committed"
"""The option of a connection that says at which level its transactions are, once and for all."""


class Switching(PGDialect_psycopg2):
    """Turns autocommit on and off in the driver alone.

    Told a level by its name, as SQLAlchemy does it, psycopg2 has the server set its default at each turn: a round
    trip more for every transaction. `READ_COMMITTED` says the default once.
    """

    supports_statement_cache = True

    def set_isolation_level(self, dbapi_connection: DBAPIConnection, level: IsolationLevel) -> None:
        """Take `AUTOCOMMIT`, or whatever the connection's default is."""
        dbapi_connection.autocommit = level == "AUTOCOMMIT"


registry.register(SWITCHING.replace("+", "."), __name__, Switching.__name__)
