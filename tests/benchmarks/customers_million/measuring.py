"""Resolve, refresh a segment of six clauses and plan a sync, as their jobs do: how long, and how much memory."""

import resource
import time
from uuid import UUID

from core.clock import database_now, monotonic
from core.database import Database
from core.workloads.customers.operations import audiences, planning, refreshing, resolving, segments, sources

SEGMENT = {
    "all": [
        {"field": "lifecycle", "op": "in", "value": ["known", "customer"]},
        {"field": "last_seen", "op": "within_last", "value": 80},
        {"event": "Order Completed", "within_days": 85, "where": [{"property": "price", "op": "at_least", "value": 5}]},
        {"did_not": "Unsubscribed", "within_days": 30},
        {"sequence": ["Product Viewed", "Order Completed"], "within_days": 7},
        {"consent": "ads"},
    ]
}


def measure(database: Database, tenant_id: UUID) -> dict[str, float]:
    """Return the seconds of each step and of all, the members, the planned rows and the peak of this process in GiB."""
    own = database.within(tenant_id)
    began = time.monotonic()
    with own.transaction() as session:
        sources.lock_people(session, tenant_id)
        resolving.resolve_waiting(session, tenant_id)
    resolved = time.monotonic()
    with own.transaction() as session:
        segments.create(session, tenant_id, {"name": "six", "definition": SEGMENT})
        done = refreshing.refresh(session, tenant_id, "six", database_now(session), monotonic=monotonic)
    refreshed = time.monotonic()
    with own.transaction() as session:
        asked = {"name": "six", "segment": "six", "vendor": "google", "field": "email", "sync_every_s": None}
        audiences.create(session, tenant_id, {**asked, "purpose": "ads", "channel": "any"})
        made = planning.plan(session, tenant_id, "six", database_now(session))
    planned = time.monotonic()
    return {
        "resolve": resolved - began,
        "refresh": refreshed - resolved,
        "plan": planned - refreshed,
        "together": planned - began,
        "members": float(done.size),
        "rows": float(made.counts["add"]),
        "peak_gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20),
    }
