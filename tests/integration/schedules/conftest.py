"""Schedules in a database of the test's own, and a clock that the test moves."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, select

from core.catalogue import Catalogue
from core.database import Database
from core.jobs import firing, schedules
from core.jobs.models import Job
from core.jobs.schedule_queries import get_schedule, list_runs
from core.platform.access import Principal

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
FIELDS = {
    "kind": "platform.echo",
    "params": {"n": 1},
    "timezone": "UTC",
    "jitter_s": 0.0,
    "missed": "once",
    "overlap": "allow",
    "paused": False,
    "priority": 5,
    "tags": [],
}


@pytest.fixture
def make(database: Database, admin: Principal, catalogue: Catalogue) -> Callable[..., UUID]:
    """Make a schedule at noon, of an echo every minute unless told otherwise."""

    def make_one(*, principal: Principal = admin, now: datetime = NOON, **fields: Any) -> UUID:
        rule = {} if "cron" in fields else {"every_s": 60.0}
        with database.transaction() as session:
            return schedules.create(session, principal, catalogue.find, {**FIELDS, **rule, **fields}, now=now)

    return make_one


@pytest.fixture
def fire(database: Database, catalogue: Catalogue) -> Callable[..., int]:
    """Fire what is due at a time."""

    def fire_at(now: datetime, kinds: dict[str, Any] | None = None) -> int:
        with database.transaction() as session:
            return firing.fire_due(session, catalogue.kinds if kinds is None else kinds, now=now)

    return fire_at


@pytest.fixture
def runs(database: Database) -> Callable[[UUID], list[tuple[float, str]]]:
    """Read what became of a schedule's fire times: seconds after noon and outcome, in order."""

    def read(schedule_id: UUID) -> list[tuple[float, str]]:
        with database.statements() as session:
            rows = list_runs(session, schedule_id, limit=100_000)
        return [((row.fire_at - NOON).total_seconds(), row.outcome) for row in reversed(rows)]

    return read


@pytest.fixture
def jobs(database: Database) -> Callable[[UUID], list[Row[Any]]]:
    """Read a schedule's jobs, oldest first."""

    def read(schedule_id: UUID) -> list[Row[Any]]:
        table = Job.__table__
        with database.statements() as session:
            query = select(table).where(table.c.schedule_id == schedule_id).order_by(table.c.id)
            return list(session.execute(query).all())

    return read


@pytest.fixture
def read(database: Database, admin: Principal) -> Callable[[UUID], Row[Any]]:
    """Read a schedule."""

    def read_one(schedule_id: UUID) -> Row[Any]:
        with database.statements() as session:
            return get_schedule(session, admin.tenant_id, schedule_id)

    return read_one


@pytest.fixture
def change(database: Database, admin: Principal, catalogue: Catalogue) -> Callable[..., None]:
    """Change a schedule at a time."""

    def change_one(schedule_id: UUID, *, now: datetime, principal: Principal = admin, **changes: Any) -> None:
        with database.transaction() as session:
            schedules.change(session, principal, catalogue.find, schedule_id, changes, now=now)

    return change_one
