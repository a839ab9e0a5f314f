"""The invariants of what belongs together: workflows, shards, schedules, batches, jobs of one concurrency key."""

from uuid import UUID

from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.platform import pi
from tests.acceptance.faults.rig import Rig

_FINAL = "('succeeded', 'failed', 'cancelled', 'expired')"
_MARKS = "('job.progress', 'job.cancel_requested')"

_WORKFLOWS: dict[str, str] = {
    "a workflow beside its key": "SELECT id FROM workflows WHERE id NOT IN (SELECT job_id FROM idempotency_keys)",
    "a step without its job": "SELECT job_id AS id FROM workflow_steps WHERE job_id NOT IN (SELECT id FROM jobs)",
    "params other than what the steps before left": """
        SELECT joined.id FROM workflow_steps AS step JOIN workflow_steps AS first USING (workflow_id)
        JOIN jobs AS joined ON joined.id = step.job_id JOIN jobs AS source ON source.id = first.job_id
        WHERE step.name = 'join' AND first.name = 'source' AND joined.state = 'succeeded' AND (
          joined.result -> 'left' IS DISTINCT FROM source.result -> 'n'
          OR joined.result -> 'right' IS DISTINCT FROM source.result)""",
    "went on though what it waits for did not succeed": """
        SELECT job.id FROM jobs AS job JOIN job_dependencies AS edge ON edge.job_id = job.id
        JOIN jobs AS other ON other.id = edge.on_job_id
        WHERE NOT tolerant AND other.state <> 'succeeded' AND job.state = 'succeeded'""",
}
_SHARDS: dict[str, str] = {
    "an open shard of a final parent": f"""
        SELECT shard.id FROM jobs AS shard JOIN jobs AS parent ON parent.id = shard.parent_id
        WHERE parent.state IN {_FINAL} AND shard.state NOT IN {_FINAL}""",
    "a shard without its parent": """
        SELECT id FROM jobs WHERE parent_id IS NOT NULL AND parent_id NOT IN (SELECT id FROM jobs)""",
    "a shard twice": """
        SELECT parent_id AS id FROM jobs WHERE parent_id IS NOT NULL
        GROUP BY parent_id, shard_stage, shard_index HAVING count(*) > 1""",
    "a parent that succeeded without all its shards": """
        SELECT parent.id FROM jobs AS parent WHERE kind = 'platform.pi' AND state = 'succeeded' AND (
          SELECT count(*) FROM jobs AS shard WHERE shard.parent_id = parent.id AND shard.state = 'succeeded'
          AND shard.finished_at <= parent.finished_at) <> (params ->> 'shards')::int""",
    "a parent that failed though its shards succeeded": """
        SELECT parent.id FROM jobs AS parent WHERE error ->> 'code' = 'shards_failed' AND NOT EXISTS (
          SELECT FROM jobs AS shard WHERE shard.parent_id = parent.id AND shard.state <> 'succeeded')""",
    "a shard that ended as it must not": """
        SELECT shard.id, shard.state FROM jobs AS shard JOIN jobs AS parent ON parent.id = shard.parent_id
        WHERE shard.state <> 'succeeded' AND parent.state = 'succeeded'
          OR shard.state = 'failed' AND shard.error ->> 'code' <> 'worker_lost'""",
}
_SCHEDULES: dict[str, str] = {
    "a fire time with two jobs": """
        SELECT schedule_id AS id, fire_at FROM schedule_runs JOIN jobs USING (schedule_id)
        WHERE run_at = fire_at GROUP BY schedule_id, fire_at HAVING count(*) > 1""",
    "a fire time without its job": """
        SELECT schedule_id AS id, fire_at FROM schedule_runs
        WHERE outcome = 'submitted' AND (job_id IS NULL OR job_id NOT IN (SELECT id FROM jobs))""",
    "a schedule's job without its fire time": """
        SELECT id FROM jobs WHERE schedule_id IS NOT NULL
        AND id NOT IN (SELECT job_id FROM schedule_runs WHERE job_id IS NOT NULL)""",
    "a job of two fire times": "SELECT job_id AS id FROM schedule_runs GROUP BY job_id HAVING count(job_id) > 1",
    "a fire time left out": """
        SELECT id FROM schedules JOIN schedule_runs ON schedule_id = id GROUP BY id
        HAVING count(*) <> 1 + round(extract(epoch FROM max(fire_at) - min(fire_at)) / every_s)""",
    "a fire time that was refused": """
        SELECT schedule_id AS id, fire_at, detail FROM schedule_runs WHERE outcome NOT IN ('submitted', 'overlapped')
        AND NOT (outcome = 'missed' AND recorded_at > fire_at + interval '60 seconds')""",
    "a schedule that never fired": "SELECT id FROM schedules WHERE id NOT IN (SELECT schedule_id FROM schedule_runs)",
}
_OTHERS: dict[str, str] = {
    "two at once under one concurrency key": f"""
        WITH held AS (
          SELECT job_id AS id, unnest(gates) AS gate, type, event.at AS since,
                 lead(event.at, 1, 'infinity') OVER (PARTITION BY job_id, gates ORDER BY seq) AS until
          FROM job_events AS event JOIN jobs ON id = job_id WHERE gates <> '{{}}' AND type NOT IN {_MARKS})
        SELECT one.id, other.id AS beside FROM held AS one JOIN held AS other USING (gate)
        WHERE one.type = 'job.claimed' AND other.type = 'job.claimed' AND one.id <> other.id
          AND one.since <= other.since AND other.since < one.until""",
    "a batch that is not whole, or there twice": """
        SELECT min(id::text) AS id, tags[2] FROM jobs WHERE tags[2] LIKE 'batch-%' GROUP BY tags[2]
        HAVING count(*) <> split_part(tags[2], '-', 2)::int""",
}

QUERIES = _WORKFLOWS | _SHARDS | _SCHEDULES | _OTHERS


def differing(rig: Rig) -> tuple[str, ...]:
    """Name the sharded jobs whose result is not that of the same computation in this process, in one piece."""
    found = rig.query("SELECT id, params, result FROM jobs WHERE kind = 'platform.pi' AND state = 'succeeded'")
    return tuple(str(row.id) for row in found if row.result != _in_one_piece(row.id, row.params))


def _in_one_piece(job_id: UUID, params: dict[str, int]) -> dict[str, float]:
    return pi.compute({**params, "shards": 1}, JobContext(job_id, 1, 1, MemoryRecorder()))
