"""Webhooks and their deliveries as JSON documents."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from core.clock import rfc3339
from core.ids import uuid7
from core.jobs.documents import API, to_json


def webhook_document(row: Row[Any], *, secret: str | None = None) -> dict[str, Any]:
    """Write one webhook, with its secret when that is new."""
    home = f"{API}/webhooks/{row.id}"
    return {
        "id": str(row.id),
        "url": row.url,
        "events": row.events,
        "kinds": row.kinds,
        "tags": row.tags,
        "active": row.active,
        "disabled_at": _instant(row.disabled_at),
        "disabled_reason": row.disabled_reason,
        "failures": row.failures,
        "failing_since": _instant(row.failing_since),
        "created_at": rfc3339(row.created_at),
        **({} if secret is None else {"secret": secret}),
        "links": {"self": home, **{name: f"{home}/{name}" for name in ("deliveries", "test", "rotate")}},
    }


def delivery_document(row: Row[Any]) -> dict[str, Any]:
    """Write one delivery with its log."""
    return {
        "id": str(row.id),
        "webhook_id": _id(row.webhook_id),
        "job_id": _id(row.job_id),
        "event": row.event,
        "url": row.url,
        "state": _state(row),
        "attempts": row.attempts,
        "created_at": rfc3339(row.created_at),
        "next_attempt_at": _instant(row.next_attempt_at),
        "delivered_at": _instant(row.delivered_at),
        "log": row.log,
    }


def trial(webhook: Row[Any], *, now: datetime) -> dict[str, Any]:
    """Write a delivery that tells of nothing, for trying a webhook out."""
    delivery_id, event = uuid7(), "webhook.test"
    told = {"type": event, "id": str(delivery_id), "at": rfc3339(now), "data": {"webhook_id": str(webhook.id)}}
    return {
        "id": delivery_id,
        "tenant_id": webhook.tenant_id,
        "webhook_id": webhook.id,
        "job_id": None,
        "event": event,
        "url": webhook.url,
        "body": to_json(told).decode(),
    }


def _state(row: Row[Any]) -> str:
    if row.delivered_at is not None:
        return "delivered"
    return "pending" if row.next_attempt_at is not None else "failed"


def _instant(value: datetime | None) -> str | None:
    return None if value is None else rfc3339(value)


def _id(value: UUID | None) -> str | None:
    return None if value is None else str(value)
