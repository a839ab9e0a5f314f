"""An event as JSON: the same over HTTP, in streams, to webhooks and in Redis."""

from typing import Any

from sqlalchemy import Row

from core.clock import rfc3339


def event_document(event: Row[Any]) -> dict[str, Any]:
    """Write one event."""
    return {
        "seq": event.seq,
        "id": str(event.id),
        "topic": event.topic,
        "subject": event.subject,
        "at": rfc3339(event.at),
        "job_id": None if event.job_id is None else str(event.job_id),
        "depth": len(event.chain),
        "data": event.data,
    }
