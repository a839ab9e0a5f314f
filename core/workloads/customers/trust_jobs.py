"""The jobs that collect signals and judge them."""

from typing import Any

from core.clock import database_now, rfc3339
from core.jobs.context import JobContext
from core.workloads.customers.operations import collecting, trusting
from core.workloads.customers.operations.acting import Worker
from core.workloads.customers.trust.health import overall


def collect(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Ask the platforms of connected accounts, and tell of windows that are over; those told of stay as they are."""
    context.progress(0.0, "asking")
    with context.transaction() as session:
        now = database_now(session)
    worker = Worker(context.job_id, context.transaction, context.checkpoint)
    outcome = collecting.collect(worker, context.tenant_id, now, params["windows"])
    return {
        "accounts": outcome.accounts,
        "told": [{"account": name, "window_end": rfc3339(end)} for name, end in outcome.told],
        "unanswered": sorted(outcome.unanswered),
    }


def evaluate(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Judge the newest window, and decide on an action where one is named."""
    context.progress(0.0, "judging")
    with context.transaction() as session:
        now = database_now(session)
        standing, healths = trusting.evaluate(session, context.tenant_id, now)
        action = params["action"]
        verdict = None if action is None else trusting.decide(session, context.tenant_id, action, now).verdict
    return {
        "score": overall(healths).low,
        "level": standing.level,
        "mode": standing.mode,
        "accounts": {one.name: one.band.low for one in healths},
        "reasons": [reason for one in healths for reason in one.reasons],
        "verdict": verdict,
    }
