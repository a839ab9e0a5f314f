"""Campaigns as JSON documents."""

from typing import Any

from core.clock import rfc3339
from core.jobs.documents import API
from core.workloads.customers.operations.campaign_models import CampaignRow

_STEPS = ("submit", "approve", "reject", "activate")


def campaign_document(row: CampaignRow) -> dict[str, Any]:
    """Write a campaign."""
    home = f"{API}/campaigns/{row.id}"
    plain = ("name", "state", "version", "daily_budget", "fields", "external", "reasons", "history", "decided_by")
    return {
        "id": str(row.id),
        **{name: getattr(row, name) for name in plain},
        "connection_id": str(row.connection_id),
        "created_at": rfc3339(row.created_at),
        "changed_at": rfc3339(row.changed_at),
        "links": {
            "self": home,
            **{step: f"{home}/{step}" for step in _STEPS},
            "jobs": f"{API}/jobs?tag=campaign:{row.id}",
        },
    }
