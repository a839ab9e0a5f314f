"""Telling webhooks: a delivery for each event and each webhook of its tenant that asks for its topic."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core.ids import uuid7
from core.platform.bus.documents import event_document
from core.platform.bus.numbering import Place
from core.platform.webhooks import deliveries
from core.platform.webhooks.models import Webhook

AT_ONCE = 200


def tell_webhooks(session: Session, events: Sequence[Row[Any]]) -> dict[Place, int]:
    """Write the deliveries of numbered events; return how many each tenant and topic has."""
    topics = sorted({event.topic for event in events})
    tenants = {event.tenant_id for event in events}
    listening: Any = session.execute(
        select(Webhook.id, Webhook.tenant_id, Webhook.url, Webhook.events).where(
            Webhook.active, Webhook.tenant_id.in_(tenants), Webhook.events.overlap(topics)
        )
    ).all()
    told = [(event, webhook) for event in events for webhook in listening if _wants(webhook, event)]
    for first in range(0, len(told), AT_ONCE):
        deliveries.write(session, [_delivery(event, webhook) for event, webhook in told[first : first + AT_ONCE]])
    counts: dict[Place, int] = {}
    for event, _webhook in told:
        counts[event.tenant_id, event.topic] = counts.get((event.tenant_id, event.topic), 0) + 1
    return counts


def _wants(webhook: Row[Any], event: Row[Any]) -> bool:
    return bool(webhook.tenant_id == event.tenant_id and event.topic in webhook.events)


def _delivery(event: Row[Any], webhook: Row[Any]) -> dict[str, Any]:
    delivery_id = uuid7()
    document = event_document(event)
    body = {"type": event.topic, "id": str(delivery_id), "at": document["at"], "data": document}
    return {
        "id": delivery_id,
        "tenant_id": event.tenant_id,
        "webhook_id": webhook.id,
        "job_id": event.job_id,
        "event": event.topic,
        "url": webhook.url,
        "body": json.dumps(body),
    }
