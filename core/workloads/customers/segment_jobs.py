"""Jobs about segments: members brought up to date, customers scored."""

from typing import Any

from core.clock import database_now, monotonic
from core.jobs.context import JobContext
from core.workloads.customers.operations import refreshing, scoring


def refresh(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Bring one segment up to date, or all whose time has come, each in a transaction of its own."""
    context.progress(0.0, "looking")
    with context.transaction() as session:
        now = database_now(session)
        named = params["segment"]
        names = [named] if named is not None else refreshing.due(session, context.tenant_id, now)
    told = []
    for number, name in enumerate(names):
        context.progress(number / len(names), "refreshing", name)
        with context.transaction() as session:
            done = refreshing.refresh(session, context.tenant_id, name, database_now(session), monotonic=monotonic)
        told.append({"segment": done.name, "size": done.size, "joined": done.joined, "left": done.left})
    return {"refreshed": told}


def score(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Score the customers of the last days."""
    context.progress(0.0, "scoring")
    with context.transaction() as session:
        counts = scoring.score(session, context.tenant_id, database_now(session), params["days"])
    return {"scored": sum(counts.values()), "labels": counts}
