"""A database that hangs up or restarts is survived: connections are made anew, outcomes are recorded later."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg2
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from core import migration
from core.catalogue import Catalogue
from core.clock import utc_now
from core.database import Database, DatabaseUnavailable, Listener, connect
from core.jobs import queries
from core.jobs.context import JobContext
from core.jobs.execution import Station, execute
from core.jobs.submission import JobRequest, submit
from core.platform.access import Principal, Role
from core.platform.servers.embedded import running
from core.platform.tenants import ensure_tenant
from core.workloads.platform import probes

CUT_OTHERS = """
SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND datname = current_database()
"""


@pytest.fixture
def cut(database_url: str) -> Callable[[], int]:
    """Cut all other connections to this test's database; return how many there were."""
    watcher = connect(database_url, pool_size=1)

    def cut_others() -> int:
        with watcher.statements() as session:
            return int(session.execute(text(CUT_OTHERS)).scalar_one())

    return cut_others


def test_a_listener_tells_that_it_was_cut_and_then_hears_again(
    database: Database, database_url: str, cut: Callable[[], int]
) -> None:
    listener = Listener(database_url, "news")
    assert listener.wait(0.0) == []
    assert cut() == 1
    with pytest.raises(DatabaseUnavailable):
        listener.wait(60.0)
    assert listener.wait(0.0) == []
    with database.statements() as session:
        session.execute(text("NOTIFY news, 'again'"))
    assert listener.wait(60.0) == ["again"]
    listener.close()


def test_a_listener_without_a_server_says_so() -> None:
    with pytest.raises(DatabaseUnavailable):
        Listener("postgresql://nobody@127.0.0.1:1/nothing", "news").wait(0.0)


def test_a_pooled_connection_that_was_cut_is_replaced(
    database: Database, cut: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.database.TRUSTED_S", 0.0)  # it is looked at again though it was a moment ago
    for session_kind in (database.statements, database.transaction):
        with session_kind() as session:
            first = session.scalar(text("SELECT pg_backend_pid()"))
        cut()
        with session_kind() as session:
            assert session.scalar(text("SELECT pg_backend_pid()")) != first


@pytest.mark.parametrize("error", [psycopg2.OperationalError("cut"), psycopg2.InterfaceError("closed")])
def test_however_a_connection_breaks_it_is_one_sort_of_error(database: Database, error: Exception) -> None:
    with pytest.raises(OperationalError), database.transaction():
        raise error


def test_a_transaction_that_was_cut_raises_and_the_next_one_works(database: Database, cut: Callable[[], int]) -> None:
    def read_twice() -> None:
        with database.transaction() as session:
            session.execute(text("SELECT 1"))
            cut()
            session.execute(text("SELECT 1"))

    with pytest.raises(OperationalError):
        read_twice()
    with database.transaction() as session:
        assert session.scalar(text("SELECT 1")) == 1


def test_an_attempt_whose_connections_were_cut_is_recorded(
    station: Station, submit_job: Callable[..., UUID], catalogue: Catalogue, cut: Callable[[], int]
) -> None:
    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        context.progress(0.1)
        cut()
        context.progress(0.9)
        context.log("after the cut")
        return {"done": True}

    outcome = execute(station, catalogue.find("platform.echo"), compute, submit_job("platform.echo", {}))
    assert outcome is not None
    assert outcome.state == "succeeded"


def test_a_restart_of_the_database_in_mid_attempt_is_survived(
    station: Station, tmp_path: Path, catalogue: Catalogue
) -> None:
    """Given a claim that was made before the restart, the outcome is recorded after it, through the same pool."""
    echo = catalogue.find("platform.echo")
    with ExitStack() as before, ExitStack() as after:
        urls = before.enter_context(running(tmp_path / "servers"))
        migration.upgrade(urls.database)
        database = connect(urls.database, pool_size=2)
        with database.transaction() as session:
            principal = Principal(uuid4(), ensure_tenant(session, "local"), Role.ADMIN, "admin")
            job_id = submit(session, principal, JobRequest(echo, {"a": 1}), clock=utc_now).job_id

        def compute(params: Any, context: JobContext) -> dict[str, Any]:
            before.close()
            assert after.enter_context(running(tmp_path / "servers")) == urls
            return probes.echo(params, context)

        own = Station("test:1", database, station.storage, station.announcer, station.interrupts, 30.0, station.rng)
        execute(own, echo, compute, job_id)
        with database.statements() as session:
            assert queries.get_job(session, principal.tenant_id, job_id).state == "succeeded"
        database.engine.dispose()
