"""Without a tenant there are no rows, with one there are its own: in every table, for every sort of login."""

import uuid
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from core.database import Database, Prepared, connect
from core.tenancy import NOBODY, ROLE, TenancyUnenforceable
from tests.integration.tenancy.conftest import Filled, fill, row, row_of

ANY_JOB = Prepared("any_job", ("int",), "SELECT tenant_id::text FROM jobs LIMIT $1")


@pytest.fixture
def nobody(filled: Filled) -> Iterator[Database]:
    """The way to the database that says nothing of a tenant, over a single connection."""
    database = connect(filled.url, pool_size=1, scope=NOBODY)
    yield database
    database.engine.dispose()


def test_every_table_has_rows_to_be_seen(filled: Filled, nobody: Database) -> None:
    assert len(filled.tables) > 15
    assert set(filled.counts(nobody.everywhere()).values()) == {2}


def test_whoever_names_no_tenant_sees_nothing_in_any_table(filled: Filled, nobody: Database) -> None:
    assert set(filled.counts(nobody).values()) == {0}


def test_whoever_names_a_tenant_sees_its_rows_alone(filled: Filled, nobody: Database) -> None:
    one, other = filled.owners
    assert set(filled.counts(nobody.within(one)).values()) == {1}
    with nobody.within(one).transaction() as session:
        assert session.scalars(text("SELECT tenant_id FROM jobs")).all() == [one]
        assert session.scalars(text("SELECT job_id FROM job_events")).all() == [row_of(one)]
        assert session.scalars(text("SELECT id FROM jobs WHERE tenant_id = :other"), {"other": other}).all() == []


def test_nobody_changes_or_deletes_what_is_not_its_own(filled: Filled, nobody: Database) -> None:
    for scope in (nobody, nobody.within(uuid.uuid4())):
        with scope.transaction() as session:
            for table in filled.tables:
                gone = session.execute(text(f"DELETE FROM {table} RETURNING 1"))
                assert gone.all() == [], table
    assert set(filled.counts(nobody.everywhere()).values()) == {2}


def test_nobody_writes_rows_in_another_tenants_name(filled: Filled, nobody: Database) -> None:
    one, other = filled.owners
    with nobody.everywhere().transaction() as session:
        named = "SELECT table_name FROM information_schema.columns WHERE column_name = 'tenant_id' ORDER BY 1"
        rows = {table: row(session, table, other) for table in session.scalars(text(named)) if table in filled.tables}
    assert len(rows) > 8
    for table, values in rows.items():
        with pytest.raises(ProgrammingError, match="row-level security"), nobody.within(one).transaction() as session:
            session.execute(text(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})"))


def test_what_a_transaction_said_is_forgotten_with_it(filled: Filled, nobody: Database) -> None:
    for tenant_id in (*filled.owners, *filled.owners):
        assert nobody.within(tenant_id).run(ANY_JOB, 9) == [(str(tenant_id),)]
        assert nobody.run(ANY_JOB, 9) == []
        with nobody.engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM jobs")) == 0, "an engine used directly sees nothing"
    assert len(nobody.everywhere().run(ANY_JOB, 9)) == 2


def test_a_rollback_to_a_savepoint_takes_nothing_back(filled: Filled, nobody: Database) -> None:
    one = filled.owners[0]
    with nobody.within(one).transaction() as session:
        savepoint = session.begin_nested()
        session.execute(text("SELECT 1"))
        savepoint.rollback()
        assert session.scalars(text("SELECT tenant_id FROM jobs")).all() == [one]


def test_an_error_within_a_savepoint_is_survived(filled: Filled, nobody: Database) -> None:
    one = filled.owners[0]
    with nobody.within(one).transaction() as session:
        savepoint = session.begin_nested()
        with pytest.raises(DBAPIError, match="division by zero"):
            session.execute(text("SELECT 1 / 0"))
        savepoint.rollback()
        assert session.scalar(text("SELECT current_user")) == ROLE
        assert session.scalars(text("SELECT tenant_id FROM jobs")).all() == [one]


def test_a_session_that_begins_anew_is_held_to_the_same_scope(filled: Filled, nobody: Database) -> None:
    one = filled.owners[0]
    for way in (nobody.within(one).statements, nobody.within(one).transaction):
        with way() as session:
            for _ in range(2):
                assert session.scalars(text("SELECT tenant_id FROM jobs")).all() == [one]
                if way == nobody.within(one).statements:
                    session.commit()


def test_the_web_acts_in_a_role_without_rights_over_the_policies(filled: Filled, nobody: Database) -> None:
    with nobody.within(filled.owners[0]).transaction() as session:
        assert session.scalar(text("SELECT current_user")) == ROLE
    for statement in (
        *("ALTER TABLE jobs DISABLE ROW LEVEL SECURITY", "DROP POLICY own_rows ON jobs", "TRUNCATE jobs"),
        "UPDATE alembic_version SET version_num = '0'",
    ):
        with pytest.raises(ProgrammingError), nobody.within(filled.owners[0]).transaction() as session:
            session.execute(text(statement))


@pytest.mark.parametrize("lent", [False, True], ids=["held to the policies itself", "steps down"])
def test_a_plain_owner_of_the_database_will_do(as_owner: Callable[..., str], lent: bool) -> None:  # noqa: FBT001 - a case
    filled = fill(as_owner(lent=lent))
    database = connect(filled.url, pool_size=1, scope=NOBODY)
    try:
        _check(filled, database)
        with database.transaction() as session:
            assert (session.scalar(text("SELECT current_user")) == ROLE) is lent
    finally:
        database.engine.dispose()


def test_a_login_above_the_policies_that_cannot_step_down_serves_no_tenant(as_owner: Callable[..., str]) -> None:
    filled = fill(as_owner("BYPASSRLS"))
    database = connect(filled.url, pool_size=1, scope=NOBODY)
    try:
        for scope in (database, database.within(uuid.uuid4())):
            with pytest.raises(TenancyUnenforceable), scope.transaction() as session:
                session.execute(text("SELECT 1"))
            with pytest.raises(TenancyUnenforceable):
                scope.run(ANY_JOB, 1)
        assert set(filled.counts(database.everywhere()).values()) == {2}
    finally:
        database.engine.dispose()


def _check(filled: Filled, database: Database) -> None:
    one: UUID = filled.owners[0]
    assert set(filled.counts(database).values()) == {0}
    assert set(filled.counts(database.within(one)).values()) == {1}
    assert set(filled.counts(database.everywhere()).values()) == {2}
    assert database.within(one).run(ANY_JOB, 9) == [(str(one),)]
    assert database.run(ANY_JOB, 9) == []
