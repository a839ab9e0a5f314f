"""Segments, members and refreshes as JSON documents."""

from typing import Any

from core.clock import rfc3339
from core.jobs.documents import API
from core.workloads.customers.operations.segment_models import MembershipRow, RefreshRow, SegmentRow


def segment_document(row: SegmentRow) -> dict[str, Any]:
    """Write a segment."""
    home = f"{API}/segments/{row.id}"
    plain = ("name", "description", "definition", "refresh_every_s", "size")
    return {
        "id": str(row.id),
        **{name: getattr(row, name) for name in plain},
        "refreshed_at": None if row.refreshed_at is None else rfc3339(row.refreshed_at),
        "created_at": rfc3339(row.created_at),
        "links": {"self": home, **{name: f"{home}/{name}" for name in ("explain", "members", "history")}},
    }


def member_document(row: MembershipRow) -> dict[str, Any]:
    """Write that somebody belongs, or belonged."""
    left = None if row.left_at is None else rfc3339(row.left_at)
    return {"profile": row.profile_id, "joined_at": rfc3339(row.joined_at), "left_at": left}


def refresh_document(row: RefreshRow) -> dict[str, Any]:
    """Write what a refresh found."""
    plain = {"size": row.size, "joined": row.came, "left": row.went, "duration_s": row.duration_s}
    return {"at": rfc3339(row.at), **plain, "definition_hash": row.fingerprint}


def clause_at(definition: Any, place: str) -> Any:
    """Return the clause at a place of a definition (`/definition/all/0`)."""
    found = definition
    for step in place.split("/")[2:]:
        found = found[int(step)] if isinstance(found, list) else found[step]
    return found
