"""Postgres behind pgbouncer in transaction mode: every statement may meet another server process, and all holds."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from core.catalogue import Catalogue
from core.clock import utc_now
from core.database import Database, Listener, Prepared, connect
from core.jobs import outbox, queries
from core.jobs.submission import JobRequest, submit
from core.jobs.waking import Waker
from core.platform.access import Role
from tests.brokers import pooled
from tests.conftest import make_principal

CONNECTIONS = 3
BY_TENANT = Prepared("jobs_of_a_tenant", ("int",), "SELECT DISTINCT tenant_id FROM jobs LIMIT $1")


@pytest.fixture
def behind(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """The way to this test's database through a pooler with fewer connections than the test has threads."""
    with pooled(database_url, tmp_path, connections=CONNECTIONS) as url:
        database = connect(url, pool_size=8)
        yield database
        database.engine.dispose()


def at_once(work: Callable[[int], None], times: int) -> None:
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(work, number) for number in range(times)]:
            done.result()


def test_a_transaction_sees_its_tenants_rows_and_no_others_whoever_used_the_connection_before(
    behind: Database, database: Database, catalogue: Catalogue
) -> None:
    principals = [make_principal(database, slug, Role.ADMIN) for slug in ("red", "green", "blue")]

    def submit_and_look(number: int) -> None:
        principal = principals[number % 3]
        own = behind.within(principal.tenant_id)
        with own.transaction() as session:
            job = submit(session, principal, JobRequest(catalogue.find("platform.echo"), {}), clock=utc_now)
            seen = set(session.scalars(text("SELECT DISTINCT tenant_id FROM jobs")))
            assert seen == {principal.tenant_id}
        assert own.run(BY_TENANT, 9) == [(principal.tenant_id,)]
        assert queries.read_version(own, principal.tenant_id, job.job_id)[1:] == ("queued", "platform.echo")

    at_once(submit_and_look, 60)
    with behind.statements() as session:
        assert session.scalar(text("SELECT count(DISTINCT pid) FROM pg_stat_activity WHERE query LIKE '%jobs%'")) > 1


def test_a_prepared_statement_of_another_version_is_never_mistaken_for_ours(behind: Database) -> None:
    """Given server processes on which an older version planned other things under the same name."""
    older = Prepared("twice", ("int",), "SELECT $1 + 1")
    newer = Prepared("twice", ("int",), "SELECT $1 * 2")

    def ask(number: int) -> None:
        assert behind.run(older, number) == [(number + 1,)]
        assert behind.run(newer, number) == [(2 * number,)]

    at_once(ask, 100)


def test_who_listens_directly_hears_what_is_told_through_the_pooler(behind: Database, database_url: str) -> None:
    listener = Listener(database_url, outbox.CHANNEL)
    listener.wait(0.0)
    try:
        Waker(behind).wake()
        assert listener.wait(60.0) == ["job_outbox"]
    finally:
        listener.close()


def test_locks_end_with_the_transaction_that_took_them(behind: Database) -> None:
    """A lock held beyond its transaction would be another client's by then."""
    held: set[int] = set()

    def lock(number: int) -> None:
        with behind.transaction() as session:
            session.execute(text("SELECT pg_advisory_xact_lock(7)"))
            assert not held
            held.add(number)
            session.execute(text("SELECT 1"))
            held.remove(number)

    at_once(lock, 60)
    with behind.statements() as session:
        assert session.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7")) == 0
