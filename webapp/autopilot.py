"""The autopilot and its actions as JSON documents."""

from typing import Any

from core.clock import rfc3339
from core.jobs.documents import API
from core.workloads.customers.operations.autopilot_models import ActionRow, AutopilotRow
from core.workloads.customers.trust.gate import CEILINGS, MODES, Standing


def autopilot_document(row: AutopilotRow, standing: Standing, *, killed: bool) -> dict[str, Any]:
    """Write what the autopilot may do."""
    level = 0 if killed else min(standing.level, CEILINGS[row.ceiling])
    plain = {name: getattr(row, name) for name in ("ceiling", "max_step", "min_hours", "max_per_day")}
    return {"mode": MODES[level], "trusted": standing.mode, "killed": killed, **plain}


def action_document(row: ActionRow) -> dict[str, Any]:
    """Write an action."""
    home = f"{API}/actions/{row.id}"
    plain = ("action", "risk", "state", "target", "wanted", "before", "why", "reasons", "history", "decided_by")
    return {
        "id": str(row.id),
        **{name: getattr(row, name) for name in plain},
        "connection_id": None if row.connection_id is None else str(row.connection_id),
        "decisions": [f"{API}/gate-decisions/{one}" for one in row.decision_ids],
        "created_at": rfc3339(row.created_at),
        "applied_at": None if row.applied_at is None else rfc3339(row.applied_at),
        "expires_at": rfc3339(row.expires_at),
        "links": {"self": home, **{name: f"{home}/{name}" for name in ("approve", "reject", "rollback")}},
    }
