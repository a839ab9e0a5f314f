"""An overview of a tenant's jobs: how many are in which state, and how long those of late waited and ran."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

HOURS = 24
"""Over how long ends are looked at."""
MOST_ENDS = 10_000
"""Of how many of the latest ends percentiles are taken: as many as are read within a moment."""


@dataclass(frozen=True, slots=True)
class KindFigures:
    """The jobs of one kind: those that are open now, those that ended of late, and in which times."""

    kind: str
    running: int = 0
    queued: int = 0
    held: int = 0
    """Scheduled, waiting for others, or for another attempt."""
    succeeded: int = 0
    failed: int = 0
    wait_p50_s: float | None = None
    wait_p95_s: float | None = None
    run_p50_s: float | None = None
    run_p95_s: float | None = None


@dataclass(frozen=True, slots=True)
class Hour:
    """How many jobs ended in one hour."""

    hours_ago: int
    succeeded: int
    failed: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Each kind that has open jobs or had ends of late, the busiest first, and the latest hours, the oldest first."""

    kinds: Sequence[KindFigures]
    hours: Sequence[Hour]


def read_overview(session: Session, tenant_id: UUID) -> Overview:
    """Read how a tenant's jobs do; of all that ended within a day the latest are looked at, once."""
    given = {"tenant_id": tenant_id, "hours": HOURS, "most": MOST_ENDS}
    kinds, hours = session.execute(_OVERVIEW, given).one()
    found = {ago: Hour(ago, succeeded, failed) for ago, succeeded, failed in hours}
    return Overview(
        [KindFigures(*row) for row in kinds],
        [found.get(ago, Hour(ago, 0, 0)) for ago in range(HOURS - 1, -1, -1)],
    )


_OVERVIEW = text(
    """
WITH lately AS MATERIALIZED (
  SELECT kind, state, finished_at, extract(epoch FROM started_at - queued_at) AS wait_s,
    extract(epoch FROM finished_at - started_at) AS run_s
  FROM jobs
  WHERE tenant_id = :tenant_id AND finished_at IS NOT NULL AND finished_at > now() - make_interval(hours => :hours)
  ORDER BY finished_at DESC LIMIT :most
), ended AS (
  SELECT kind, count(*) FILTER (WHERE state = 'succeeded') AS succeeded,
    count(*) FILTER (WHERE state IN ('failed', 'expired')) AS failed,
    percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY wait_s) FILTER (WHERE wait_s >= 0) AS wait,
    percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY run_s) FILTER (WHERE run_s >= 0) AS run
  FROM lately GROUP BY kind
), open AS (
  SELECT kind, count(*) FILTER (WHERE state = 'running') AS running,
    count(*) FILTER (WHERE state = 'queued') AS queued,
    count(*) FILTER (WHERE state IN ('scheduled', 'waiting', 'retryable')) AS held
  FROM jobs
  WHERE tenant_id = :tenant_id AND state IN ('running', 'queued', 'scheduled', 'waiting', 'retryable')
    AND state <> 'succeeded'
  GROUP BY kind
), kinds AS (
  SELECT kind, coalesce(running, 0) AS running, coalesce(queued, 0) AS queued, coalesce(held, 0) AS held,
    coalesce(succeeded, 0) AS succeeded, coalesce(failed, 0) AS failed, wait, run
  FROM open FULL JOIN ended USING (kind)
), hours AS (
  SELECT floor(extract(epoch FROM now() - finished_at) / 3600)::int AS ago,
    count(*) FILTER (WHERE state = 'succeeded') AS succeeded,
    count(*) FILTER (WHERE state IN ('failed', 'expired')) AS failed
  FROM lately GROUP BY 1
)
SELECT
  (SELECT coalesce(jsonb_agg(jsonb_build_array(kind, running, queued, held, succeeded, failed,
     wait[1], wait[2], run[1], run[2]) ORDER BY running DESC, queued DESC, succeeded + failed DESC, kind), '[]')
   FROM kinds),
  (SELECT coalesce(jsonb_agg(jsonb_build_array(ago, succeeded, failed)), '[]') FROM hours)
"""
)
