"""A database for a whole module, for the many small tests that roll back what they did."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from core.catalogue import Catalogue
from core.clock import utc_now
from core.database import Database, connect
from core.jobs.submission import JobRequest, submit
from core.platform.access import Principal, Role
from core.platform.tenants import ensure_tenant


@pytest.fixture(scope="module")
def module_database(copied_database: Callable[[], AbstractContextManager[str]]) -> Iterator[Database]:
    """A migrated database that the tests of one module share."""
    with copied_database() as url:
        database = connect(url, pool_size=4)
        yield database
        database.engine.dispose()


@pytest.fixture(scope="module")
def module_job(module_database: Database, catalogue: Catalogue) -> uuid.UUID:
    """A queued job in it."""
    with module_database.transaction() as session:
        somebody = Principal(uuid.uuid4(), ensure_tenant(session, "local"), Role.ADMIN, "admin")
        request = JobRequest(catalogue.find("platform.echo"), {})
        return submit(session, somebody, request, clock=utc_now).job_id
