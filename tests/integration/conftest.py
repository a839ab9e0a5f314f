"""Fixtures of the integration tests: looking at a job's rows, moving their times, doing things at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, text, update

from core.database import Database
from core.jobs.leases import Claimed, claim
from core.jobs.models import Job
from core.jobs.queries import list_events


@pytest.fixture
def row(database: Database) -> Callable[[UUID], Row[Any]]:
    """Read a job's row."""

    def read(job_id: UUID) -> Row[Any]:
        table = Job.__table__
        with database.statements() as session:
            return session.execute(table.select().where(table.c.id == job_id)).one()

    return read


@pytest.fixture
def history(database: Database) -> Callable[[UUID], list[str]]:
    """Read the types of a job's events, having checked that they are numbered without gaps up to its version."""

    def read(job_id: UUID) -> list[str]:
        with database.transaction() as session:
            events = list_events(session, job_id)
            version = session.scalar(text("SELECT version FROM jobs WHERE id = :id"), {"id": job_id})
        assert [event.seq for event in events] == list(range(1, version + 1))
        return [event.type for event in events]

    return read


@pytest.fixture
def put(database: Database) -> Callable[..., None]:
    """Set columns of a job, below the surface: the way to move its times."""

    def write(job_id: UUID, **columns: Any) -> None:
        with database.transaction() as session:
            session.execute(update(Job).where(Job.id == job_id).values(**columns))

    return write


@pytest.fixture
def take(database: Database) -> Callable[..., Claimed]:
    """Claim a job that is there to be claimed."""

    def claim_one(job_id: UUID, *, worker: str = "test:1") -> Claimed:
        with database.statements() as session:
            claimed = claim(session, job_id, worker=worker, lease_s=30.0)
        assert claimed is not None
        return claimed

    return claim_one


@pytest.fixture
def count(database: Database) -> Callable[[str], int]:
    """Count the rows of a table."""

    def count_rows(table: str) -> int:
        with database.statements() as session:
            return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())

    return count_rows


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """Call a function from several threads at the same instant; return what came of each call, errors included."""

    def call(function: Callable[[], Any], times: int) -> list[Any]:
        barrier = Barrier(times)

        def one() -> Any:
            barrier.wait()
            try:
                return function()
            except Exception as error:  # noqa: BLE001 - an error is one of the things that may come of a call
                return error

        with ThreadPoolExecutor(times) as pool:
            return [future.result() for future in [pool.submit(one) for _ in range(times)]]

    return call
