"""Links to CRMs as JSON documents."""

from typing import Any

from core.clock import rfc3339
from core.jobs.documents import API
from core.workloads.customers.operations.crm_models import CrmLinkRow


def link_document(row: CrmLinkRow) -> dict[str, Any]:
    """Write a link."""
    home = f"{API}/crm-links/{row.id}"
    return {
        "id": str(row.id),
        **{name: getattr(row, name) for name in ("name", "ownership", "overlap_s", "every_s", "counts")},
        "connection_id": str(row.connection_id),
        "cursor_at": None if row.cursor_at is None else rfc3339(row.cursor_at),
        "synced_at": None if row.synced_at is None else rfc3339(row.synced_at),
        "created_at": rfc3339(row.created_at),
        "links": {
            "self": home,
            "sync": f"{home}/sync",
            "errors": f"{home}/errors",
            "jobs": f"{API}/jobs?tag=crm:{row.id}",
        },
    }
