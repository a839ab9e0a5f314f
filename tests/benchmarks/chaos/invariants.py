"""The invariants: what is true of every job once the storm is over, asked of the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chaos import family_invariants
from chaos.mixture import ENDS
from chaos.sorts import LOST
from tests.acceptance.faults.rig import Rig

_FINAL = "('job.succeeded', 'job.failed', 'job.cancelled', 'job.expired')"
_MARKS = "('job.progress', 'job.cancel_requested')"

QUERIES: dict[str, str] = {
    "stuck: not final": "SELECT id, state FROM jobs WHERE finished_at IS NULL",
    "not one recorded outcome for each finish": f"""
        SELECT job_id AS id, count(*) FILTER (WHERE type IN {_FINAL}) AS finals FROM job_events GROUP BY job_id
        HAVING count(*) FILTER (WHERE type IN {_FINAL}) <> 1 + count(*) FILTER (WHERE type = 'job.retried')""",
    "went on after its end": f"""
        SELECT job.id, event.type FROM jobs AS job JOIN job_events AS event
        ON event.job_id = job.id AND event.seq = job.version WHERE event.type NOT IN {_FINAL}""",
    "events with gaps": """
        SELECT job.id FROM jobs AS job LEFT JOIN (
          SELECT job_id, count(*) AS events, min(seq) AS first, max(seq) AS last FROM job_events GROUP BY job_id
        ) AS event ON event.job_id = job.id
        WHERE (events, first, last) IS DISTINCT FROM (job.version::bigint, 1, job.version)""",
    "claimed while another held it": f"""
        SELECT id FROM (SELECT job_id AS id, type, lag(type) OVER (PARTITION BY job_id ORDER BY seq) AS before
          FROM job_events WHERE type NOT IN {_MARKS}) AS step
        WHERE type = 'job.claimed' AND before NOT IN ('job.queued', 'job.rescued', 'job.released', 'job.retried')""",
    "succeeded without result or receipt": """
        SELECT id FROM jobs WHERE state = 'succeeded' AND (result IS NULL OR receipt IS NULL)""",
    "attempts beyond the maximum": "SELECT id, attempt FROM jobs WHERE attempt > max_attempts",
    "attempts that do not add up": """
        SELECT id FROM (SELECT job_id AS id, count(*) FILTER (WHERE type = 'job.claimed') AS claimed,
          count(*) FILTER (WHERE type IN ('job.released', 'job.waiting')) AS given_back
          FROM job_events GROUP BY job_id) AS event
        JOIN jobs USING (id) WHERE attempt <> claimed - given_back""",
    "worker lost with attempts left": f"""
        SELECT id FROM jobs WHERE error ->> 'code' = '{LOST}' AND state = 'failed' AND attempt < max_attempts""",
    "started before it was due": "SELECT id FROM jobs WHERE started_at < run_at",
    "started after its deadline": """
        SELECT id FROM jobs JOIN job_events AS event ON job_id = id
        WHERE event.type = 'job.claimed' AND event.at > deadline_at + interval '1 second'""",
    "began before what it waits for had succeeded": """
        SELECT job.id FROM jobs AS job JOIN job_dependencies AS edge ON edge.job_id = job.id
        JOIN jobs AS other ON other.id = edge.on_job_id
        WHERE job.started_at < other.finished_at OR (
          NOT tolerant AND job.started_at IS NOT NULL AND other.state <> 'succeeded')""",
    "failed though what it waits for succeeded": """
        SELECT id FROM jobs WHERE error ->> 'code' = 'dependency_failed' AND NOT EXISTS (
          SELECT FROM job_dependencies AS edge JOIN jobs AS other ON other.id = edge.on_job_id
          WHERE edge.job_id = jobs.id AND NOT tolerant AND other.state <> 'succeeded')""",
    "two living jobs under one unique key": """
        SELECT one.id FROM jobs AS one JOIN jobs AS other USING (tenant_id, unique_key)
        WHERE one.id < other.id AND other.created_at < one.finished_at AND one.created_at < other.finished_at""",
    "a key without its job": """
        SELECT job_id AS id FROM idempotency_keys
        WHERE job_id NOT IN (SELECT id FROM jobs UNION ALL SELECT id FROM workflows)""",
    "a job beside its key": """
        SELECT id FROM jobs WHERE cardinality(tags) = 1 AND workflow_id IS NULL AND schedule_id IS NULL
        AND id NOT IN (SELECT job_id FROM idempotency_keys)""",
    "messages or settlements left over": """
        SELECT job_id AS id FROM job_outbox UNION ALL SELECT job_id FROM job_settlements
        UNION ALL SELECT job_id FROM job_admissions""",
}


@dataclass(frozen=True, slots=True)
class Broken:
    """One invariant, and the jobs that break it."""

    name: str
    jobs: tuple[str, ...]


def check(rig: Rig, accepted: Mapping[str, str], cancelled: set[str]) -> list[Broken]:
    """Check every invariant; those that hold come with no jobs."""
    rows = {str(row.id): row for row in rig.query(_ALL)}
    found = [Broken("lost: accepted and not there", tuple(accepted.keys() - rows.keys()))]
    queries = QUERIES | family_invariants.QUERIES
    found += [Broken(name, tuple(_told(row) for row in rig.query(query))) for name, query in queries.items()]
    found += [Broken("shards that differ from the computation in one piece", family_invariants.differing(rig))]
    wrong = [_told(row) for row in rows.values() if row.finished_at is not None and not _right(row, cancelled)]
    return [*found, Broken("ended as it must not", tuple(wrong))]


def count_ends(rig: Rig) -> dict[str, dict[str, int]]:
    """Count the jobs of each sort by how they ended."""
    counts: dict[str, dict[str, int]] = {}
    for row in rig.query(_ALL):
        ends = counts.setdefault(row.sort, {})
        ends[_end(row)] = ends.get(_end(row), 0) + 1
    return counts


def _right(row: Any, cancelled: set[str]) -> bool:
    if row.sort not in ENDS or _end(row) in ENDS[row.sort]:
        return True
    if _end(row) == f"failed {LOST}":
        return bool(row.attempt == row.max_attempts)
    return _end(row) == "cancelled" and str(row.id) in cancelled


def _end(row: Any) -> str:
    return f"{row.state} {row.code}" if row.state == "failed" else str(row.state)


def _told(row: Any) -> str:
    return " ".join(str(value) if isinstance(value, UUID) else repr(value) for value in row)


_ALL = """
SELECT id, coalesce(tags[1], kind) AS sort, state, error ->> 'code' AS code, attempt, max_attempts, finished_at
FROM jobs
"""
