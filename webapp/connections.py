"""Connections as JSON documents."""

from typing import Any

from core.clock import rfc3339
from core.jobs.documents import API
from core.workloads.customers.connection_models import ConnectionRow
from core.workloads.customers.connectors import CONNECTORS


def connection_document(row: ConnectionRow) -> dict[str, Any]:
    """Write a connection, never its secret."""
    return {
        "id": str(row.id),
        "name": row.name,
        "connector": row.connector,
        "sort": CONNECTORS[row.connector].sort,
        "settings": row.settings,
        "has_secret": row.secret is not None,
        "created_at": rfc3339(row.created_at),
        "links": {"self": f"{API}/connections/{row.id}"},
    }
