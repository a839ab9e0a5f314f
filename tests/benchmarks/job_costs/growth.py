"""Whether list, poll and claim cost more with a long history behind them than with a short one."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text

from core import migration
from core.database import Database, connect
from core.jobs import leases, listing, queries
from core.jobs.models import Job
from core.platform.tenants import ensure_tenant
from job_costs.bed import Bed
from job_costs.figures import Figure, Target, compared

SMALL = 10_000
QUEUED = 5_000
REPEATS = 100

_KEEP_INDEXES = text(
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'jobs' AND indexname NOT IN ('pk_jobs')"
)
# Ids as the platform makes them, one a millisecond; the last ones are queued, one in a hundred before them failed.
_FILL = text(
    """
INSERT INTO jobs (id, tenant_id, kind, kind_version, state, version, queue, params, params_hash, tags, attempt,
                  max_attempts, timeout_s, created_at, queued_at, started_at, finished_at, result, usage)
SELECT (lpad(to_hex(1700000000000 + n), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0') || '8'
          || substr(md5(n::text), 1, 15))::uuid,
       :tenant_id, 'platform.' || (ARRAY['echo', 'sleep', 'fail'])[1 + n % 3], 1,
       CASE WHEN n > :rows - :queued THEN 'queued' WHEN n % 100 = 0 THEN 'failed' ELSE 'succeeded' END,
       4, 'default', jsonb_build_object('n', n), md5(n::text), '{}', CASE WHEN n > :rows - :queued THEN 0 ELSE 1 END,
       3, 300, now(), now(), now(), now(), jsonb_build_object('n', n), '{"run_s": 0.01}'
FROM generate_series(1, :rows) AS n
"""
)


_SCATTERED = text(
    "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM jobs) AS job WHERE place % :every = 0"
)


@dataclass(slots=True)
class History:
    """A database with so many jobs in it."""

    database: Database
    tenant_id: UUID
    queued: list[UUID]
    """Jobs that can be claimed; the claimed ones are taken off."""
    known: Sequence[UUID]
    """Jobs all over the table."""


def measure(bed: Bed) -> list[Figure]:
    """Do the same to a small and a large table in turn."""
    rows = bed.history
    small, large = _history(bed, SMALL), _history(bed, rows)
    try:
        return list(_figures(bed, small, large, f"{rows:,} jobs beside {SMALL:,}"))
    finally:
        small.database.engine.dispose()
        large.database.engine.dispose()


def _figures(bed: Bed, small: History, large: History, sizes: str) -> Iterator[Figure]:
    for name, action in ACTIONS.items():
        action(large), action(small)
        pairs = [(_seconds(action, large), _seconds(action, small)) for _ in range(5 if bed.quick else 11)]
        yield compared(
            f"{name}, {sizes}",
            Target(at_most=1.3),
            [ours for ours, _ in pairs],
            [theirs for _, theirs in pairs],
            peer="the small table",
            unit="ms",
            scale=1000.0 / REPEATS,
        )


def _history(bed: Bed, rows: int) -> History:
    url = bed.new_database(f"history_{rows}")
    migration.upgrade(url)
    database = connect(url, pool_size=1)
    with database.transaction() as session:
        tenant_id = ensure_tenant(session, "local")
        indexes = session.execute(_KEEP_INDEXES).all()
        # Building each index once, at the end, takes a fraction of the time.
        for index in indexes:
            session.execute(text(f'DROP INDEX "{index.indexname}"'))
        session.execute(_FILL, {"rows": rows, "queued": QUEUED, "tenant_id": tenant_id})
        for index in indexes:
            session.execute(text(index.indexdef))
    with database.statements() as session:
        session.execute(text("VACUUM ANALYZE jobs"))
        newest = select(Job.id).where(Job.tenant_id == tenant_id).order_by(Job.id.desc())
        queued = list(session.scalars(newest.limit(QUEUED)))
        known = list(session.scalars(_SCATTERED, {"every": rows // REPEATS}))
    return History(database, tenant_id, queued, known)


def _poll(history: History) -> None:
    for job_id in history.known:
        with history.database.statements() as session:
            queries.get_job(session, history.tenant_id, job_id)


def _list(chosen: queries.JobFilter) -> Callable[[History], None]:
    def list_some(history: History) -> None:
        for _ in range(REPEATS):
            with history.database.statements() as session:
                listing.list_jobs(session, history.tenant_id, chosen, limit=50)

    return list_some


def _claim(history: History) -> None:
    for _ in range(REPEATS):
        with history.database.statements() as session:
            claimed = leases.claim(session, history.queued.pop(), worker="bench:1", lease_s=30.0)
            assert claimed is not None


ACTIONS: dict[str, Callable[[History], None]] = {
    "poll": _poll,
    "list": _list(queries.JobFilter()),
    "list of the failed": _list(queries.JobFilter(state="failed")),
    "list of a kind": _list(queries.JobFilter(kind="platform.sleep")),
    "claim": _claim,
}


def _seconds(action: Callable[[History], None], history: History) -> float:
    started_s = time.perf_counter()
    action(history)
    return time.perf_counter() - started_s
