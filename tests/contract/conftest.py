"""The app on a real database, an admin's key, and the OpenAPI document."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core.config import Settings
from core.platform.access import Role
from core.platform.keys import make_key, remember_key
from core.platform.servers.embedded import Urls
from core.platform.tenants import ensure_tenant
from tests.contract.limits import Ask
from webapp.app import create_app
from webapp.openapi import described
from webapp.process import EXTENSION


@pytest.fixture(scope="session")
def database_of_all(copied_database: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    """One database for all requests."""
    with copied_database() as url:
        yield url


@pytest.fixture(scope="session")
def app(servers: Urls, database_of_all: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("contract")
    app = create_app(
        Settings(
            database_url=database_of_all,
            redis_url=servers.redis,
            storage_url=f"file://{folder}/artifacts",
            data_dir=folder,
            port=0,
            log_format="json",
            log_level="INFO",
            max_body_bytes=8 << 20,
            max_upload_bytes=8 << 20,
            lease_s=30.0,
            retention_days=30,
            database_pool_size=4,
        )
    )
    # Streams tell what there is and end, as in a process that is about to: nobody waits for what will not come.
    app.extensions[EXTENSION].waiting.closing = lambda: True
    yield app
    app.extensions[EXTENSION].database.engine.dispose()


@pytest.fixture(scope="session")
def document(app: Flask) -> dict[str, Any]:
    """The OpenAPI document."""
    return described(app).document


@pytest.fixture(scope="session")
def key(app: Flask) -> str:
    """An admin's key."""
    key = make_key()
    with app.extensions[EXTENSION].database.everywhere().transaction() as session:
        remember_key(
            session, key, tenant_id=ensure_tenant(session, "contract", home=True), name="contract", role=Role.ADMIN
        )
    return key


@pytest.fixture
def ask(app: Flask, key: str) -> Ask:
    """Send a request as an admin."""
    client = app.test_client()

    def send(method: str, path: str, body: Any = None) -> TestResponse:
        headers = {"Authorization": f"Bearer {key}"}
        return client.open(f"/api/v1{path}", method=method, json=body, headers=headers)

    return send
