"""This file is about scoring customers: how lately, how often and for how much they bought, in fifths.

Ties never straddle two fifths: a score follows from the share of the others that are worse (`percent_rank`), which is
equal for equal values. Without ties it is `pandas.qcut(ranks, 5)`.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

FEWEST = 25
"""Fewer customers make no fifths."""
LABELS = ("champions", "loyal", "potential_loyal", "new", "at_risk", "hibernating", "others")


def score(session: Session, tenant_id: UUID, now: datetime, days: int) -> dict[str, int]:
    """Score everybody who bought within some days, and forget the scores of all others; count by label.

    With fewer than `FEWEST` customers nobody is scored.
    """
    given = {"tenant_id": tenant_id, "now": now, "since": now - timedelta(days=days), "fewest": FEWEST}
    session.execute(_SCORE, given)
    session.execute(_FORGET, given)
    counts = {row.label: row.people for row in session.execute(_COUNT, given)}
    return {label: counts.get(label, 0) for label in LABELS}


def _fifth(order: str) -> str:
    """Write the expression of a score: the fifth in which the share of those who come before lies, its end included."""
    rank = f"rank() OVER (ORDER BY {order})"
    return f"greatest(1, (5 * ({rank} - 1) + people - 2) / (people - 1))::int"


_SCORE = text(
    f"""
WITH bought AS (
  SELECT seen.profile_id, max(event.at) AS last_at, count(*) AS times, sum(event.revenue) AS paid
  FROM customer_events AS event JOIN customer_sightings AS seen ON seen.id = event.sighting_id
  WHERE event.tenant_id = :tenant_id AND seen.tenant_id = :tenant_id AND seen.profile_id IS NOT NULL
    AND event.revenue > 0 AND event.at > :since AND event.at <= :now
  GROUP BY seen.profile_id
), counted AS (
  SELECT *, count(*) OVER () AS people FROM bought
), scored AS (
  SELECT profile_id, {_fifth("last_at")} AS recency, {_fifth("times")} AS frequency, {_fifth("paid")} AS monetary
  FROM counted WHERE people >= :fewest
)
INSERT INTO customer_scores AS kept (tenant_id, profile_id, recency, frequency, monetary, label, scored_at)
SELECT :tenant_id, profile_id, recency, frequency, monetary, CASE
    WHEN recency = 5 AND frequency = 5 AND monetary = 5 THEN 'champions'
    WHEN recency >= 4 AND frequency >= 4 AND monetary >= 4 THEN 'loyal'
    WHEN recency = 5 AND frequency = 1 AND monetary = 1 THEN 'new'
    WHEN recency >= 4 AND frequency IN (2, 3) AND monetary IN (2, 3) THEN 'potential_loyal'
    WHEN recency IN (2, 3) AND frequency >= 4 AND monetary >= 4 THEN 'at_risk'
    WHEN recency <= 2 AND frequency <= 2 AND monetary <= 2 THEN 'hibernating'
    ELSE 'others' END, :now
FROM scored
ON CONFLICT (tenant_id, profile_id) DO UPDATE SET
  recency = excluded.recency, frequency = excluded.frequency, monetary = excluded.monetary,
  label = excluded.label, scored_at = excluded.scored_at
"""  # noqa: S608 - made of constants
)
_FORGET = text("DELETE FROM customer_scores WHERE tenant_id = :tenant_id AND scored_at <> :now")
_COUNT = text("SELECT label, count(*) AS people FROM customer_scores WHERE tenant_id = :tenant_id GROUP BY label")
