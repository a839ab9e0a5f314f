"""Publishing what tests make up, and dispatching it as a relay does."""

from collections.abc import Callable
from typing import Any

import pytest

from core.catalogue import Catalogue
from core.database import Database
from core.jobs import triggers
from core.jobs.dispatching import dispatch_new
from core.platform.access import Principal
from core.platform.bus import history, publishing
from core.platform.bus.topic import News
from core.platform.domains.topics import WINDOW_READY

DOMAIN = "0192f0c1-6a00-7000-8000-000000000001"


def window_ready(index: int = 41, subject: str = DOMAIN) -> News:
    return News(WINDOW_READY, subject, {**WINDOW_READY.example, "index": index})


@pytest.fixture
def publish(database: Database, admin: Principal) -> Callable[..., None]:
    """Publish events of windows that are ready, by index."""

    def publish_some(*indices: int, **options: Any) -> None:
        with database.transaction() as session:
            publishing.publish(session, admin.tenant_id, [window_ready(index) for index in indices], **options)

    return publish_some


@pytest.fixture
def dispatch(database: Database, catalogue: Catalogue) -> Callable[[], int]:
    """Dispatch what is new."""
    return lambda: dispatch_new(database, catalogue.kinds)


@pytest.fixture
def heard(database: Database, admin: Principal) -> Callable[..., list[Any]]:
    """List the events of the tenant, oldest first."""

    def list_all(**options: Any) -> list[Any]:
        with database.transaction() as session:
            return list(history.list_events(session, admin.tenant_id, limit=1000, after=0, **options))

    return list_all


@pytest.fixture
def add_trigger(database: Database, admin: Principal, catalogue: Catalogue) -> Callable[..., Any]:
    """Make a trigger that echoes the index of each window, unless told otherwise."""

    def add(**asked: Any) -> Any:
        given = {"topic": WINDOW_READY.name, "kind": "platform.echo", "params_from": {"/index": "/data/index"}, **asked}
        with database.transaction() as session:
            return triggers.create(session, admin, catalogue.find, given)

    return add


@pytest.fixture
def trigger_now(database: Database, admin: Principal) -> Callable[[Any], Any]:
    """Read a trigger as it is now."""

    def read(trigger: Any) -> Any:
        with database.transaction() as session:
            return triggers.get_trigger(session, admin.tenant_id, trigger.id)

    return read


@pytest.fixture
def runs(database: Database, admin: Principal) -> Callable[[Any], list[Any]]:
    """List what became of events at a trigger, oldest first."""

    def list_all(trigger: Any) -> list[Any]:
        with database.transaction() as session:
            return list(triggers.list_trigger_runs(session, admin.tenant_id, trigger.id, limit=1000))[::-1]

    return list_all
