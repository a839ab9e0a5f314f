"""Whoever reads events of jobs has Postgres look into the partitions of their days alone, not into all of them."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, event, text

from core.database import Database
from core.jobs import callbacks, feeds, queries, shards
from core.jobs.models import Settlement
from core.jobs.partitions import read_partitions

Read = Callable[[Any, list[UUID]], Any]
READERS: dict[str, Read] = {
    "a job's history": lambda session, ids: queries.list_events(session, ids[0]),
    "streams": lambda session, ids: feeds.job_items(session, dict.fromkeys(ids, 0)),
    "webhooks and notifications": lambda session, ids: callbacks.tell(session, ended(ids)),
    "progress of shards": shards._tell_progress,
}


def ended(ids: list[UUID]) -> list[Any]:
    return [Settlement(job_id=job_id, version=2) for job_id in ids]


@contextmanager
def explained(database: Database) -> Iterator[list[str]]:
    """Collect the plans of all statements on events that are executed within the block."""
    plans: list[str] = []

    def explain(
        _connection: Connection, cursor: Any, statement: str, parameters: Any, *_rest: object
    ) -> tuple[str, Any]:
        if "job_events" in statement:
            cursor.execute(f"EXPLAIN {statement}", parameters)
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
        return statement, parameters

    event.listen(database.engine, "before_cursor_execute", explain, retval=True)
    yield plans
    event.remove(database.engine, "before_cursor_execute", explain)


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_plans_for_the_days_of_its_jobs_alone(
    database: Database, submit_job: Callable[..., UUID], reader: str
) -> None:
    ids = [submit_job("platform.echo", {}) for _ in range(3)]
    with database.transaction() as session:
        there = len(read_partitions(session))
        own = set(session.scalars(text("SELECT CAST(tableoid AS regclass)::text FROM job_events")))
        with explained(database) as plans:
            READERS[reader](session, ids)
    assert there > 10
    assert plans
    for plan in plans:
        found = set(re.findall(r"\bjob_events_(?:\d{8}|default|before)\b(?!_pkey)", plan))
        assert found, plan
        assert found <= own, plan
