"""Audiences, plans and chunks as JSON documents."""

from typing import Any

from core.clock import rfc3339
from core.jobs.documents import API
from core.workloads.customers.operations.audience_models import AudienceRow, ChunkRow, PlanRow


def audience_document(row: AudienceRow) -> dict[str, Any]:
    """Write an audience."""
    home = f"{API}/audiences/{row.id}"
    plain = ("name", "vendor", "field", "purpose", "channel", "sync_every_s", "platform_id")
    return {
        "id": str(row.id),
        **{name: getattr(row, name) for name in plain},
        "segment_id": str(row.segment_id),
        "connection_id": None if row.connection_id is None else str(row.connection_id),
        "planned_at": None if row.planned_at is None else rfc3339(row.planned_at),
        "created_at": rfc3339(row.created_at),
        "links": {"self": home, "plans": f"{home}/plans", "segment": f"{API}/segments/{row.segment_id}"},
    }


def plan_document(row: PlanRow) -> dict[str, Any]:
    """Write a plan."""
    return {
        "id": str(row.id),
        "state": row.state,
        "counts": row.counts,
        "needs_confirmation": row.needs_confirmation,
        "job_id": None if row.job_id is None else str(row.job_id),
        "created_at": rfc3339(row.created_at),
        "applied_at": None if row.applied_at is None else rfc3339(row.applied_at),
        "links": {"chunks": f"{API}/audiences/{row.audience_id}/plans/{row.id}/chunks"},
    }


def chunk_document(row: ChunkRow) -> dict[str, Any]:
    """Write an entry of the ledger of what was sent."""
    plain = ("number", "operation", "state", "rows", "suppressed", "refused")
    at = None if row.acknowledged_at is None else rfc3339(row.acknowledged_at)
    key = f"{row.plan_id}/{row.number}"
    return {**{name: getattr(row, name) for name in plain}, "idempotency_key": key, "acknowledged_at": at}
