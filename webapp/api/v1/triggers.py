"""Triggers: jobs that are submitted when something happens."""

from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from core.jobs import triggers
from webapp.bus import trigger_document, trigger_run_document
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.bus import (
    TriggerChange,
    TriggerDocument,
    TriggerList,
    TriggerRequest,
    TriggerRunList,
    TriggerRunsQuery,
    TriggersQuery,
)

blueprint = Blueprint("triggers", __name__, description="Jobs that are submitted when something happens")


@operation(
    blueprint,
    "GET /triggers",
    "triggers:read",
    query=TriggersQuery,
    answers={200: Answer("One page of triggers", TriggerList)},
)
def list_triggers(call: Call) -> Response:
    """List triggers, newest first."""
    limit = call.query["limit"]
    with call.database.statements() as session:
        rows = triggers.list_triggers(session, call.principal.tenant_id, limit=limit + 1, after=call.query["cursor"])
    page = [trigger_document(row) for row in rows[:limit]]
    return page_answer(page, page[-1]["id"] if len(rows) > limit else None)


@operation(
    blueprint,
    "POST /triggers",
    "triggers:write",
    body=Body(TriggerRequest),
    answers={201: Answer("The trigger", TriggerDocument, headers={"Location": "Its address"})},
    problems=(409, 413, 415),
)
def create_trigger(call: Call) -> Response:
    """Make a trigger; its jobs are submitted with the role that you have now.

    It fires once for an event, never for one that it led to itself, and no oftener than it may within a minute. When
    its job is refused, it pauses and says why.
    """
    with call.database.transaction() as session:
        row = triggers.create(session, call.principal, call.process.catalogue.find, call.body)
    document = trigger_document(row)
    return json_answer(document, 201, {"Location": document["links"]["self"]})


@operation(
    blueprint,
    "GET /triggers/<uuid:trigger_id>",
    "triggers:read",
    answers={200: Answer("The trigger", TriggerDocument)},
    problems=(404,),
)
def read_trigger(call: Call, trigger_id: UUID) -> Response:
    """Read a trigger: how often it fired, whether it was paused and why."""
    with call.database.statements() as session:
        return json_answer(trigger_document(triggers.get_trigger(session, call.principal.tenant_id, trigger_id)))


@operation(
    blueprint,
    "PATCH /triggers/<uuid:trigger_id>",
    "triggers:write",
    body=Body(TriggerChange),
    answers={200: Answer("The trigger as it is now", TriggerDocument)},
    problems=(404, 413, 415),
)
def change_trigger(call: Call, trigger_id: UUID) -> Response:
    """Change some fields of a trigger; whoever changes kind or params lends it the own role."""
    with call.database.transaction() as session:
        find_kind = call.process.catalogue.find
        row = triggers.change(session, call.principal, find_kind, trigger_id, call.body)
    return json_answer(trigger_document(row))


@operation(
    blueprint,
    "DELETE /triggers/<uuid:trigger_id>",
    "triggers:write",
    answers={204: Answer("It is gone")},
    problems=(404,),
)
def delete_trigger(call: Call, trigger_id: UUID) -> Response:
    """Delete a trigger with the history of what it fired; its jobs stay."""
    with call.database.transaction() as session:
        triggers.remove(session, call.principal.tenant_id, trigger_id)
    return Response(status=204)


@operation(
    blueprint,
    "GET /triggers/<uuid:trigger_id>/runs",
    "triggers:read",
    query=TriggerRunsQuery,
    answers={200: Answer("One page of what became of events", TriggerRunList)},
    problems=(404,),
)
def list_trigger_runs(call: Call, trigger_id: UUID) -> Response:
    """List what became of the events that passed a trigger's filter, newest first."""
    limit, tenant_id = call.query["limit"], call.principal.tenant_id
    with call.database.statements() as session:
        rows = triggers.list_trigger_runs(session, tenant_id, trigger_id, limit=limit + 1, before=call.query["cursor"])
    page = [trigger_run_document(row) for row in rows[:limit]]
    return page_answer(page, str(page[-1]["seq"]) if len(rows) > limit else None)
