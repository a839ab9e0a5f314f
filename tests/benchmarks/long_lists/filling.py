"""Filling: a tenant's long history, made by the database itself: jobs, entries of the trail, events of the bus."""

import time
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import text

from core.database import Database

PORTION = 1_000_000
_DAYS = 29
_SECONDARY = text(
    """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = current_schema() AND tablename IN ('jobs', 'audit_entries', 'bus_events')
  AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""
)

# Jobs of 29 days in order of time, ids as the platform makes them. Of a thousand 5 are open, 930 succeeded; a tenth has
# a common tag, one in a hundred thousand a rare one; one in four is of the science queue; few have schedule or parent.
_JOBS = text(
    """
INSERT INTO jobs (id, tenant_id, kind, kind_version, state, version, queue, priority, params, params_hash, tags,
                  unique_key, schedule_id, parent_id, shard_stage, shard_index, attempt, max_attempts, timeout_s,
                  created_at, queued_at, due_at, started_at, finished_at, result, error, usage)
SELECT (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0')
          || '8' || substr(md5(n::text), 1, 15))::uuid,
       CAST(:tenant_id AS uuid), (ARRAY['platform.echo', 'platform.sleep', 'pumping.replan', 'causal.update',
         'windows.profile', 'code.run', 'platform.pi_shard'])[1 + n % 7], 1, state, 4,
       CASE WHEN n % 4 = 0 THEN 'science' ELSE 'default' END, n % 10, jsonb_build_object('n', n), md5(n::text),
       CASE WHEN n % 100000 = 0 THEN ARRAY['rare'] WHEN n % 10 = 0 THEN ARRAY['nightly'] ELSE '{}' END,
       CASE WHEN n % 1000 = 0 THEN 'key-' || n END,
       CASE WHEN n % 50 = 1 THEN md5('schedule' || n % 100)::uuid END,
       CASE WHEN n % 7 = 6 THEN md5('parent' || n / 700)::uuid END, CASE WHEN n % 7 = 6 THEN 0 END,
       CASE WHEN n % 7 = 6 THEN n % 700 END, 1, 3, 300, at, at, at + interval '30 days',
       CASE WHEN is_final OR state = 'running' THEN at + interval '1 second' END,
       CASE WHEN is_final THEN at + interval '2 seconds' * (1 + n % 60) END,
       CASE state WHEN 'succeeded' THEN jsonb_build_object('n', n) END,
       CASE state WHEN 'failed' THEN '{"code": "no_water", "message": "dry"}'::jsonb END,
       '{"run_s": 0.01, "cpu_s": 0.01}'
FROM (SELECT n, at, state, state IN ('succeeded', 'failed', 'cancelled', 'expired') AS is_final
      FROM (SELECT n, now() - interval '1 day' * :days * (1.0 - n / CAST(:rows AS float8)) AS at,
                   CASE WHEN n % 1000 < 930 THEN 'succeeded' WHEN n % 1000 < 970 THEN 'failed'
                        WHEN n % 1000 < 985 THEN 'cancelled' WHEN n % 1000 < 995 THEN 'expired'
                        WHEN n % 10000 >= 9995 THEN (ARRAY['scheduled', 'retryable', 'queued'])[1 + n % 3]
                        ELSE 'succeeded' END AS state
            FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n) AS drawn) AS row
"""
)
_TRAIL = text(
    """
INSERT INTO audit_entries (id, tenant_id, at, actor_id, actor, role, action, path, outcome, status, code, request_id)
SELECT (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0')
          || '8' || substr(md5('audit' || n), 1, 15))::uuid,
       CAST(:tenant_id AS uuid), at, md5('actor' || n % 50)::uuid, 'actor ' || n % 50, 'operator',
       (ARRAY['POST /jobs', 'POST /jobs/bulk', 'POST /schedules', 'DELETE /keys/<uuid:key_id>'])[1 + n % 4],
       '/api/v1/jobs', CASE WHEN n % 20 = 0 THEN 'denied' ELSE 'done' END, CASE WHEN n % 20 = 0 THEN 403 ELSE 202 END,
       CASE WHEN n % 20 = 0 THEN 'forbidden' END, md5('request' || n)
FROM (SELECT n, now() - interval '1 day' * :days * (1.0 - n / CAST(:rows AS float8)) AS at
      FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n) AS row
"""
)
_EVENTS = text(
    """
INSERT INTO bus_events (id, tenant_id, topic, subject, data, at, seq)
SELECT md5('event' || n)::uuid, CAST(:tenant_id AS uuid),
       (ARRAY['domain.window_ready', 'domain.drift_detected', 'causal.edges_changed'])[1 + n % 3],
       'subject-' || n % 1000, jsonb_build_object('n', n),
       now() - interval '14 days' * (1.0 - n / CAST(:rows AS float8)), n
FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n
"""
)
_SEQUENCE = text("SELECT setval('bus_event_seq', :rows)")
_TIDY = text("VACUUM ANALYZE jobs, audit_entries, bus_events")


def fill(database: Database, tenant_id: UUID, rows: int, *, say: Callable[[str], None]) -> None:
    """Give a tenant so many jobs, a tenth as many entries and events each; indexes are made afterwards."""
    began_at = time.monotonic()
    with database.statements() as session:
        indexes = session.execute(_SECONDARY).all()
        for name, _ in indexes:
            session.execute(text(f'DROP INDEX "{name}"'))
    for statement, count in ((_JOBS, rows), (_TRAIL, rows // 10), (_EVENTS, rows // 5)):
        for first in range(1, count + 1, PORTION):
            given = {"first": first, "last": min(count, first + PORTION - 1), "rows": count, "days": _DAYS}
            wanted = {name: given[name] for name in statement.compile().params if name in given}
            with database.transaction() as session:
                session.execute(statement, {**wanted, "tenant_id": tenant_id})
        say(f"  {count:,} rows of {str(statement).split()[2]} after {time.monotonic() - began_at:.0f} s")
    with database.transaction() as session:
        session.execute(text("SET LOCAL maintenance_work_mem = '1GB'"))
        session.execute(_SEQUENCE, {"rows": rows // 10})
        for _, definition in indexes:
            session.execute(text(definition))
    say(f"  {len(indexes)} indexes after {time.monotonic() - began_at:.0f} s")
    with database.statements() as session:
        session.execute(_TIDY)
