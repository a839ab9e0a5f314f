"""Transactions and single statements share connections, and no word about it goes to the server."""

import psycopg2
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.database import connect


def _driver(session: Session) -> psycopg2.extensions.connection:
    raw = session.connection().connection.dbapi_connection
    assert isinstance(raw, psycopg2.extensions.connection)
    return raw


def test_a_connection_turns_to_transactions_and_back_without_telling_the_server(database_url: str) -> None:
    database = connect(database_url, pool_size=1)
    for _ in range(2):
        with database.transaction() as session:
            inside = _driver(session)
            assert not inside.autocommit
            assert inside.isolation_level is None  # told one, the driver would have the server set it at each turn
            assert session.scalar(text("SHOW transaction_isolation")) == "read committed"
        with database.statements() as session:
            assert _driver(session) is inside
            assert inside.autocommit
    database.engine.dispose()
