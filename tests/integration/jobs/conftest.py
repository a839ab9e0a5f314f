"""Ends of jobs and their settling; and a database for a whole module, for small tests that roll back what they did."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from core.catalogue import Catalogue
from core.clock import utc_now
from core.database import Database, connect
from core.jobs import settling
from core.jobs.leases import Claimed
from core.jobs.outcomes import Failure, failed, record, succeeded
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


@pytest.fixture
def settle_one(database: Database, catalogue: Catalogue) -> Callable[[], int]:
    """Settle one end and return how many there were."""

    def settle_first() -> int:
        with database.transaction() as session:
            return settling.settle_batch(session, catalogue.kinds, limit=1)

    return settle_first


@pytest.fixture
def settle(database: Database, catalogue: Catalogue) -> Callable[[], None]:
    """Settle as a relay does, until nothing is left to settle."""

    def settle_all() -> None:
        batch = 1
        while batch:
            with database.transaction() as session:
                batch = settling.settle_batch(session, catalogue.kinds)

    return settle_all


@pytest.fixture
def finish_in(take: Callable[..., Claimed]) -> Callable[..., None]:
    """Have a queued job succeed in a transaction that is still open."""

    def finish(session: Session, job_id: UUID, result: dict[str, Any] | None = None) -> None:
        record(session, take(job_id), succeeded(result or {}, receipt={}, usage={}))

    return finish


@pytest.fixture
def succeed(database: Database, finish_in: Callable[..., None]) -> Callable[..., None]:
    """Have a queued job succeed."""

    def finish(job_id: UUID, result: dict[str, Any] | None = None) -> None:
        with database.transaction() as session:
            finish_in(session, job_id, result)

    return finish


@pytest.fixture
def fail(database: Database, take: Callable[..., Claimed]) -> Callable[[UUID], None]:
    """Have a queued job fail for good."""

    def end(job_id: UUID) -> None:
        claimed = take(job_id)
        record(database, claimed, failed(claimed, Failure("no_water", "dry", will_pass=False), usage={}, delay_s=0.0))

    return end
