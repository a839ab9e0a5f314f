"""Deliveries of webhooks: the log, trying a webhook out, sending once more."""

from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from core.jobs import queries
from core.platform.webhooks import deliveries, subscriptions
from webapp.operations import Answer, Call, json_answer, operation, page_answer
from webapp.schemas.webhooks import DeliveryDocument, DeliveryList, WebhooksQuery
from webapp.webhooks import delivery_document, trial

blueprint = Blueprint("deliveries", __name__, description="What was delivered to webhooks, and what was not")


@operation(
    blueprint,
    "GET /webhooks/<uuid:webhook_id>/deliveries",
    "webhooks:read",
    query=WebhooksQuery,
    answers={200: Answer("One page of deliveries", DeliveryList)},
    problems=(404,),
)
def list_webhook_deliveries(call: Call, webhook_id: UUID) -> Response:
    """List what was delivered to a webhook during the last 7 days, newest first, with each attempt."""
    with call.database.statements() as session:
        subscriptions.get_webhook(session, call.principal.tenant_id, webhook_id)
    return _page(call, webhook_id=webhook_id)


@operation(
    blueprint,
    "GET /jobs/<uuid:job_id>/deliveries",
    "jobs:read",
    query=WebhooksQuery,
    answers={200: Answer("One page of deliveries", DeliveryList)},
    problems=(404,),
)
def list_job_deliveries(call: Call, job_id: UUID) -> Response:
    """List what was told of a job to its `callback_url` and to webhooks, newest first, with each attempt."""
    queries.read_version(call.database, call.principal.tenant_id, job_id)
    return _page(call, job_id=job_id)


@operation(
    blueprint,
    "POST /webhooks/<uuid:webhook_id>/test",
    "webhooks:write",
    answers={202: Answer("The delivery, of the type `webhook.test`", DeliveryDocument)},
    problems=(404,),
)
def try_webhook(call: Call, webhook_id: UUID) -> Response:
    """Deliver something that tells of nothing, to see whether it arrives; to a disabled webhook, too."""
    tenant_id = call.principal.tenant_id
    with call.database.transaction() as session:
        webhook = subscriptions.get_webhook(session, tenant_id, webhook_id)
        deliveries.write(session, [trial(webhook, now=call.process.clock())])
        (row,) = deliveries.list_deliveries(session, tenant_id, limit=1, webhook_id=webhook_id)
    return json_answer(delivery_document(row), 202)


@operation(
    blueprint,
    "POST /webhooks/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/replay",
    "webhooks:write",
    answers={202: Answer("The delivery, which is due once more", DeliveryDocument)},
    problems=(404,),
)
def replay_delivery(call: Call, webhook_id: UUID, delivery_id: UUID) -> Response:
    """Send a delivery once more under the same `webhook-id`, to where the webhook is now."""
    tenant_id = call.principal.tenant_id
    with call.database.transaction() as session:
        webhook = subscriptions.get_webhook(session, tenant_id, webhook_id)
        row = deliveries.replay(session, tenant_id, webhook_id, delivery_id, url=webhook.url)
    return json_answer(delivery_document(row), 202)


def _page(call: Call, **of: UUID) -> Response:
    limit, tenant_id = call.query["limit"], call.principal.tenant_id
    with call.database.statements() as session:
        rows = deliveries.list_deliveries(session, tenant_id, limit=limit + 1, after=call.query["cursor"], **of)
    page = [delivery_document(row) for row in rows[:limit]]
    return page_answer(page, page[-1]["id"] if len(rows) > limit else None)
