"""The events of jobs become partitioned, and one table again, with all rows, beside the work that goes on."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Engine, create_engine, inspect, text

from core import migration
from core.ids import floor_at, uuid7
from tests.migrations.conftest import upgrade_in_process
from tests.waiting import eventually

BEFORE = "0036"


def test_events_go_up_down_and_up_without_losing_one(empty_url: str) -> None:
    """Given events of now, of long ago and of a clock that is wrong by years, all are there after each step."""
    engine = create_engine(empty_url)
    migration.upgrade(empty_url, BEFORE)
    now, wrong = uuid7(), floor_at(datetime(2090, 1, 1, tzinfo=UTC))
    old = UUID(int=1)

    def events() -> list[tuple[UUID, int, str]]:
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT job_id, seq, data ->> 'n' FROM job_events ORDER BY job_id, seq"))
            return [(job_id, seq, n) for job_id, seq, n in rows]

    def put(*job_ids: UUID) -> None:
        with engine.begin() as connection:
            for job_id in job_ids:
                connection.execute(_PUT, {"id": job_id})

    put(now, old)
    first = events()
    migration.upgrade(empty_url)
    assert events() == first
    assert partitions_of(engine, [now, old]) == ["job_events_before", "job_events_before"]
    later = uuid.UUID(int=now.int + (20 * 86_400_000 << 80))
    put(later, wrong)
    second = events()
    assert len(second) == 8
    migration.downgrade(empty_url, BEFORE)
    assert events() == second
    assert inspect(engine).get_pk_constraint("job_events")["name"] == "pk_job_events"
    migration.upgrade(empty_url)
    assert events() == second
    assert partitions_of(engine, [now, later, wrong]) == ["job_events_before", *["job_events_default"] * 2]
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE job_events_before"))
    migration.downgrade(empty_url, BEFORE)
    assert [job_id for job_id, *_ in events()] == [later] * 2 + [wrong] * 2
    migration.upgrade(empty_url)
    engine.dispose()


def partitions_of(engine: Engine, job_ids: list[UUID]) -> list[str]:
    with engine.connect() as connection:
        found = text("SELECT CAST(tableoid AS regclass)::text FROM job_events WHERE job_id = :id LIMIT 1")
        return [str(connection.scalar(found, {"id": job_id})) for job_id in job_ids]


def test_work_goes_on_while_the_table_of_events_is_looked_through(empty_url: str) -> None:
    """Given a transaction of the old code under way, the migration waits for it and for nothing else."""
    engine = create_engine(empty_url)
    migration.upgrade(empty_url, BEFORE)
    with engine.begin() as connection:
        connection.execute(_PUT, {"id": uuid7()})
    with ThreadPoolExecutor(1) as pool:
        with engine.begin() as connection:
            connection.execute(_PUT, {"id": uuid7()})
            upgraded = pool.submit(upgrade_in_process, empty_url)
            eventually(lambda: _is_waited_for(engine))
        assert upgraded.result() == 0
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM job_events")) == 4
        left = connection.scalars(text("SELECT conname FROM pg_constraint WHERE conname LIKE 'ck_job_events%'")).all()
    engine.dispose()
    assert left == []


def _is_waited_for(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(connection.scalar(text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")))


_PUT = text(
    """
INSERT INTO job_events (job_id, seq, type, attempt, data)
SELECT :id, seq, 'job.submitted', 0, jsonb_build_object('n', seq) FROM generate_series(1, 2) AS seq
"""
)
