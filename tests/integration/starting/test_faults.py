"""The start on databases that are absent, slow, closed to this login, without the schema, behind or newer."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from core import migration
from core.database import DatabaseUnavailable, connect, spell_out_driver
from core.errors import PenstockError
from core.platform import starting
from core.platform.servers.embedded import Urls, running
from core.platform.starting import (
    EX_CONFIG,
    EX_TEMPFAIL,
    DatabaseRefuses,
    SchemaBehind,
    SchemaMissing,
    SchemaNewer,
)
from tests.waiting import eventually
from webapp.cli._checkout import CHECKOUT
from webapp.warming import Stage, Starting, Warming

PROMISED_S = 30.0


@pytest.fixture
def empty_url(servers: Urls) -> Iterator[str]:
    """A database that nobody migrated."""
    name = f"empty_{os.urandom(4).hex()}"
    engine = create_engine(spell_out_driver(servers.database), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield changed(servers.database, database=name)
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


@pytest.fixture
def absent_url(servers: Urls) -> str:
    """A database on a port where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    return changed(servers.database, port=port)


@pytest.fixture
def state_urls(database_url: str, absent_url: str) -> Iterator[dict[str, str]]:
    """Databases by what is wrong with them; the newer one still has to be made so."""
    with silence() as port:
        yield {
            "absent": absent_url,
            "refusing": changed(database_url, password="wrong"),
            "newer": database_url,
            "silent": changed(database_url, port=port),
        }


@contextlib.contextmanager
def silence() -> Iterator[int]:
    """Take connections and never answer; the port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield int(listening.getsockname()[1])


def changed(url: str, **parts: object) -> str:
    return make_url(spell_out_driver(url)).set(**parts).render_as_string(hide_password=False)  # type: ignore[arg-type]  # parts of a URL


def put_revision(url: str, revision: str) -> None:
    engine = create_engine(spell_out_driver(url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()


def fault_of(url: str, within_s: float = 0.0) -> PenstockError:
    with pytest.raises(starting.FAULTS) as found:
        starting.await_database(url, within_s=within_s)
    assert isinstance(found.value, PenstockError)
    return found.value


def test_each_fault_has_its_name_and_says_what_to_do(
    servers: Urls, empty_url: str, absent_url: str, database_url: str
) -> None:
    assert isinstance(fault_of(absent_url), DatabaseUnavailable)
    for wrong in ({"password": "wrong"}, {"username": "nobody"}, {"database": "nothing_there"}):
        refused = fault_of(changed(servers.database, **wrong))
        assert isinstance(refused, DatabaseRefuses)
        assert "DATABASE_URL" in refused.detail
    missing = fault_of(empty_url)
    assert isinstance(missing, SchemaMissing)
    assert "penstock prepare" in missing.detail
    put_revision(database_url, "0001")
    assert isinstance(fault_of(database_url), SchemaBehind)
    for newer in ("9999", "a_strangers"):
        put_revision(database_url, newer)
        assert isinstance(fault_of(database_url), SchemaNewer)


def test_a_database_that_takes_connections_and_never_answers_is_given_up_in_time(servers: Urls) -> None:
    """Within the time that it has: a second try would end at 6.5 s, so it is not made."""
    began = time.monotonic()
    with silence() as port:
        assert isinstance(fault_of(changed(servers.database, port=port), within_s=5.0), DatabaseUnavailable)
    assert time.monotonic() - began < 5.0


def test_the_expected_revision_is_that_of_the_migrations() -> None:
    assert starting.head_revision() == migration.head_revision()


def test_what_is_newer_is_not_waited_for(database_url: str) -> None:
    put_revision(database_url, "9999")
    with pytest.raises(SchemaNewer):
        starting.await_database(database_url, within_s=1e9)


@pytest.mark.parametrize("process", ["tasks.relay", "tasks.worker"])
@pytest.mark.parametrize(
    ("state", "reason", "code"),
    [
        ("absent", "database_unavailable", EX_TEMPFAIL),
        ("refusing", "database_refuses", EX_CONFIG),
        ("newer", "schema_newer", EX_CONFIG),
        ("silent", "database_unavailable", EX_TEMPFAIL),
    ],
)
def test_a_process_ends_in_time_with_one_line_and_a_code(
    process: str, state: str, reason: str, code: int, state_urls: dict[str, str], redis_url: str, tmp_path: Path
) -> None:
    if state == "newer":
        put_revision(state_urls[state], "9999")
    began = time.monotonic()
    environ = _environ(state_urls[state], redis_url, tmp_path)
    ended = subprocess.run(_words(process), env=environ, capture_output=True, text=True, check=False)
    assert ended.returncode == code, ended.stderr[-2_000:]
    assert reason in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr
    assert time.monotonic() - began < PROMISED_S * (3 if os.getloadavg()[0] > 2 * (os.cpu_count() or 1) else 1)


def test_a_process_that_waits_for_the_schema_goes_on_by_itself(empty_url: str, redis_url: str, tmp_path: Path) -> None:
    environ = _environ(empty_url, redis_url, tmp_path)
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(_words("tasks.relay"), env=environ, stdout=log, stderr=log)
    try:
        eventually(lambda: "schema_missing" in (tmp_path / "log").read_text())
        migration.upgrade(empty_url)
        eventually((tmp_path / "ready").exists)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_prepare_says_why_it_cannot(database_url: str, redis_url: str, tmp_path: Path) -> None:
    put_revision(database_url, "9999")
    words = [sys.executable, "-m", "webapp.cli", "prepare"]
    ended = subprocess.run(
        words, env=_environ(database_url, redis_url, tmp_path), capture_output=True, text=True, check=False
    )
    assert (ended.returncode, "Traceback" in ended.stderr) == (EX_CONFIG, False)
    assert "the database is at 9999" in ended.stderr


def test_the_web_is_ready_only_when_all_stages_are_done_and_without_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as urls:
        migration.upgrade(urls.database)
        database = connect(urls.database, pool_size=8)
        warming = Warming(database, 8, stage=Stage.CONNECTING)
        with pytest.raises(Starting):
            warming.check()
        postmaster = _postmaster(tmp_path)
        postmaster.suspend()
        threading.Timer(1.0, postmaster.resume).start()
        warming.advance()
        warming.check()
        assert warming.stage is Stage.READY
        assert database.autocommit.pool.status().startswith("Pool size: 8  Connections in pool: 5")
        database.engine.dispose()
    with pytest.raises(DatabaseUnavailable):
        warming.advance()
    with pytest.raises(Starting):
        warming.check()


def test_words_of_an_outage_that_nobody_knows_mean_that_it_is_away() -> None:
    assert isinstance(starting.fault_of(OperationalError("x", None, Exception("server closed"))), DatabaseUnavailable)


def _postmaster(root: Path) -> psutil.Process:
    return psutil.Process(int((root / "postgres" / "postmaster.pid").read_text().split()[0]))


def _words(process: str) -> list[str]:
    options = ("--queues", "default", "--concurrency", "1", "--hostname", "starting@%h")
    return [sys.executable, "-m", process, *(options if process == "tasks.worker" else ())]


def _environ(database_url: str, redis_url: str, folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PENSTOCK_STORAGE_URL": f"file://{folder}/artifacts",
        "PENSTOCK_DATA_DIR": str(folder),
        "PENSTOCK_SECRET_KEY": "a key for tests, of no worth elsewhere",
        "PENSTOCK_READY_FILE": str(folder / "ready"),
        "PYTHONPATH": str(CHECKOUT),
    }
