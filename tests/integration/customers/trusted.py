"""Making a tenant's signals trusted, or not, as its accounts would tell of them."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from core.workloads.customers.operations import signals, trusting

GOOD = {
    "events": 20_000,
    "matched": 18_000,
    "duplicates": 10,
    "rejected": 10,
    "age_h": 0.5,
    "calls": 5_000,
    "conversions": 4_000,
    "conversions_seen": 4_000,
    "revenue": 90_000.0,
    "revenue_seen": 90_000.0,
    "spend": 9_000.0,
    "currency": "EUR",
    "failures": 5,
}
HOURS = 6


def trust(session: Session, tenant_id: UUID, now: datetime, windows: int = 18) -> None:
    """Have one account tell of good windows up to now, each judged as it came: enough of them, and all is trusted."""
    if not signals.list_accounts(session, tenant_id):
        signals.create(session, tenant_id, {"name": "meta", "vendor": "meta", "currency": "EUR"})
    for back in reversed(range(windows)):
        end = now - timedelta(hours=HOURS * back)
        signals.tell(session, tenant_id, "meta", end, GOOD)
        trusting.evaluate(session, tenant_id, end)


def distrust(session: Session, tenant_id: UUID, now: datetime) -> None:
    """Have the account tell of a window in which hardly anything was matched."""
    signals.tell(session, tenant_id, "meta", now, {**GOOD, "matched": 5})
    trusting.evaluate(session, tenant_id, now)
