"""Bulk submission through the core beside single submission, and beside a bare INSERT of the same rows."""

import json
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import psycopg2
from psycopg2.extras import execute_values

from core.catalogue import discover
from core.clock import utc_now
from core.database import Database, connect
from core.jobs.insertion import insert_jobs
from core.jobs.submission import JobRequest, job_row, submit
from core.platform.access import Principal, Role
from core.platform.tenants import ensure_tenant
from job_costs.bed import Bed
from job_costs.figures import Figure, Target, compared

ROWS = 10_000
SINGLES = 300


def measure(bed: Bed) -> list[Figure]:
    """Submit as many jobs as one bulk request may hold, and some singly, in turn."""
    database = connect(bed.urls.database, pool_size=1)
    with database.transaction() as session:
        principal = Principal(uuid.uuid4(), ensure_tenant(session, "local"), Role.ADMIN, "benchmark")
    bare = _bare_table(bed)
    rounds = 3 if bed.quick else 7
    rows = ROWS // 5 if bed.quick else ROWS
    times = [
        (_bulk(database, principal, rows), _singles(database, principal), _inserted(bare, principal, rows))
        for _ in range(rounds)
    ]
    database.engine.dispose()
    bare.close()
    bulk, single, insert = (list(column) for column in zip(*times, strict=True))
    return [
        compared(
            "bulk submission, per job", Target(at_least=20.0), bulk, single, peer="single submissions", unit="jobs/s"
        ),
        compared("bulk submission", Target(at_least=0.5), bulk, insert, peer="bare INSERT ... VALUES", unit="jobs/s"),
    ]


def _bulk(database: Database, principal: Principal, count: int) -> float:
    def submit_all() -> None:
        rows = _rows(principal, count)
        with database.transaction() as session:
            insert_jobs(session, rows)

    return count / _seconds(submit_all)


def _singles(database: Database, principal: Principal) -> float:
    echo = discover().find("platform.echo")

    def submit_each() -> None:
        for number in range(SINGLES):
            with database.statements() as session:
                submit(session, principal, JobRequest(echo, {"n": number}), clock=utc_now)

    return SINGLES / _seconds(submit_each)


def _inserted(connection: Any, principal: Principal, count: int) -> float:
    """Insert rows made beforehand: what a bare INSERT need not do is not charged to it."""
    rows = _rows(principal, count)
    names = list(rows[0])
    values = [[json.dumps(row[name]) if name == "params" else row[name] for name in names] for row in rows]
    template = f"({', '.join(_cast(name) for name in names)}, now())"

    def insert() -> None:
        with connection, connection.cursor() as cursor:
            statement = f"INSERT INTO bare_jobs ({', '.join(names)}, queued_at) VALUES %s"
            execute_values(cursor, statement, values, template=template, page_size=1000)

    return count / _seconds(insert)


def _rows(principal: Principal, count: int) -> Sequence[dict[str, Any]]:
    echo = discover().find("platform.echo")
    now = utc_now()
    return [job_row(principal, JobRequest(echo, {"n": n}), now=now) for n in range(count)]


def _cast(name: str) -> str:
    casts = {"id": "uuid", "tenant_id": "uuid", "submitted_by": "uuid", "params": "jsonb", "tags": "text[]"}
    return f"%s::{casts[name]}" if name in casts else "%s"


def _bare_table(bed: Bed) -> Any:
    connection = psycopg2.connect(bed.urls.database.replace("postgresql+psycopg2://", "postgresql://"))
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_jobs (LIKE jobs INCLUDING ALL)")
    return connection


def _seconds(action: Callable[[], None]) -> float:
    started_s = time.perf_counter()
    action()
    return time.perf_counter() - started_s
