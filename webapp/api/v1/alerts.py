"""Alerts: what should be looked at, whoever raised it."""

from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from core.jobs.alert_documents import alert_document, alert_event_document
from core.platform.alerts import reading
from core.platform.alerts.reading import AlertFilter
from webapp.operations import Answer, Call, json_answer, operation, page_answer
from webapp.schemas.alerts import AlertDocument, AlertEventList, AlertList, AlertsQuery

blueprint = Blueprint("alerts", __name__, description="What should be looked at, whoever raised it")

_NOW = {200: Answer("The alert as it is now", AlertDocument)}


@operation(
    blueprint,
    "GET /alerts",
    "alerts:read",
    query=AlertsQuery,
    answers={200: Answer("One page of alerts", AlertList)},
)
def list_alerts(call: Call) -> Response:
    """List alerts of the platform and of all workloads, newest first."""
    query, limit = call.query, call.query["limit"]
    chosen = AlertFilter(query["state"], query["source"], query["severity"], query["key"])
    with call.database.statements() as session:
        rows = reading.list_alerts(session, call.principal.tenant_id, chosen, limit=limit + 1, after=query["cursor"])
    page = [alert_document(row) for row in rows[:limit]]
    return page_answer(page, page[-1]["id"] if len(rows) > limit else None)


@operation(
    blueprint,
    "GET /alerts/<uuid:alert_id>",
    "alerts:read",
    answers={200: Answer("The alert", AlertDocument)},
    problems=(404,),
)
def read_alert(call: Call, alert_id: UUID) -> Response:
    """Read an alert."""
    with call.database.statements() as session:
        return json_answer(alert_document(reading.get_alert(session, call.principal.tenant_id, alert_id)))


@operation(
    blueprint,
    "GET /alerts/<uuid:alert_id>/events",
    "alerts:read",
    answers={200: Answer("Every step", AlertEventList)},
    problems=(404,),
)
def list_alert_events(call: Call, alert_id: UUID) -> Response:
    """List what became of an alert, step by step."""
    with call.database.statements() as session:
        reading.get_alert(session, call.principal.tenant_id, alert_id)
        rows = reading.list_alert_events(session, call.principal.tenant_id, alert_id)
    return page_answer([alert_event_document(row) for row in rows])


@operation(blueprint, "POST /alerts/<uuid:alert_id>/acknowledge", "alerts:write", answers=_NOW, problems=(404, 409))
def acknowledge_alert(call: Call, alert_id: UUID) -> Response:
    """Say that somebody takes care of an alert.

    It stays open until what it is about is over. One that becomes more severe has to be acknowledged anew.
    """
    principal = call.principal
    with call.database.transaction() as session:
        row = reading.acknowledge(session, principal.tenant_id, alert_id, by=principal.label)
    return json_answer(alert_document(row))


@operation(blueprint, "POST /alerts/<uuid:alert_id>/resolve", "alerts:write", answers=_NOW, problems=(404, 409))
def resolve_alert(call: Call, alert_id: UUID) -> Response:
    """Say that what an alert is about is over; what is still wrong will be raised again."""
    principal = call.principal
    with call.database.transaction() as session:
        row = reading.resolve(session, principal.tenant_id, alert_id, by=principal.label)
    return json_answer(alert_document(row))
