"""A database that hangs is a database that is away: whoever is asked says so in time, whoever works goes on later."""

import math
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from core import migration
from core.catalogue import Catalogue
from core.clock import utc_now
from core.config import Settings
from core.database import Database, connect
from core.jobs import queries
from core.jobs.context import JobContext
from core.jobs.execution import Station, execute
from core.jobs.submission import JobRequest, submit
from core.patience import ANSWERING, Impatience, Patience
from core.platform.access import Principal, Role
from core.platform.keys import make_key, remember_key
from core.platform.servers.embedded import running
from core.platform.tenants import ensure_tenant
from tests.waiting import PATIENCE_S, eventually
from webapp import app as web

SOON = Patience(connect_s=2, session_s=2.0)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database on a server that these tests may freeze."""
    with running(tmp_path_factory.mktemp("servers")) as urls:
        migration.upgrade(urls.database)
        yield urls.database


@pytest.fixture
def frozen(url: str) -> Callable[[], AbstractContextManager[None]]:
    """Freeze the server, with all its connections' processes, for as long as a block lasts."""
    with connect(url, pool_size=1).statements() as session:
        backend = psutil.Process(session.scalar(text("SELECT pg_backend_pid()")))
    server = backend.parent()
    assert server is not None

    @contextmanager
    def freeze() -> Iterator[None]:
        processes = [server, *server.children()]
        for process in processes:
            process.suspend()
        try:
            yield
        finally:
            for process in processes:
                process.resume()

    return freeze


def ended(action: Callable[[], Any]) -> Any:
    """Do something that must come to an end by itself; return what came of it, errors included."""
    came: list[Any] = []

    def act() -> None:
        try:
            came.append(action())
        except Exception as error:  # noqa: BLE001 - an error is one of the things that may come of it
            came.append(error)

    thread = Thread(target=act, daemon=True)
    thread.start()
    thread.join(PATIENCE_S)
    assert came, f"not within {PATIENCE_S:g} s"
    return came[0]


def ask(database: Database) -> Any:
    with database.statements() as session:
        return session.scalar(text("SELECT 1"))


def test_a_statement_and_a_new_connection_give_up_and_work_again_later(
    url: str, frozen: Callable[[], AbstractContextManager[None]]
) -> None:
    database = connect(url, pool_size=1, patience=SOON)
    assert ask(database) == 1
    with frozen():
        assert [type(ended(lambda: ask(database))) for _ in range(2)] == [OperationalError] * 2
    eventually(lambda: ended(lambda: ask(database)) == 1)
    database.engine.dispose()


def test_the_web_answers_503_and_serves_again_afterwards(
    url: str, frozen: Callable[[], AbstractContextManager[None]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "ANSWERING", replace(ANSWERING, connect_s=2, session_s=2.0))
    settings = Settings(
        url, "redis://127.0.0.1:1/0", tmp_path.as_uri(), tmp_path, 0, "json", "INFO", 9999, 9999, 30, 1, 2
    )
    app = web.create_app(settings)
    key = make_key()
    with connect(url, pool_size=1).transaction() as session:
        remember_key(session, key, tenant_id=ensure_tenant(session, "frozen"), name="key", role=Role.ADMIN)

    def submit_echo() -> Any:
        headers = {"Authorization": f"Bearer {key}"}
        return app.test_client().post("/api/v1/jobs", json={"kind": "platform.echo"}, headers=headers)

    assert submit_echo().status_code == 202
    with frozen():
        answers = [ended(submit_echo) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert {answer.get_json()["code"] for answer in answers} == {"database_unavailable"}
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in answers)
    eventually(lambda: submit_echo().status_code == 202)


def test_an_attempt_in_whose_midst_the_database_freezes_is_recorded_afterwards(
    url: str, frozen: Callable[[], AbstractContextManager[None]], station: Station, catalogue: Catalogue
) -> None:
    database = connect(url, pool_size=2, patience=SOON)
    echo = catalogue.find("platform.echo")
    with database.transaction() as session:
        somebody = Principal(uuid4(), ensure_tenant(session, "frozen"), Role.ADMIN, "admin")
        job_id = submit(session, somebody, JobRequest(echo, {}), clock=utc_now).job_id

    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        with frozen():
            context.log("nobody hears this yet")
        return {"done": True}

    outcome = ended(lambda: execute(replace(station, database=database), echo, compute, job_id))
    assert outcome.state == "succeeded"
    with database.statements() as session:
        assert [line.message for line in queries.list_log_lines(session, job_id)] == ["nobody hears this yet"]
    database.engine.dispose()


def test_a_statement_or_a_lock_that_takes_too_long_is_refused_by_the_server(url: str) -> None:
    holder = connect(url, pool_size=1)
    hasty = connect(url, pool_size=1, patience=Patience(lock_s=0.2, statement_s=0.5))

    def sleep(seconds: float) -> Any:
        with hasty.statements() as session:
            return session.scalar(text(f"SELECT 1 FROM pg_sleep({seconds})"))

    def lock() -> None:
        with hasty.transaction() as session:
            session.execute(text("LOCK TABLE tenants"))

    assert sleep(0.0) == 1
    with pytest.raises(OperationalError, match="statement timeout"):
        sleep(30.0)
    with holder.transaction() as session:
        session.execute(text("LOCK TABLE tenants"))
        with pytest.raises(OperationalError, match="lock timeout"):
            lock()
    lock()
    holder.engine.dispose()
    hasty.engine.dispose()


def test_only_who_is_held_for_too_long_is_cut_off(url: str) -> None:
    now_s = [0.0]
    database = connect(url, pool_size=2)
    impatience = Impatience(10.0, clock=lambda: now_s[0])
    impatience.watch(database.autocommit)
    with database.statements() as session:
        session.execute(text("SELECT 1"))
        now_s[0] = 10.0
        assert impatience.cut() == 0
        now_s[0] = 10.1
        assert impatience.cut() == 1
        with pytest.raises(OperationalError):
            session.execute(text("SELECT 1"))
    ask(database)
    now_s[0] = 100.0
    assert impatience.cut() == 0
    assert math.isinf(Patience().session_s)
    database.engine.dispose()
