"""Webhooks: where a tenant's own servers hear of things, what was delivered, and sending it once more."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from core.jobs.callbacks import EVENTS as ENDS
from core.platform.webhooks import deliveries, subscriptions
from core.platform.webhooks.signing import secret_of
from webapp.dashboard.frame import led_on, page, rendered
from webapp.dashboard.pages.admin import filled_in, form_of
from webapp.dashboard.records import changed_in
from webapp.operations import Call
from webapp.schemas.webhooks import WebhookChange, WebhookRequest, WebhooksQuery
from webapp.webhooks import delivery_document, trial, webhook_document

blueprint = Blueprint("webhooks", __name__)

DELIVERIES_SHOWN = 30
_ONE = "/webhooks/<uuid:webhook_id>"
_READ, _WRITE = "webhooks:read", "webhooks:write"


@page(blueprint, "GET /webhooks", _READ, query=WebhooksQuery)
def list_webhooks(call: Call) -> Response:
    """List webhooks, newest first."""
    return _webhooks(call)


@page(blueprint, "POST /webhooks", _WRITE)
def create_webhook(call: Call) -> Response:
    """Make a webhook, and tell its secret once."""
    fields = form_of(WebhookRequest)

    def make(asked: Mapping[str, Any]) -> Response:
        with call.database.transaction() as session:
            row = subscriptions.create(session, call.principal.tenant_id, asked)
        return _webhook(call, row.id, secret=_secret(call, row))

    return filled_in(fields, WebhookRequest(), make, lambda **more: _webhooks(call, fields=fields, **more))


@page(blueprint, f"GET {_ONE}", _READ)
def show_webhook(call: Call, webhook_id: UUID) -> Response:
    """Show a webhook with the latest deliveries."""
    return _webhook(call, webhook_id)


@page(blueprint, f"POST {_ONE}", _WRITE)
def change_webhook(call: Call, webhook_id: UUID) -> Response:
    """Change a webhook, or show what is wrong with it."""
    tenant_id = call.principal.tenant_id
    with call.database.statements() as session:
        document = webhook_document(subscriptions.get_webhook(session, tenant_id, webhook_id))
    fields = form_of(WebhookChange, document)

    def change(changes: Mapping[str, Any]) -> Response:
        with call.database.transaction() as session:
            subscriptions.change(session, tenant_id, webhook_id, changes)
        return led_on("webhooks.show_webhook", "changed", webhook_id=webhook_id)

    return changed_in(
        fields, WebhookChange(), document, change, lambda **more: _webhook(call, webhook_id, fields=fields, **more)
    )


@page(blueprint, f"POST {_ONE}/test", _WRITE)
def try_webhook(call: Call, webhook_id: UUID) -> Response:
    """Deliver something that tells of nothing."""
    with call.database.transaction() as session:
        webhook = subscriptions.get_webhook(session, call.principal.tenant_id, webhook_id)
        deliveries.write(session, [trial(webhook, now=call.process.clock())])
    return led_on("webhooks.show_webhook", "on-its-way", webhook_id=webhook_id)


@page(blueprint, f"POST {_ONE}/deliveries/<uuid:delivery_id>/replay", _WRITE)
def replay_delivery(call: Call, webhook_id: UUID, delivery_id: UUID) -> Response:
    """Send a delivery once more."""
    tenant_id = call.principal.tenant_id
    with call.database.transaction() as session:
        webhook = subscriptions.get_webhook(session, tenant_id, webhook_id)
        deliveries.replay(session, tenant_id, webhook_id, delivery_id, url=webhook.url)
    return led_on("webhooks.show_webhook", "on-its-way", webhook_id=webhook_id)


@page(blueprint, f"POST {_ONE}/rotate", _WRITE)
def rotate_secret(call: Call, webhook_id: UUID) -> Response:
    """Give a webhook another secret, and tell it once."""
    with call.database.transaction() as session:
        row = subscriptions.rotate(session, call.principal.tenant_id, webhook_id)
    return _webhook(call, webhook_id, secret=_secret(call, row))


@page(blueprint, f"POST {_ONE}/delete", _WRITE)
def delete_webhook(call: Call, webhook_id: UUID) -> Response:
    """Delete a webhook with the log of its deliveries."""
    with call.database.transaction() as session:
        subscriptions.remove(session, call.principal.tenant_id, webhook_id)
    return led_on("webhooks.list_webhooks", "deleted")


def _webhooks(call: Call, **more: Any) -> Response:
    limit, after = call.query.get("limit", 50), call.query.get("cursor")
    with call.database.statements() as session:
        rows = subscriptions.list_webhooks(session, call.principal.tenant_id, limit=limit + 1, after=after)
    more.setdefault("fields", form_of(WebhookRequest, {"events": list(ENDS)}))
    cursor = rows[limit - 1].id if len(rows) > limit else None
    listed = [webhook_document(row) for row in rows[:limit]]
    return rendered("webhooks.html", webhooks=listed, next_cursor=cursor, **more)


def _webhook(call: Call, webhook_id: UUID, **more: Any) -> Response:
    tenant_id = call.principal.tenant_id
    with call.database.statements() as session:
        document = webhook_document(subscriptions.get_webhook(session, tenant_id, webhook_id))
        rows = deliveries.list_deliveries(session, tenant_id, limit=DELIVERIES_SHOWN, webhook_id=webhook_id)
    more.setdefault("fields", form_of(WebhookChange, document))
    told = [delivery_document(row) for row in rows]
    return rendered("webhook.html", webhook=document, deliveries=told, **more)


def _secret(call: Call, row: Any) -> str:
    return secret_of(call.process.settings.secret_key, row.id, row.secret_version)
