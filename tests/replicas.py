"""A Postgres of a test's own and a replica that follows it, each of which may be stopped."""

import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg2
from sqlalchemy import make_url

from core.platform.servers.account import own, server_account
from core.platform.servers.credentials import load_credentials
from core.platform.servers.embedded import Placement, await_answer, place_all
from core.platform.servers.folder import open_folder
from core.platform.servers.ports import free_port
from core.platform.servers.postgres import Postgres
from core.platform.servers.program import Program, spawn, stop
from tests.waiting import eventually

LEFT_OUT = ("postmaster.pid", "postmaster.opts", "pg_wal")


@dataclass
class Follower:
    """A replica: what is written to its primary comes here a moment later, unless it is held up."""

    url: str
    placement: Placement
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert self.placement.program is not None
        self.process = spawn(self.placement.program, self.log)
        await_answer(self.placement, self.process)

    def stop(self) -> None:
        if self.process is not None and self.placement.program is not None:
            stop(self.process, self.placement.program)
            self.process = None

    def hold_up(self) -> None:
        """Have it replay nothing more."""
        ask(self.url, "SELECT pg_wal_replay_pause()")
        eventually(lambda: ask(self.url, "SELECT pg_get_wal_replay_pause_state()") == "paused")

    def go_on(self) -> None:
        ask(self.url, "SELECT pg_wal_replay_resume()")

    def catch_up(self, primary_url: str) -> None:
        """Wait until it has all that was written so far."""
        written = ask(primary_url, "SELECT pg_current_wal_lsn()")
        eventually(lambda: ask(self.url, f"SELECT pg_last_wal_replay_lsn() >= '{written}'::pg_lsn"))


@contextmanager
def followed_postgres(root: Path) -> Iterator[tuple[str, Follower]]:
    """Run both until the block ends; yields the primary's URL."""
    folder = open_folder(root)
    (primary,) = place_all(folder, load_credentials(folder), {}, random.Random(), (Postgres(),))
    assert primary.program is not None
    process = spawn(primary.program, folder.log("postgres"))
    try:
        await_answer(primary, process)
        follower = _follower(primary, primary.program, root)
        follower.start()
        try:
            yield primary.url, follower
        finally:
            follower.stop()
    finally:
        stop(process, primary.program)


def ask(url: str, question: str) -> Any:
    """Ask one thing of one server."""
    connection = psycopg2.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(question)
            return _only(cursor)
    finally:
        connection.close()


def _only(cursor: psycopg2.extensions.cursor) -> Any:
    (value,) = cursor.fetchone() or (None,)
    return value


def _follower(primary: Placement, program: Program, root: Path) -> Follower:
    """Copy a running primary's files as of one moment, and say whom the copy follows."""
    home, url, port = root / "follower", make_url(primary.url), free_port(random.Random())
    parts = url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg2.connect(parts)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backup_start('follower', true)")
            shutil.copytree(program.cwd, home, ignore=shutil.ignore_patterns(*LEFT_OUT), copy_function=_copy)
            cursor.execute("SELECT labelfile FROM pg_backup_stop(false)")
            (home / "backup_label").write_text(_only(cursor))
    finally:
        connection.close()
    (home / "pg_wal").mkdir(mode=0o700)
    (home / "standby.signal").touch()
    home.chmod(0o700)
    for path in (home, *home.rglob("*")):
        own(path, server_account())
    follows = f"host={url.host} port={url.port} user={url.username} password={url.password}"
    argv = [word.replace(f"port={url.port}", f"port={port}") for word in program.argv]
    argv += ["-c", f"primary_conninfo={follows}", "-c", "max_standby_streaming_delay=0"]
    there = url.set(port=port).render_as_string(hide_password=False)
    return Follower(
        there, replace(primary, url=there, program=replace(program, argv=tuple(argv), cwd=home)), root / "follower.log"
    )


def _copy(source: str, target: str) -> str:
    """Copy a file that the running server may take away in between."""
    with suppress(FileNotFoundError):
        shutil.copy2(source, target)
    return target
