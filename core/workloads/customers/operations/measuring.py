"""Measuring: what came of a source's events in a window, counted where they are kept."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.workloads.customers.operations.models import EventRow, SourceHourRow, SourceRow
from core.workloads.customers.trust.joining import Measured

KEPT_FOR = timedelta(days=60)
"""How long it is known by the hour what was sent again or set aside."""


def count_faults(session: Session, row: SourceRow, received_at: datetime, duplicates: int, rejected: int) -> None:
    """Add what was not kept of a source's events to the hour's counts; the oldest hours go."""
    if not duplicates and not rejected:
        return
    ids = {"source_id": row.id, "hour": hour_of(received_at), "tenant_id": row.tenant_id}
    made = insert(SourceHourRow).values(**ids, duplicates=duplicates, rejected=rejected)
    more = {
        "duplicates": SourceHourRow.duplicates + made.excluded.duplicates,
        "rejected": SourceHourRow.rejected + made.excluded.rejected,
    }
    session.execute(made.on_conflict_do_update(index_elements=["source_id", "hour"], set_=more))
    old = SourceHourRow.hour < received_at - KEPT_FOR
    session.execute(delete(SourceHourRow).where(SourceHourRow.source_id == row.id, old))


def measure(
    session: Session, tenant_id: UUID, source_id: UUID, span: tuple[datetime, datetime], currency: str
) -> Measured:
    """Count what a source's events tell of a span of full hours; money of other currencies is left out.

    Somebody is matched who is known by an address, a number or a user's id. What was sent again or set aside counts in
    the hour in which it came, all else when it happened.
    """
    since, until = span
    asked = {"tenant_id": tenant_id, "source_id": source_id, "since": since, "until": until}
    happened = session.execute(_HAPPENED, {**asked, "currency": currency}).one()
    faults = session.execute(
        select(
            func.coalesce(func.sum(SourceHourRow.duplicates), 0), func.coalesce(func.sum(SourceHourRow.rejected), 0)
        ).where(SourceHourRow.source_id == source_id, SourceHourRow.hour >= since, SourceHourRow.hour < until)
    ).one()
    mine = (EventRow.tenant_id == tenant_id, EventRow.source_id == source_id)
    latest = session.scalar(select(func.max(EventRow.at)).where(*mine, EventRow.at < until))
    duplicates, rejected = map(int, faults)
    return Measured(
        events=int(happened.events) + duplicates + rejected,
        matched=int(happened.matched),
        duplicates=duplicates,
        rejected=rejected,
        age_h=None if latest is None else (until - latest).total_seconds() / 3600,
        conversions_seen=int(happened.conversions),
        revenue_seen=round(float(happened.revenue), 2),
    )


def hour_of(at: datetime) -> datetime:
    """Return the beginning of an hour (UTC)."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


_HAPPENED = text(
    """
WITH happened AS (
  SELECT seen.profile_id, count(*) AS events, count(*) FILTER (WHERE event.revenue > 0) AS conversions,
         sum(event.revenue) FILTER (
           WHERE event.revenue > 0 AND coalesce(event.properties ->> 'currency', :currency) = :currency) AS revenue
  FROM customer_events AS event
  LEFT JOIN customer_sightings AS seen ON seen.tenant_id = :tenant_id AND seen.id = event.sighting_id
  WHERE event.tenant_id = :tenant_id AND event.source_id = :source_id AND event.at >= :since AND event.at < :until
  GROUP BY seen.profile_id)
SELECT coalesce(sum(events), 0) AS events, coalesce(sum(conversions), 0) AS conversions,
       coalesce(sum(revenue), 0) AS revenue, coalesce(sum(events) FILTER (WHERE EXISTS (
         SELECT FROM customer_identifiers AS known WHERE known.tenant_id = :tenant_id
           AND known.profile_id = happened.profile_id AND known.type IN ('user_id', 'email', 'phone'))), 0) AS matched
FROM happened
"""
)
