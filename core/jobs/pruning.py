"""Pruning: final jobs past their tenant's retention go with all that belongs to them, in batches, and leave counts.

Their events stay behind where their partition will soon go as a whole (`core.jobs.dropping`): nobody sees them.

A batch locks its rows first, passing over those that somebody else holds, and looks afterwards who still needs them:
whoever comes to wait for a job locks it, too, and is seen here, or finds it gone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.clock import Monotonic
from core.database import Database
from core.jobs import partitions
from core.jobs.chores import take_turn
from core.jobs.dropping import span_left
from core.jobs.partitions import NOTHING, Span
from core.jobs.states import FINAL

FIRST_BATCH, LARGEST_BATCH = 100, 2_000
BATCH_S = 0.25
"""How long a batch should hold its locks; the next is made larger or smaller by how long the last one took."""
TURN_S = 20.0
"""How long a turn may take; the next one goes on."""
_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Place:
    """How far one tenant's jobs were looked at, in order of their ends."""

    ended_at: datetime | str = "-infinity"
    job_id: UUID = _FIRST


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of one batch: how many jobs were looked at and pruned, and where the last of them stood."""

    seen: int
    pruned: int
    last: Place


def prune(database: Database, *, retention: timedelta, every_s: float, monotonic: Monotonic) -> int:
    """Prune if it is our turn, for `TURN_S` at most; return how many jobs went."""
    with database.transaction() as session:
        if not take_turn(session, "prune", every_s=every_s):
            return 0
    give_up_at = monotonic() + TURN_S
    with database.statements() as session:
        owing = session.execute(_OWING, {"default": retention}).all()
        there = partitions.read_partitions(session)
    pruned = 0
    for tenant_id, age in owing:
        left = span_left(there, age=age, retention=retention)
        for batch in prune_tenant(database, tenant_id, age=age, left=left, monotonic=monotonic):
            pruned += batch.pruned
            if monotonic() >= give_up_at:
                return pruned
    return pruned


def prune_tenant(
    database: Database, tenant_id: UUID, *, age: timedelta, monotonic: Monotonic, left: Span = NOTHING
) -> Iterator[Batch]:
    """Prune one tenant's jobs that ended longer ago than `age`, each batch a transaction of its own.

    The events of jobs with ids of `left` stay behind.
    """
    limit, place = FIRST_BATCH, Place()
    while True:
        began_at = monotonic()
        with database.transaction() as session:
            batch = prune_batch(session, tenant_id, age=age, limit=limit, after=place, left=left)
        yield batch
        if batch.seen < limit:
            return
        place, limit = batch.last, _fitting(limit, monotonic() - began_at)


def prune_batch(
    session: Session, tenant_id: UUID, *, age: timedelta, limit: int, after: Place, left: Span = NOTHING
) -> Batch:
    """Delete those of the next jobs in order of their ends that nobody needs any more."""
    key = {"tenant_id": tenant_id, "age": age}
    place = {"ended_at": after.ended_at, "job_id": after.job_id, "limit": limit}
    rows = session.execute(_LOCK, {**key, **place}).all()
    if not rows:
        return Batch(0, 0, after)
    ids = [row.id for row in rows]
    eventful = [job_id for job_id in ids if not left.holds(job_id)]
    pruned = session.execute(_PRUNE, {**key, "ids": ids, "eventful": eventful}).scalar_one()
    return Batch(len(rows), int(pruned), Place(rows[-1].finished_at, rows[-1].id))


def _fitting(limit: int, took_s: float) -> int:
    """Return how many jobs fit `BATCH_S`, going by the last batch, but at most twice as many as there."""
    return max(1, min(LARGEST_BATCH, 2 * limit, int(limit * BATCH_S / max(took_s, 0.001))))


_ENDED = "state IN ({})".format(", ".join(f"'{state}'" for state in sorted(FINAL)))
_OPEN = _ENDED.replace("state IN", "state NOT IN")

_OWING = text(
    """
SELECT id, age
FROM tenants, LATERAL (SELECT coalesce(make_interval(days => retention_days), :default) AS age) AS rule
WHERE EXISTS (SELECT FROM jobs WHERE jobs.tenant_id = tenants.id AND jobs.finished_at < now() - age)
ORDER BY random()
"""
)
"""In any order: where there is too much for one turn, no tenant is always the last."""

_LOCK = text(
    f"""
SELECT id, finished_at FROM jobs
WHERE tenant_id = :tenant_id AND (finished_at, id) > (CAST(:ended_at AS timestamptz), :job_id)
  AND finished_at < now() - :age AND {_ENDED}
ORDER BY finished_at, id LIMIT :limit FOR UPDATE SKIP LOCKED
"""  # noqa: S608 - made of the constants above, never of input
)

_PRUNE = text(
    f"""
WITH old AS MATERIALIZED (
  SELECT id, tenant_id, kind, state, inputs, workflow_id, date_trunc('day', created_at) AS day FROM jobs
  WHERE id = ANY(:ids)
    AND NOT EXISTS (
      SELECT FROM jobs AS parent
      WHERE parent.id = jobs.parent_id AND (parent.{_OPEN} OR parent.finished_at >= now() - :age))
    AND NOT EXISTS (
      SELECT FROM job_dependencies AS edge JOIN jobs AS dependent ON dependent.id = edge.job_id
      WHERE edge.on_job_id = jobs.id AND dependent.{_OPEN})
    AND NOT EXISTS (
      SELECT FROM artifacts JOIN jobs AS reader ON reader.inputs @> ARRAY[artifacts.id] AND reader.inputs <> '{{}}'
      WHERE artifacts.job_id = jobs.id AND reader.{_OPEN})
    AND (workflow_id IS NULL OR workflow_id NOT IN (
      SELECT step.workflow_id FROM jobs AS step
      WHERE step.workflow_id IN (SELECT workflow_id FROM jobs WHERE id = ANY(:ids))
        AND (step.{_OPEN} OR step.finished_at >= now() - :age)))
), counted AS (
  INSERT INTO pruned_counts (tenant_id, kind, state, day, count)
  SELECT tenant_id, kind, state, day, count(*) FROM old GROUP BY tenant_id, kind, state, day
  ON CONFLICT (tenant_id, kind, state, day) DO UPDATE SET count = pruned_counts.count + excluded.count
), unread AS (
  UPDATE artifacts SET expires_at = now() WHERE job_id IS NULL AND id IN (SELECT unnest(inputs) FROM old)
), no_events AS (
  DELETE FROM job_events WHERE job_id = ANY(CAST(:eventful AS uuid[])) AND job_id IN (SELECT id FROM old)
),
no_lines AS (DELETE FROM job_log_lines WHERE job_id IN (SELECT id FROM old)),
no_secrets AS (DELETE FROM sealed_params WHERE owner_id IN (SELECT id FROM old)),
no_snapshots AS (DELETE FROM job_snapshots WHERE job_id IN (SELECT id FROM old)),
no_reservations AS (DELETE FROM window_reservations WHERE job_id IN (SELECT id FROM old)),
no_artifacts AS (DELETE FROM artifacts WHERE job_id IN (SELECT id FROM old)),
no_edges AS (
  DELETE FROM job_dependencies WHERE job_id IN (SELECT id FROM old) OR on_job_id IN (SELECT id FROM old)
), no_steps AS (DELETE FROM workflow_steps WHERE job_id IN (SELECT id FROM old)),
no_workflows AS (
  DELETE FROM workflows WHERE id IN (SELECT workflow_id FROM old) AND NOT EXISTS (
    SELECT FROM jobs AS step WHERE step.workflow_id = workflows.id AND step.id NOT IN (SELECT id FROM old))
), gone AS (DELETE FROM jobs WHERE id IN (SELECT id FROM old))
SELECT count(*) FROM old
"""  # noqa: S608 - made of the constants above, never of input
)
