"""Measuring: what came of a source's events in a window, counted where they are kept."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.workloads.customers.operations.models import EventRow, SourceHourRow, SourceRow
from core.workloads.customers.operations.trust_models import AccountHourRow
from core.workloads.customers.trust.joining import Measured

Hour = TypeVar("Hour", SourceHourRow, AccountHourRow)
KEPT_FOR = timedelta(days=60)
"""How long it is known by the hour what was sent again or set aside."""


def count_faults(session: Session, row: SourceRow, received_at: datetime, duplicates: int, rejected: int) -> None:
    """Add what was not kept of a source's events to the hour's counts; the oldest hours go."""
    if duplicates or rejected:
        mine = {"source_id": row.id, "tenant_id": row.tenant_id}
        add_to_hour(session, SourceHourRow, mine, received_at, {"duplicates": duplicates, "rejected": rejected})


def add_to_hour(
    session: Session, table: type[Hour], mine: Mapping[str, UUID], at: datetime, counts: Mapping[str, int]
) -> None:
    """Add to the counts of an hour, kept by whose they are; the oldest hours go."""
    columns = table.__table__.c
    made = insert(table).values(**mine, hour=hour_of(at), **counts)
    more = {name: columns[name] + made.excluded[name] for name in counts}
    session.execute(
        made.on_conflict_do_update(index_elements=[one.name for one in table.__table__.primary_key], set_=more)
    )
    whose = (columns[name] == value for name, value in mine.items())
    session.execute(delete(table).where(*whose, columns.hour < at - KEPT_FOR))


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
