"""A stream process as it is served, a reader that feeds it, and a database in which things happen."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from redis import Redis

from core import redis
from core.catalogue import Catalogue
from core.clock import Clock, utc_now
from core.crypto import Keyring, MasterKey
from core.database import Database, connect
from core.jobs import cancellation, execution
from core.jobs.execution import Station
from core.jobs.feeding import Feeder
from core.jobs.submission import JobRequest, submit
from core.platform.access import Principal, Role
from core.platform.events import Announcer
from core.platform.keys import make_key, remember_key
from core.platform.servers.embedded import Urls
from core.platform.servers.ports import free_port
from core.platform.streams.tickets import TicketOffice
from core.platform.streams.topics import read_topic
from core.platform.tenants import ensure_tenant
from core.storage.file import FileStorage
from tasks.feeder import Reader
from tests.conftest import NoInterrupts
from tests.streaming import Socket
from tests.waiting import eventually

SECRET = "a key for tests, of no worth elsewhere"
ROOT = Path(__file__).parents[3]
WEB = "http://penstock.example"
CONNECTIONS = 12


@dataclass
class StreamServer:
    """A stream process under gunicorn, which can be killed and come back at the same address."""

    environ: dict[str, str]
    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        command = ["--config", "python:webapp.stream.gunicorn_conf", "webapp.stream.app:create_app()"]
        with (self.folder / "log").open("ab") as log:
            argv = [sys.executable, "-m", "gunicorn", *command]
            environ = {**self.environ, "PENSTOCK_READY_FILE": str(ready)}
            self.process = subprocess.Popen(argv, env=environ, cwd=ROOT, stderr=log, start_new_session=True)
        eventually(lambda: ready.exists() or self.process is None or self.process.poll() is not None)
        assert ready.exists(), self.log()

    def kill(self) -> None:
        """End it with all its workers, without a word."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def log(self) -> str:
        return (self.folder / "log").read_text()


@dataclass
class World:
    """What a test of streams looks at and does."""

    server: StreamServer
    database: Database
    redis: Redis
    station: Station
    catalogue: Catalogue
    office: TicketOffice
    opened: list[Socket] = field(default_factory=list)

    def principal(self, slug: str = "local") -> Principal:
        """Somebody new who has a key."""
        with self.database.transaction() as session:
            tenant_id = ensure_tenant(session, slug)
            key_id = remember_key(session, make_key(), tenant_id=tenant_id, name="listener", role=Role.SUBMITTER)
        return Principal(key_id, tenant_id, Role.SUBMITTER, "listener")

    def ticket(self, who: Principal, *topics: str, after: Mapping[str, int] | None = None, now: Clock = utc_now) -> str:
        return self.office.issue(who, [read_topic(name) for name in topics], after or {}, WEB, now=now())

    def socket(self, ticket: str, **options: Any) -> Socket:
        opened = Socket(f"ws://127.0.0.1:{self.server.port}/api/v1/streams/ws?ticket={ticket}", **options)
        self.opened.append(opened)
        return opened

    def listen(self, who: Principal, *topics: str, after: Mapping[str, int] | None = None) -> Socket:
        return self.socket(self.ticket(who, *topics, after=after))

    def sse(self, ticket: str) -> str:
        return f"http://127.0.0.1:{self.server.port}/api/v1/streams/sse?ticket={ticket}"

    def submit(self, who: Principal, **options: Any) -> UUID:
        with self.database.transaction() as session:
            request = JobRequest(self.catalogue.find("platform.echo"), {}, **options)
            return submit(session, who, request, clock=utc_now).job_id

    def execute(self, job_id: UUID, compute: Callable[..., dict[str, Any]] = lambda _params, _context: {}) -> None:
        execution.execute(self.station, self.catalogue.find("platform.echo"), compute, job_id)

    def cancel(self, who: Principal, job_id: UUID) -> None:
        with self.database.transaction() as session:
            cancellation.cancel(session, who.tenant_id, job_id)

    def close_all(self) -> None:
        for one in self.opened:
            one.close()
        self.opened.clear()
        eventually(lambda: self.redis.zcard("penstock:stream:places") == 0)


@pytest.fixture(scope="module")
def listened_database(copied_database: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    with copied_database() as url:
        yield url


@pytest.fixture(scope="module")
def reader(servers: Urls, listened_database: str) -> Iterator[Reader]:
    """What a relay runs beside itself."""
    redis.connect(servers.redis).flushdb()
    database = connect(listened_database, pool_size=1)
    reader = Reader(Feeder(database, redis.connect(servers.redis)), redis.connect(servers.redis, timeout_s=5.0))
    reader.start()
    yield reader
    reader.stop()
    database.engine.dispose()


@pytest.fixture(scope="module")
def server(servers: Urls, listened_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StreamServer]:
    folder, port = tmp_path_factory.mktemp("stream"), free_port(random.Random())
    environ = {
        **os.environ,
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",  # it never asks
        "REDIS_URL": servers.redis,
        "PENSTOCK_STORAGE_URL": "file:///nowhere",
        "PENSTOCK_SECRET_KEY": SECRET,
        "PENSTOCK_STREAM_PORT": str(port),
        "PENSTOCK_STREAM_CONNECTIONS": str(CONNECTIONS),
        "PENSTOCK_CORS_ORIGINS": "https://friend.example",
    }
    server = StreamServer(environ, folder, port)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def world(
    servers: Urls,
    listened_database: str,
    reader: Reader,
    server: StreamServer,
    catalogue: Catalogue,
    tmp_path: Path,
) -> Iterator[World]:
    """A world in which nobody listens yet."""
    database = connect(listened_database, pool_size=4, keyring=Keyring([MasterKey("test", bytes(32))]))
    with closing(redis.connect(servers.redis)) as client:
        station = Station(
            *("test:1", database, FileStorage(tmp_path), Announcer(client), NoInterrupts(), 30.0, random.Random(1)),
            catalogue.kinds,
        )
        world = World(server, database, client, station, catalogue, TicketOffice.of(SECRET))
        yield world
        world.close_all()
    database.engine.dispose()
