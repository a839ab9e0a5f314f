"""Rows as JSON documents: what is told of a job besides the job itself."""

from typing import Any
from urllib.parse import quote

from sqlalchemy import Row

from core.clock import rfc3339
from core.jobs.documents import API


def log_line_document(row: Row[Any]) -> dict[str, Any]:
    """Write one log line."""
    return {
        "attempt": row.attempt,
        "at": rfc3339(row.at),
        "level": row.level,
        "message": row.message,
        "fields": row.fields,
    }


def artifact_document(row: Row[Any]) -> dict[str, Any]:
    """Write what is known of one artifact of a job."""
    return {
        "artifact_id": str(row.id),
        "name": row.name,
        "content_type": row.content_type,
        "bytes": row.size,
        "sha256": row.sha256,
        "created_at": rfc3339(row.created_at),
        "url": f"{API}/jobs/{row.job_id}/artifacts/{quote(row.name)}",
    }
