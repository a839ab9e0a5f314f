"""The servers of one data folder: where each one is found, and all of them running for as long as a block lasts."""

import os
import random
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.platform.servers.account import Account, server_account
from core.platform.servers.base import Server, ServerFailed, Site
from core.platform.servers.credentials import Credentials, load_credentials
from core.platform.servers.folder import DataFolder, hold, open_folder
from core.platform.servers.location import external_url, locate
from core.platform.servers.ports import claim_ports
from core.platform.servers.postgres import Postgres
from core.platform.servers.program import Program, spawn, stop
from core.platform.servers.redis import Redis

SERVERS: tuple[Server, ...] = (Postgres(), Redis())


@dataclass(frozen=True, slots=True)
class Placement:
    """One server as its clients reach it; without a program when somebody else runs it."""

    server: Server
    url: str
    program: Program | None
    label: str


@dataclass(frozen=True, slots=True)
class Urls:
    """Where the running servers are."""

    database: str
    redis: str


@contextmanager
def running(
    root: Path,
    *,
    environ: Mapping[str, str] | None = None,
    rng: random.Random | None = None,
    servers: Sequence[Server] = SERVERS,
) -> Iterator[Urls]:
    """Run both servers on a data folder until the block ends; the data stays. A URL in `environ` is used as it is."""
    folder = open_folder(root)
    with ExitStack() as stack:
        stack.enter_context(hold(folder))
        ports = rng or random.Random()  # noqa: S311 - guards nothing
        placements = place_all(folder, load_credentials(folder), environ or {}, ports, servers)
        for placement in placements:
            stack.enter_context(_running(placement, folder))
        urls = {placement.server.name: placement.url for placement in placements}
        yield Urls(database=urls["postgres"], redis=urls["redis"])


def place_all(
    folder: DataFolder,
    secrets: Credentials,
    environ: Mapping[str, str],
    rng: random.Random,
    servers: Sequence[Server] = SERVERS,
) -> tuple[Placement, ...]:
    """Find or make every server's place, in the order of their start; nothing runs yet."""
    account = server_account()
    embedded = [server for server in servers if external_url(server, environ) is None]
    ports = claim_ports(folder.run / "ports.json", [server.name for server in embedded], rng=rng)
    return tuple(
        _place(server, folder, secrets, environ, account, ports[server.name])
        if server in embedded
        else Placement(server, server.client_url(environ[server.variable]), None, "by URL")
        for server in servers
    )


def await_answer(placement: Placement, process: subprocess.Popen[bytes] | None, *, within_s: float = 30.0) -> None:
    """Wait until the server serves; raises `ServerFailed` when it ends before, or takes longer."""
    give_up_at = time.monotonic() + within_s
    while not placement.server.answers(placement.url):
        if process is not None and process.poll() is not None:
            raise ServerFailed(f"{placement.server.name} ended with {process.returncode}.")
        if time.monotonic() > give_up_at:
            raise ServerFailed(f"{placement.server.name} ({placement.label}) did not answer within {within_s:g} s.")
        time.sleep(0.02)


def _place(
    server: Server,
    folder: DataFolder,
    secrets: Credentials,
    environ: Mapping[str, str],
    account: Account | None,
    port: int,
) -> Placement:
    site = Site(locate(server, {"PATH": os.defpath, **environ}, account), folder, secrets, account, port)
    server.initialize(site)
    return Placement(server, server.url(secrets, port), server.program(site), site.installation.label)


@contextmanager
def _running(placement: Placement, folder: DataFolder) -> Iterator[None]:
    if placement.program is None:
        await_answer(placement, None)
        yield
        return
    placement.server.clear(folder)
    process = spawn(placement.program, folder.log(placement.server.name))
    try:
        await_answer(placement, process)
        yield
    finally:
        stop(process, placement.program)
