"""The app on a real database and Redis, and clients with a key of each role."""

import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.datastructures import Headers

from core.config import Settings
from core.database import Database
from core.jobs.execution import Station, execute
from core.platform.access import Role
from core.platform.events import Announcer
from core.platform.keys import make_key, remember_key
from core.platform.servers.embedded import Urls
from core.platform.tenants import ensure_tenant
from tasks.binding import load_bindings
from tests.conftest import NoInterrupts
from webapp.app import create_app
from webapp.process import EXTENSION, WebProcess


class KeyClient(FlaskClient):
    """A test client that sends an API key."""

    key: str | None = None

    def open(self, *args: Any, **options: Any) -> Any:
        headers = Headers(options.pop("headers", None) or {})
        if self.key is not None:
            headers.setdefault("Authorization", f"Bearer {self.key}")
        options.setdefault("buffered", True)  # read to the end and close, as a server does
        return super().open(*args, headers=headers, **options)


@pytest.fixture(scope="session")
def database_of_all(copied_database: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    """One database for all tests of the web: each works in a tenant of its own, which keeps them apart."""
    with copied_database() as url:
        yield url


@pytest.fixture(scope="session")
def web_settings(servers: Urls, database_of_all: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("web")
    return Settings(
        database_url=database_of_all,
        redis_url=servers.redis,
        storage_url=f"file://{folder}/artifacts",
        data_dir=folder,
        port=0,
        log_format="json",
        log_level="INFO",
        max_body_bytes=64 << 10,
        max_upload_bytes=128 << 10,
        lease_s=30.0,
        retention_days=30,
        database_pool_size=8,
        secret_key="a key for tests, of no worth elsewhere",
        web_threads=4,
        login_rate_limit=100_000,
    )


@pytest.fixture(scope="session")
def app(web_settings: Settings) -> Iterator[Flask]:
    app = create_app(web_settings)
    app.test_client_class = KeyClient
    yield app
    held_by(app).waiting.closing = lambda: True
    held_by(app).database.engine.dispose()


@pytest.fixture(scope="session")
def web_database(app: Flask) -> Database:
    """The app's database, as the platform sees it."""
    return held_by(app).database.everywhere()


@pytest.fixture
def tenant() -> str:
    """A tenant of this test's own."""
    return f"tenant-{uuid.uuid4().hex}"


@pytest.fixture
def client_of(app: Flask, web_database: Database, tenant: str) -> Callable[..., KeyClient]:
    """Make a client with a new key of a role in this test's tenant or another."""

    def make(role: Role, slug: str = tenant, *, home: bool = True) -> KeyClient:
        client = app.test_client()
        assert isinstance(client, KeyClient)
        client.key = make_key()
        with web_database.transaction() as session:
            tenant_id = ensure_tenant(session, slug, home=home)
            remember_key(session, client.key, tenant_id=tenant_id, name=f"{role} of {slug}", role=role)
        return client

    return make


@pytest.fixture
def client(client_of: Callable[..., KeyClient]) -> KeyClient:
    """A client that may do everything."""
    return client_of(Role.ADMIN)


@pytest.fixture
def stranger(app: Flask) -> KeyClient:
    """A client without a key."""
    client = app.test_client()
    assert isinstance(client, KeyClient)
    return client


@pytest.fixture
def submit(client: KeyClient) -> Callable[..., UUID]:
    """Submit an echo over HTTP and return its id."""

    def submit_echo(**options: Any) -> UUID:
        answer = client.post("/api/v1/jobs", json={"kind": "platform.echo", **options})
        assert answer.status_code == 202, answer.text
        return UUID(answer.get_json()["id"])

    return submit_echo


@pytest.fixture
def run_job(app: Flask, web_database: Database) -> Callable[[str], dict[str, Any]]:
    """Run a job in this process, and return its row."""
    process = held_by(app)
    worker = process.database.everywhere()
    station = Station(
        "test:1",
        worker,
        process.storage,
        Announcer(process.announcer.redis),
        NoInterrupts(),
        30.0,
        random.Random(1),
        process.catalogue.kinds,
    )
    computations = {one.kind.name: one for one in load_bindings(process.catalogue)}

    def run(job_id: str) -> dict[str, Any]:
        with worker.statements() as session:
            kind = session.scalar(text("SELECT kind FROM jobs WHERE id = :id"), {"id": job_id})
        bound = computations[str(kind)]
        execute(station, bound.kind, bound.compute, UUID(job_id))
        with worker.statements() as session:
            row = session.execute(text("SELECT state, result, error FROM jobs WHERE id = :id"), {"id": job_id}).one()
        return dict(row._mapping)

    return run


def held_by(app: Flask) -> WebProcess:
    """What the app's process holds."""
    process = app.extensions[EXTENSION]
    assert isinstance(process, WebProcess)
    return process
