"""Resolve, refresh a segment of six clauses and plan a sync, as their jobs do: how long, and how much memory."""

import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import psutil
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.clock import database_now, monotonic
from core.database import Database
from core.workloads.customers.operations import audiences, planning, rebuilding, refreshing, segments, sources

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
STEPS = ("resolve", "refresh", "plan")


@dataclass(slots=True)
class Measured:
    """What each step took: seconds, seconds of processors (the worker's and its Postgres backend's), and the rest."""

    seconds: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    members: int = 0
    rows: int = 0
    peak_gib: float = 0.0
    """Of the worker's process."""

    @contextmanager
    def step(self, name: str, database: Database) -> Iterator[Session]:
        """Measure what is done in one transaction, with its commit."""
        began, own = time.monotonic(), sum(os.times()[:2])
        with database.transaction() as session:
            backend = psutil.Process(session.scalar(text("SELECT pg_backend_pid()")))
            before = sum(backend.cpu_times()[:2])
            yield session
        self.seconds[name] = time.monotonic() - began
        self.cpu[name] = sum(os.times()[:2]) - own + sum(backend.cpu_times()[:2]) - before


def measure(database: Database, tenant_id: UUID) -> Measured:
    """Take the three steps over everybody."""
    own, told = database.within(tenant_id), Measured()
    with told.step("resolve", own) as session:
        sources.lock_people(session, tenant_id)
        rebuilding.resolve_waiting(session, tenant_id)
    with told.step("refresh", own) as session:
        segments.create(session, tenant_id, {"name": "six", "definition": SEGMENT})
        done = refreshing.refresh(session, tenant_id, "six", database_now(session), monotonic=monotonic)
    with told.step("plan", own) as session:
        asked = {"name": "six", "segment": "six", "vendor": "google", "field": "email", "sync_every_s": None}
        audiences.create(session, tenant_id, {**asked, "purpose": "ads", "channel": "any"})
        made = planning.plan(session, tenant_id, "six", database_now(session))
    told.members, told.rows = done.size, made.counts["add"]
    told.peak_gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
    return told


def compare(database: Database, tenant_id: UUID) -> Measured:
    """Compare everything with a rebuild, as it is done every night."""
    told = Measured()
    with told.step("compare", database.within(tenant_id)) as session:
        sources.lock_people(session, tenant_id)
        told.rows = rebuilding.compare(session, tenant_id)["differing"]
    return told
