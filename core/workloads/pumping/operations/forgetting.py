"""This file is about what stations forget: measurements, prices, plans and orders of more than a year ago."""

from datetime import timedelta

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from core.workloads.pumping.operations.plans import OPEN

KEPT_FOR = timedelta(days=400)
"""A year to compare with, and a month to do it in."""
BATCH = 5_000


def forget_old(session: Session, *, limit: int = BATCH) -> dict[str, int]:
    """Forget up to `limit` rows of each sort, of all tenants' stations; return how many of each went.

    A station's clock may be another than ours, so its rows are as old as they lie before its latest one of their sort.
    Plans that are open to decisions or in force are kept however old they are.
    """
    given = {"kept_for": KEPT_FOR, "limit": limit}
    return {table: len(session.execute(statement, given).all()) for table, statement in _FORGET.items()}


def _forgetting(table: str, at: str, also: str = "") -> TextClause:
    return text(
        f"""
DELETE FROM {table} WHERE ctid = ANY(ARRAY(
  SELECT old.place FROM (SELECT DISTINCT tenant_id, plant FROM {table}) AS station, LATERAL (
    SELECT max({at}) AS at FROM {table} AS each WHERE each.tenant_id = station.tenant_id AND each.plant = station.plant
  ) AS latest, LATERAL (
    SELECT ctid AS place FROM {table} AS each
    WHERE each.tenant_id = station.tenant_id AND each.plant = station.plant
      AND each.{at} < latest.at - CAST(:kept_for AS interval) {also}
  ) AS old
  LIMIT :limit))
RETURNING 1
"""  # noqa: S608 - made of the constants below, never of input
    )


_UNDECIDABLE = "AND each.status NOT IN ({})".format(", ".join(f"'{status}'" for status in ("planning", *OPEN)))
_FORGET = {
    "pumping_states": _forgetting("pumping_states", "at"),
    "pumping_prices": _forgetting("pumping_prices", "at"),
    "pumping_overrides": _forgetting("pumping_overrides", "until"),
    "pumping_plans": _forgetting("pumping_plans", "slot", _UNDECIDABLE),
}
