"""Webhooks: where a tenant's own servers hear of the ends of its jobs."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from sqlalchemy import Row

from core.platform.webhooks import subscriptions
from core.platform.webhooks.signing import secret_of
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.webhooks import (
    SecretDocument,
    WebhookChange,
    WebhookDocument,
    WebhookList,
    WebhookRequest,
    WebhooksQuery,
)
from webapp.webhooks import webhook_document

blueprint = Blueprint("webhooks", __name__, description="Telling other servers of the ends of jobs")


@operation(
    blueprint,
    "GET /webhooks",
    "webhooks:read",
    query=WebhooksQuery,
    answers={200: Answer("One page of webhooks", WebhookList)},
)
def list_webhooks(call: Call) -> Response:
    """List webhooks, newest first."""
    limit, tenant_id = call.query["limit"], call.principal.tenant_id
    with call.database.statements() as session:
        rows = subscriptions.list_webhooks(session, tenant_id, limit=limit + 1, after=call.query["cursor"])
    page = [webhook_document(row) for row in rows[:limit]]
    return page_answer(page, page[-1]["id"] if len(rows) > limit else None)


@operation(
    blueprint,
    "POST /webhooks",
    "webhooks:write",
    body=Body(WebhookRequest),
    answers={201: Answer("The webhook, with its secret", WebhookDocument, headers={"Location": "Its address"})},
    problems=(409, 413, 415),
)
def create_webhook(call: Call) -> Response:
    """Have the ends of jobs told to an address.

    Deliveries are signed `POST`s as Standard Webhooks has them. What is not answered with 2xx is tried again for a day.
    """
    with call.database.transaction() as session:
        row = subscriptions.create(session, call.principal.tenant_id, call.body)
    document = webhook_document(row, secret=_secret(call, row))
    return json_answer(document, 201, {"Location": document["links"]["self"]})


@operation(
    blueprint,
    "GET /webhooks/secret",
    "webhooks:secret",
    answers={200: Answer("The secret", SecretDocument)},
)
def read_callback_secret(call: Call) -> Response:
    """Read the secret with which deliveries to the `callback_url` of jobs are signed."""
    return json_answer({"secret": secret_of(call.process.settings.secret_key, call.principal.tenant_id)})


@operation(
    blueprint,
    "GET /webhooks/<uuid:webhook_id>",
    "webhooks:read",
    answers={200: Answer("The webhook", WebhookDocument)},
    problems=(404,),
)
def read_webhook(call: Call, webhook_id: UUID) -> Response:
    """Read a webhook: what it hears of, whether it was disabled and why."""
    with call.database.statements() as session:
        return json_answer(webhook_document(subscriptions.get_webhook(session, call.principal.tenant_id, webhook_id)))


@operation(
    blueprint,
    "PATCH /webhooks/<uuid:webhook_id>",
    "webhooks:write",
    body=Body(WebhookChange),
    answers={200: Answer("The webhook as it is now", WebhookDocument)},
    problems=(404, 413, 415),
)
def change_webhook(call: Call, webhook_id: UUID) -> Response:
    """Change some fields of a webhook, or enable it again.

    What is pending for one that is disabled is given up; it may be sent once more later.
    """
    with call.database.transaction() as session:
        row = subscriptions.change(session, call.principal.tenant_id, webhook_id, call.body)
    return json_answer(webhook_document(row))


@operation(
    blueprint,
    "POST /webhooks/<uuid:webhook_id>/rotate",
    "webhooks:write",
    answers={200: Answer("The webhook, with its new secret", WebhookDocument)},
    problems=(404,),
)
def rotate_webhook_secret(call: Call, webhook_id: UUID) -> Response:
    """Give a webhook another secret; for 24 hours deliveries are signed with both."""
    with call.database.transaction() as session:
        row = subscriptions.rotate(session, call.principal.tenant_id, webhook_id)
    return json_answer(webhook_document(row, secret=_secret(call, row)))


@operation(
    blueprint,
    "DELETE /webhooks/<uuid:webhook_id>",
    "webhooks:write",
    answers={204: Answer("It is gone")},
    problems=(404,),
)
def delete_webhook(call: Call, webhook_id: UUID) -> Response:
    """Delete a webhook with the log of its deliveries."""
    with call.database.transaction() as session:
        subscriptions.remove(session, call.principal.tenant_id, webhook_id)
    return Response(status=204)


def _secret(call: Call, row: Row[Any]) -> str:
    return secret_of(call.process.settings.secret_key, row.id, row.secret_version)
