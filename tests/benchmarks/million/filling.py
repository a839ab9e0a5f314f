"""Filling: a table of old jobs with part of their events, and jobs that all become due at one instant."""

import random
import uuid
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from core.catalogue import discover
from core.clock import utc_now
from core.database import Database
from core.jobs.insertion import insert_jobs
from core.jobs.submission import JobRequest, job_row
from core.platform.access import Principal, Role
from core.platform.tenants import ensure_tenant

BATCH = 1_000
PORTION = 100_000
DUE_TAG = "due"

# Ids as the platform makes them; of a hundred jobs ninety succeeded, and one in ten still has its events.
_HISTORY = text(
    """
WITH filled AS (
  INSERT INTO jobs (id, tenant_id, kind, kind_version, state, version, queue, priority, params, params_hash, attempt,
                    max_attempts, timeout_s, created_at, queued_at, started_at, finished_at, result, error, usage)
  SELECT (lpad(to_hex(1700000000000 + n), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0') || '8'
            || substr(md5(n::text), 1, 15))::uuid,
         :tenant_id, 'platform.' || (ARRAY['echo', 'sleep', 'fail'])[1 + n % 3], 1, state, 4, 'default', n % 10,
         jsonb_build_object('n', n), md5(n::text), 1, 3, 300, at, at, at, at,
         CASE state WHEN 'succeeded' THEN jsonb_build_object('n', n) END,
         CASE state WHEN 'failed' THEN '{"code": "no_water", "message": "dry"}'::jsonb END, '{"run_s": 0.01}'
  FROM (SELECT n, now() - interval '29 days' * random() AS at,
               CASE WHEN n % 100 < 90 THEN 'succeeded' WHEN n % 100 < 95 THEN 'failed'
                    WHEN n % 100 < 98 THEN 'cancelled' ELSE 'expired' END AS state
        FROM generate_series(:first, :last) AS n) AS row
  RETURNING id, state
)
INSERT INTO job_events (job_id, seq, type, attempt)
SELECT id, seq, 'job.' || CASE seq WHEN 4 THEN state ELSE (ARRAY['submitted', 'queued', 'claimed'])[seq] END,
       (seq > 2)::int
FROM filled, generate_series(1, 4) AS seq WHERE get_byte(uuid_send(id), 15) < 26
"""
)
_TIDY = text("VACUUM ANALYZE jobs, job_events, job_outbox")


def fill(database: Database, count: int) -> Principal:
    """Add so many final jobs of a tenant, and let the planner know of them; return somebody of that tenant."""
    with database.transaction() as session:
        principal = Principal(uuid.uuid4(), ensure_tenant(session, "bench"), Role.ADMIN, "bench")
    for first in range(1, count + 1, PORTION):
        given = {"tenant_id": principal.tenant_id, "first": first, "last": min(count, first + PORTION - 1)}
        with database.transaction() as session:
            session.execute(_HISTORY, given)
    tidy(database)
    return principal


def tidy(database: Database) -> None:
    """Let the planner know what is there."""
    with database.statements() as session:
        session.execute(_TIDY)


def submit(database: Database, principal: Principal, count: int, *, run_at: datetime | None, tag: str) -> list[UUID]:
    """Submit echo jobs of any priority; return their ids."""
    echo, rng = discover().find("platform.echo"), random.Random(count)
    rows = [
        job_row(
            principal,
            JobRequest(echo, {"n": n}, priority=rng.randint(0, 9), run_at=run_at, tags=[tag]),
            now=utc_now(),
        )
        for n in range(count)
    ]
    for start in range(0, count, BATCH):
        with database.transaction() as session:
            insert_jobs(session, rows[start : start + BATCH])
    return [UUID(row["id"]) for row in rows]
