"""Celery as the platform configures it, on this test's servers."""

import importlib
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from celery import Celery

from core.catalogue import discover
from core.database import Database, Listener
from core.jobs import outbox
from core.platform.servers.embedded import Urls
from tasks.configuration import configuration


@pytest.fixture(scope="session")
def relay_module(servers: Urls, tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The module of the relay, whose application reads the environment when it is imported."""
    handlers = logging.getLogger().handlers[:]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", servers.database)
        patch.setenv("REDIS_URL", servers.redis)
        patch.setenv("PENSTOCK_STORAGE_URL", tmp_path_factory.mktemp("storage").as_uri())
        patch.setenv("PENSTOCK_SECRET_KEY", "a key for tests, of no worth elsewhere")
        module = importlib.import_module("tasks.relay")
    logging.getLogger().handlers[:] = handlers
    return module


@pytest.fixture
def celery(relay_module: ModuleType, redis_url: str) -> Celery:
    """An application configured like the platform's, on an empty broker."""
    return make_celery(redis_url)


@pytest.fixture
def celery_nowhere(relay_module: ModuleType) -> Celery:
    """An application whose broker is away."""
    return make_celery("redis://127.0.0.1:1/0")


@pytest.fixture
def make_relay(
    relay_module: ModuleType, database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Celery], object]]:
    """Make relays that do not wait for news at the end of a round."""
    monkeypatch.setattr(relay_module, "IDLE_S", 0.0)
    relays = []

    def make(celery: Celery) -> object:
        listener = Listener(database_url, outbox.CHANNEL)
        relays.append((listener, relay_module.Relay(celery, database, listener, discover().kinds)))
        return relays[-1][1]

    yield make
    for listener, relay in relays:
        listener.close()
        relay._broker.close()


def make_celery(broker: str) -> Celery:
    app = Celery("test", broker=broker, set_as_current=False)
    app.conf.update({**configuration(Path()), "broker_url": broker})
    return app
