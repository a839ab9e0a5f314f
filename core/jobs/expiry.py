"""Expiry: uploads that no job reads, keys that no client repeats, runs and counts that nobody asks about any more."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.clock import Monotonic, database_now
from core.database import Database
from core.jobs.chores import take_turn
from core.platform.bus import history

BATCH = 1_000
IDEMPOTENCY_LIFE = timedelta(days=7)
COUNTS_LIFE = timedelta(days=730)
"""How long is known by day how many jobs were pruned."""
TURN_S = 20.0


def expire(database: Database, *, retention: timedelta, every_s: float, monotonic: Monotonic) -> dict[str, int]:
    """Forget what is past its time if it is our turn, for about `TURN_S` at most; return how much of each sort went."""
    with database.transaction() as session:
        if not take_turn(session, "expire", every_s=every_s):
            return {}
    give_up_at = monotonic() + TURN_S
    sorts = {
        "uploads": expire_uploads,
        "idempotency_keys": expire_keys,
        "schedule_runs": expire_runs,
        "trigger_runs": expire_trigger_runs,
        "pruned_counts": expire_counts,
        "events": expire_events,
    }
    gone = dict.fromkeys(sorts, 0)
    for name, expire_batch in sorts.items():
        seen = BATCH
        while seen >= BATCH and monotonic() < give_up_at:
            with database.transaction() as session:
                seen, went = expire_batch(session, retention=retention)
            gone[name] += went
    return gone


def expire_uploads(session: Session, *, retention: timedelta) -> tuple[int, int]:
    """Look at a batch of uploads whose time is over: those that a job or schedule names stay for as long as it does.

    Returns, as all here do, how many were looked at and how many went.
    """
    del retention
    seen, went = session.execute(_UPLOADS, {"limit": BATCH}).one()
    return int(seen), int(went)


def expire_keys(session: Session, *, retention: timedelta) -> tuple[int, int]:
    """Forget a batch of idempotency keys: after a week, or when the job or workflow is gone that they stand for."""
    params = {"limit": BATCH, "life": IDEMPOTENCY_LIFE, "default": retention}
    went = len(session.execute(_KEYS, params).all())
    return went, went


def expire_runs(session: Session, *, retention: timedelta) -> tuple[int, int]:
    """Forget a batch of what became of fire times longer ago than jobs are kept; schedules only look ahead."""
    went = len(session.execute(_RUNS, {"limit": BATCH, "default": retention}).all())
    return went, went


def expire_trigger_runs(session: Session, *, retention: timedelta) -> tuple[int, int]:
    """Forget a batch of what became of events longer ago than events are kept themselves."""
    del retention
    went = len(session.execute(_TRIGGER_RUNS, {"limit": BATCH, "life": history.KEPT_FOR}).all())
    return went, went


def expire_counts(session: Session, *, retention: timedelta) -> tuple[int, int]:
    """Forget a batch of counts of jobs that were pruned long ago."""
    del retention
    went = len(session.execute(_COUNTS, {"limit": BATCH, "life": COUNTS_LIFE}).all())
    return went, went


def expire_events(session: Session, *, retention: timedelta) -> tuple[int, int]:
    """Forget a batch of the bus's events that are older than they are kept."""
    del retention
    went = history.forget_old(session, database_now(session), limit=BATCH)
    return went, went


_AGE = "coalesce(make_interval(days => tenants.retention_days), :default)"

# A schedule's params are read as text: there are few schedules, and a wrong guess only keeps an upload.
_UPLOADS = text(
    """
WITH due AS MATERIALIZED (
  SELECT id, tenant_id FROM artifacts WHERE expires_at < now() AND job_id IS NULL
  LIMIT :limit FOR UPDATE SKIP LOCKED
), judged AS MATERIALIZED (
  SELECT id, EXISTS (SELECT FROM jobs WHERE inputs @> ARRAY[due.id] AND inputs <> '{}') OR EXISTS (
    SELECT FROM schedules WHERE tenant_id = due.tenant_id AND strpos(params::text, due.id::text) > 0) AS named FROM due
), kept AS (
  UPDATE artifacts SET expires_at = NULL FROM judged WHERE artifacts.id = judged.id AND named
), gone AS (
  DELETE FROM artifacts USING judged WHERE artifacts.id = judged.id AND NOT named
)
SELECT count(*), count(*) FILTER (WHERE NOT named) FROM judged
"""
)
_KEYS = text(
    f"""
DELETE FROM idempotency_keys WHERE ctid = ANY(ARRAY(
  SELECT aged.ctid FROM idempotency_keys AS aged JOIN tenants ON tenants.id = aged.tenant_id
  WHERE aged.created_at < now() - least(:life, {_AGE})
    AND (aged.created_at < now() - :life OR NOT EXISTS (
      SELECT FROM jobs WHERE jobs.id = aged.job_id
      UNION ALL SELECT FROM workflows WHERE workflows.id = aged.job_id))
  LIMIT :limit FOR UPDATE OF aged SKIP LOCKED))
RETURNING 1
"""  # noqa: S608 - made of the constant above, never of input
)
_RUNS = text(
    f"""
DELETE FROM schedule_runs WHERE ctid = ANY(ARRAY(
  SELECT run.place FROM schedules JOIN tenants ON tenants.id = schedules.tenant_id, LATERAL (
    SELECT ctid AS place FROM schedule_runs
    WHERE schedule_id = schedules.id AND fire_at < now() - {_AGE} AND recorded_at < now() - {_AGE}
  ) AS run
  LIMIT :limit))
RETURNING 1
"""  # noqa: S608 - made of the constant above, never of input
)
_TRIGGER_RUNS = text(
    """
DELETE FROM trigger_runs WHERE (trigger_id, event_id) IN (
  SELECT trigger_id, event_id FROM trigger_runs WHERE recorded_at < now() - :life LIMIT :limit
) RETURNING event_id
"""
)
_COUNTS = text(
    """
DELETE FROM pruned_counts WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM pruned_counts WHERE day < now() - CAST(:life AS interval) LIMIT :limit))
RETURNING 1
"""
)
