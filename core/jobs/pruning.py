"""Pruning: what is old goes, in batches, and leaves counts behind."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.database import Database
from core.jobs.chores import take_turn
from core.storage import Storage

BATCH = 1_000
IDEMPOTENCY_LIFE = timedelta(days=7)
ORPHAN_AGE = timedelta(hours=6)
"""Bytes without a row are kept this long: an attempt may be about to record them."""

_PRUNE = text(
    """
WITH old AS (
  SELECT id, tenant_id, kind, state, date_trunc('day', created_at) AS day FROM jobs
  WHERE state IN ('succeeded', 'failed', 'cancelled', 'expired') AND finished_at < now() - :age
  ORDER BY id LIMIT :batch FOR UPDATE SKIP LOCKED
), counted AS (
  INSERT INTO pruned_counts (tenant_id, kind, state, day, count)
  SELECT tenant_id, kind, state, day, count(*) FROM old GROUP BY tenant_id, kind, state, day
  ON CONFLICT (tenant_id, kind, state, day) DO UPDATE SET count = pruned_counts.count + excluded.count
), no_events AS (DELETE FROM job_events WHERE job_id IN (SELECT id FROM old)),
no_lines AS (DELETE FROM job_log_lines WHERE job_id IN (SELECT id FROM old)),
no_artifacts AS (DELETE FROM artifacts WHERE job_id IN (SELECT id FROM old)),
gone AS (DELETE FROM jobs WHERE id IN (SELECT id FROM old))
SELECT count(*) FROM old
"""
)


def prune(database: Database, storage: Storage, *, retention: timedelta, every_s: float) -> dict[str, int]:
    """Take away what is past its time if it is our turn; return how much of each sort went."""
    with database.transaction() as session:
        if not take_turn(session, "prune", every_s=every_s):
            return {}
    jobs = 0
    while True:
        with database.transaction() as session:
            batch = prune_jobs(session, retention=retention)
        jobs += batch
        if batch < BATCH:
            break
    with database.transaction() as session:
        uploads, keys = expire_uploads(session), expire_keys(session)
    return {"jobs": jobs, "uploads": uploads, "idempotency_keys": keys, "blobs": drop_orphans(database, storage)}


def prune_jobs(session: Session, *, retention: timedelta, batch: int = BATCH) -> int:
    """Delete one batch of final jobs older than the retention with all that belongs to them; return how many."""
    return int(session.execute(_PRUNE, {"age": retention, "batch": batch}).scalar_one())


def expire_uploads(session: Session) -> int:
    """Forget the uploads that no job came to name."""
    return _deleted(session, "DELETE FROM artifacts WHERE expires_at < now()", {})


def expire_keys(session: Session) -> int:
    """Forget idempotency keys that no client will repeat any more."""
    return _deleted(session, "DELETE FROM idempotency_keys WHERE created_at < now() - :age", {"age": IDEMPOTENCY_LIFE})


def drop_orphans(database: Database, storage: Storage) -> int:
    """Delete stored bytes that no row names and that are too old to be named soon."""
    dropped = 0
    with database.statements() as session:
        newest = session.execute(text("SELECT extract(epoch FROM now())")).scalar_one()
        for name, modified_at in storage.names():
            if float(newest) - modified_at < ORPHAN_AGE.total_seconds():
                continue
            if session.execute(text("SELECT 1 FROM artifacts WHERE sha256 = :name LIMIT 1"), {"name": name}).first():
                continue
            storage.delete(name)
            dropped += 1
    return dropped


def _deleted(session: Session, statement: str, params: dict[str, timedelta]) -> int:
    return len(session.execute(text(statement + " RETURNING 1"), params).all())
