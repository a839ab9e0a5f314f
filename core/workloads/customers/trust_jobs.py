"""The job that judges signals."""

from typing import Any

from core.clock import database_now
from core.jobs.context import JobContext
from core.workloads.customers.operations import trusting
from core.workloads.customers.trust.health import overall


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
