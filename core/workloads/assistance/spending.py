"""Spending: what a tenant's assistance cost, read from the results of its jobs, which say it to the last digit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Spent:
    """What one day's calls of one sort came to."""

    day: date
    kind: str
    source: str
    model: str | None
    outcome: str
    """`answered`, or the code of what was in the way."""
    calls: int
    input_tokens: int
    output_tokens: int
    cost_usd: Decimal


@dataclass(frozen=True, slots=True)
class Spender:
    """What one principal's jobs came to."""

    principal_id: UUID | None
    jobs: int
    cost_usd: Decimal


def read_spent(session: Session, tenant_id: UUID, *, days: int) -> Sequence[Spent]:
    """Return what was spent in the last so many days by day, newest first, each way that was tried by itself."""
    return [Spent(*row) for row in session.execute(_SPENT, {"tenant_id": tenant_id, "days": days})]


def read_spenders(session: Session, tenant_id: UUID, *, days: int) -> Sequence[Spender]:
    """Return who spent it, the most first."""
    return [Spender(*row) for row in session.execute(_SPENDERS, {"tenant_id": tenant_id, "days": days})]


_LATELY = """
jobs.tenant_id = :tenant_id AND kind LIKE 'assistance.%' AND state = 'succeeded'
  AND finished_at > now() - make_interval(days => :days)
"""
_SPENT = text(
    f"""
SELECT (finished_at AT TIME ZONE 'UTC')::date, kind, way->>'source', way->>'model', way->>'outcome', count(*),
  sum((way->>'input_tokens')::bigint), sum((way->>'output_tokens')::bigint), sum((way->>'cost_usd')::numeric)
FROM jobs CROSS JOIN LATERAL jsonb_array_elements(result->'tried') AS way
WHERE {_LATELY} GROUP BY 1, 2, 3, 4, 5 ORDER BY 1 DESC, 9 DESC, 2, 3, 4, 5
"""  # noqa: S608 - constants
)
_SPENDERS = text(
    f"""
SELECT submitted_by, count(*), sum((result->>'cost_usd')::numeric) FROM jobs
WHERE {_LATELY} AND jsonb_exists(result, 'tried') -- an orchestration's cost is that of its steps
GROUP BY submitted_by ORDER BY 3 DESC, 2 DESC, 1 LIMIT 100
"""  # noqa: S608 - constants
)
