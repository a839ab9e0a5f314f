"""Fixtures shared by all tests: real Postgres and Redis for each pytest process, a database for each test."""

import contextlib
import os
import random
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from hypothesis import settings
from psutil import virtual_memory
from sqlalchemy import Connection, create_engine, make_url, text

from core import migration, redis
from core.catalogue import Catalogue, discover
from core.clock import utc_now
from core.crypto import Keyring, MasterKey
from core.database import Database, connect, spell_out_driver
from core.jobs.execution import Station
from core.jobs.submission import JobRequest, submit
from core.platform.access import Principal, Role
from core.platform.events import Announcer
from core.platform.servers.embedded import Urls, running
from core.platform.tenants import ensure_tenant
from core.storage.file import FileStorage
from core.tenancy import ROLE
from tests.platforms import START_WITHIN_S, Platform, running_platform
from tests.s3_server import BUCKET, CREDENTIALS, REGION, running_s3
from tests.scheduling import Units

MEMORY = Path("/dev/shm")
ENOUGH_BYTES = 4 << 30
"""How much has to be free there and in the machine; the servers of a process come to hold less than a tenth of it."""

# Made-up examples have no deadline, since the machine may be busy with other tests.
settings.register_profile("suite", deadline=None, database=None)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Urls]:
    """Postgres and Redis of this pytest process: by URL where `PENSTOCK_TEST_*_URL` say so, else from the wheels."""
    given = {
        name: os.environ[f"PENSTOCK_TEST_{name}"]
        for name in ("DATABASE_URL", "REDIS_URL")
        if f"PENSTOCK_TEST_{name}" in os.environ
    }
    if "REDIS_URL" in given:
        given["REDIS_URL"] = _own_redis_database(given["REDIS_URL"], os.environ.get("PYTEST_XDIST_WORKER", ""))
    with _quick_folder(tmp_path_factory) as folder, running(folder, environ=given) as urls:
        if "DATABASE_URL" not in given:
            _forgo_durability(urls)
        yield urls


@contextlib.contextmanager
def _quick_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a folder in memory where there is enough: a database is some 800 files, made and removed for each test."""
    if MEMORY.is_dir() and min(disk_usage(MEMORY).free, virtual_memory().available) >= ENOUGH_BYTES:
        with TemporaryDirectory(prefix="penstock-tests-", dir=MEMORY, ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    else:
        yield tmp_path_factory.mktemp("servers")


def _forgo_durability(urls: Urls) -> None:
    """Have a server that lives for one run wait for no disk: its databases outlive its own death, but no power cut."""
    for statement in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"):
        _administer(urls, statement)


def _own_redis_database(url: str, worker: str) -> str:
    """Give each process of a run a database of its own on a server that all of them are given."""
    parts = urlsplit(url)
    first = int(parts.path.strip("/") or 0)
    return parts._replace(path=f"/{first + int(worker.removeprefix('gw') or 0)}").geturl()


@pytest.fixture(scope="session")
def template_database(servers: Urls) -> str:
    """A migrated database to copy; its name."""
    name = f"penstock_template_{uuid.uuid4().hex[:8]}"
    _administer(servers, f'CREATE DATABASE "{name}"')
    migration.upgrade(_renamed(servers.database, name))
    return name


@pytest.fixture(scope="session")
def copied_database(servers: Urls, template_database: str) -> Callable[[], contextlib.AbstractContextManager[str]]:
    """Copy the migrated database for as long as a block lasts, and give the copy's URL."""

    @contextlib.contextmanager
    def copy() -> Iterator[str]:
        name = f"penstock_test_{uuid.uuid4().hex[:12]}"
        _administer(servers, f'CREATE DATABASE "{name}" TEMPLATE "{template_database}"')
        yield _renamed(servers.database, name)
        _administer(servers, f'DROP DATABASE "{name}" WITH (FORCE)')

    return copy


@pytest.fixture
def database_url(copied_database: Callable[[], contextlib.AbstractContextManager[str]]) -> Iterator[str]:
    """A fresh, migrated database of this test's own."""
    with copied_database() as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The way to this test's database."""
    database = connect(database_url, pool_size=8, keyring=Keyring([MasterKey("test", bytes(32))]))
    yield database
    database.engine.dispose()


@pytest.fixture
def redis_url(servers: Urls) -> Iterator[str]:
    """This test process's Redis, empty."""
    client = redis.connect(servers.redis)
    client.flushdb()
    yield servers.redis
    client.close()


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The platform of this pytest process; tests leave it as they found it, but for jobs and accounts."""
    with running_platform(tmp_path_factory.mktemp("platform") / "data") as platform:
        yield platform


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Units | None:
    """Schedule by these units where the suite is started as `./penstock test` does."""
    return Units(config, log) if config.getoption("dist") == "loadgroup" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that share a platform in one process, and allow for its start."""
    for item in items:
        if "platform" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("shared platform"))
            item.add_marker(pytest.mark.timeout(START_WITHIN_S + 120))


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Every kind of job there is."""
    return discover()


@pytest.fixture
def admin(database: Database) -> Principal:
    """A tenant's admin."""
    return make_principal(database, "local", Role.ADMIN)


@pytest.fixture
def as_owner(servers: Urls) -> Iterator[Callable[..., str]]:
    """Make a database that belongs to a plain login; give the URL by which that login reaches it."""
    name = f"plain_{uuid.uuid4().hex[:8]}"
    engine = create_engine(spell_out_driver(servers.database), isolation_level="AUTOCOMMIT")

    def make(rights: str = "", *, lent: bool = False) -> str:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE ROLE {name} LOGIN PASSWORD 'plain' {rights}"))
            if lent:
                _ensure_role_exists(connection)
                connection.execute(text(f"GRANT {ROLE} TO {name}"))
            connection.execute(text(f"CREATE DATABASE {name} OWNER {name}"))
        url = make_url(spell_out_driver(servers.database)).set(username=name, password="plain", database=name)
        return url.render_as_string(hide_password=False)

    yield make
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"DROP OWNED BY {name}"))
        connection.execute(text(f"DROP ROLE {name}"))
    engine.dispose()


class NoInterrupts:
    """Nobody interrupts."""

    def asked(self) -> None:
        return None

    def armed(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()


@pytest.fixture
def storage(tmp_path: Path) -> FileStorage:
    """A storage of this test's own."""
    return FileStorage(tmp_path / "artifacts")


@pytest.fixture(scope="session")
def s3_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of this pytest process's S3 server, for which credentials are in the environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        with running_s3(tmp_path_factory.mktemp("s3")) as endpoint:
            yield endpoint


@pytest.fixture
def s3_url(s3_endpoint: str) -> str:
    """The URL of an S3 storage of this test's own."""
    return f"s3://{BUCKET}/{uuid.uuid4().hex}/artifacts?endpoint={s3_endpoint}&region={REGION}"


@pytest.fixture
def station(database: Database, storage: FileStorage, redis_url: str, catalogue: Catalogue) -> Station:
    """What a worker holds to execute jobs, in this process."""
    announcer = Announcer(redis.connect(redis_url))
    return Station("test:1", database, storage, announcer, NoInterrupts(), 30.0, random.Random(1), catalogue.kinds)


@pytest.fixture
def submit_job(database: Database, admin: Principal, catalogue: Catalogue) -> Callable[..., UUID]:
    """Submit a job by its kind's name and params, with any of `JobRequest`'s options."""

    def submit_one(kind: str, params: dict[str, Any], **options: Any) -> UUID:
        with database.transaction() as session:
            request = JobRequest(catalogue.find(kind), params, **options)
            return submit(session, admin, request, clock=utc_now).job_id

    return submit_one


def make_principal(database: Database, slug: str, role: Role) -> Principal:
    """Make a tenant and somebody of that role in it."""
    with database.transaction() as session:
        return Principal(uuid.uuid4(), ensure_tenant(session, slug), role, f"{role} of {slug}")


def _ensure_role_exists(connection: Connection) -> None:
    """Make the role that the web steps down to, as a database administrator would, unless a migration was faster."""
    if connection.execute(text("SELECT FROM pg_roles WHERE rolname = :role"), {"role": ROLE}).first() is None:
        connection.execute(text(f"CREATE ROLE {ROLE}"))


def _administer(servers: Urls, statement: str) -> None:
    engine = create_engine(spell_out_driver(servers.database), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _renamed(url: str, name: str) -> str:
    engine_url = create_engine(spell_out_driver(url)).url.set(database=name)
    return engine_url.render_as_string(hide_password=False)
