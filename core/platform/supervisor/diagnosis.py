"""Whether this machine can run a platform: one finding for each thing that commonly goes wrong."""

import os
import platform
import resource
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.platform.servers.account import server_account
from core.platform.servers.base import ServerMissing
from core.platform.servers.embedded import SERVERS
from core.platform.servers.folder import SMALLEST_FREE_BYTES, DataFolder
from core.platform.servers.location import external_url, locate
from core.platform.servers.ports import is_free

Verdict = Literal["ok", "note", "bad"]

OLDEST_PYTHON = (3, 11)
FEWEST_FILES = 1024
SMALLEST_SHM_BYTES = 32 << 20
SHARED_MEMORY = "/dev/shm"  # noqa: S108 - looked at, not written
# What each tool adds; the platform runs without any of them.
TOOLS = {
    "gcc": "student programs can be compared with native ones",
    "ghc": "Haskell answers of the code workload can be compared with GHC's",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `bad` keeps the platform from starting, `note` is worth knowing."""

    subject: str
    verdict: Verdict
    detail: str


def examine(folder: DataFolder, environ: Mapping[str, str], port: int) -> Iterator[Finding]:
    """Look at everything, cheap things first."""
    yield _python()
    yield _user()
    yield _files()
    yield _clock()
    yield _space(folder)
    yield _shared_memory()
    yield _port(port)
    yield from _servers(environ)
    yield from _tools(environ)


def _python() -> Finding:
    enough = sys.version_info >= OLDEST_PYTHON
    return Finding("python", "ok" if enough else "bad", f"{platform.python_version()} at {sys.executable}")


def _user() -> Finding:
    account = server_account()
    if account is None:
        return Finding("user", "ok", f"uid {os.getuid()}; servers run as the same user")
    return Finding("user", "ok", f"root; servers run as {account.name}")


def _files() -> Finding:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = soft >= FEWEST_FILES
    return Finding(
        "open files", "ok" if enough else "note", f"{soft} of at most {hard}; raise it with: ulimit -n {hard}"
    )


def _clock() -> Finding:
    # A machine whose clock is behind its own programs would fire schedules at wrong times.
    installed = Path(__file__).stat().st_mtime
    behind = time.time() < installed
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return Finding(
        "clock", "bad" if behind else "ok", f"{now}{', which is before this program was installed' * behind}"
    )


def _space(folder: DataFolder) -> Finding:
    place = next(path for path in (folder.root, *folder.root.parents) if path.exists())
    free = shutil.disk_usage(place).free
    writable = os.access(place, os.W_OK)
    detail = f"{folder.root}: {free >> 20} MiB free{'' if writable else ', not writable'}"
    return Finding("data folder", "ok" if writable and free >= SMALLEST_FREE_BYTES else "bad", detail)


def _shared_memory() -> Finding:
    try:
        free = shutil.disk_usage(SHARED_MEMORY).free
    except OSError as error:
        return Finding(SHARED_MEMORY, "bad", f"{error.strerror}; Postgres and the workers need it")
    return Finding(SHARED_MEMORY, "ok" if free >= SMALLEST_SHM_BYTES else "bad", f"{free >> 20} MiB free")


def _port(port: int) -> Finding:
    if is_free(port):
        return Finding("port", "ok", f"{port} is free")
    return Finding("port", "note", f"{port} is taken, by this platform or another program; --port names another")


def _servers(environ: Mapping[str, str]) -> Iterator[Finding]:
    for server in SERVERS:
        if external_url(server, environ) is not None:
            yield Finding(server.name, "ok", f"by URL from {server.variable}")
            continue
        try:
            installation = locate(server, environ, server_account())
        except ServerMissing as error:
            yield Finding(server.name, "bad", error.detail)
        else:
            yield Finding(server.name, "ok", f"{installation.label} at {installation.executable}")


def _tools(environ: Mapping[str, str]) -> Iterator[Finding]:
    for name, use in TOOLS.items():
        found = shutil.which(name, path=environ.get("PATH"))
        yield Finding(name, "ok" if found else "note", found or f"not found (optional); with it {use}")
