"""The autopilot: what it is held to, and its queue of actions."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from core.clock import database_now
from core.ids import uuid7
from core.workloads.customers.operations import actions, applying, trusting
from core.workloads.customers.operations.autopilot_models import ActionRow
from webapp.autopilot import action_document, autopilot_document
from webapp.once import HEADER, REPLAYED, made_before
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.actions import (
    ActionDocument,
    ActionList,
    ActionRequest,
    ActionsQuery,
    AutopilotDocument,
    AutopilotRequest,
    RejectRequest,
)
from webapp.schemas.values import Nothing

blueprint = Blueprint("actions", __name__, description="What is done by itself, and what waits for gate and people")


@operation(blueprint, "GET /autopilot", "customers:read", answers={200: Answer("The autopilot", AutopilotDocument)})
def read_autopilot(call: Call) -> Response:
    """Tell what the autopilot may do now: as much as trust allows, and no more than people have set."""
    with call.database.transaction() as session:
        return _autopilot(call, session)


@operation(
    blueprint,
    "PUT /autopilot",
    "customers:write",
    body=Body(AutopilotRequest),
    answers={200: Answer("The autopilot", AutopilotDocument)},
    problems=(413, 415),
)
def change_autopilot(call: Call) -> Response:
    """Set what the autopilot is held to."""
    with call.database.transaction() as session:
        row = actions.autopilot_row(session, call.principal.tenant_id, lock=True)
        for name, value in call.body.items():
            setattr(row, name, value)
        row.decided_by = call.principal.label
        session.flush()
        return _autopilot(call, session)


@operation(
    blueprint,
    "GET /actions",
    "customers:read",
    query=ActionsQuery,
    answers={200: Answer("One page of actions", ActionList)},
)
def list_actions(call: Call) -> Response:
    """List actions, newest first."""
    limit = call.query["limit"]
    asked = {"limit": limit + 1, "after": call.query["cursor"], "state": call.query["state"]}
    with call.database.statements() as session:
        found = actions.list_actions(session, call.principal.tenant_id, **asked)
    page = [action_document(row) for row in found[:limit]]
    return page_answer(page, page[-1]["id"] if len(found) > limit else None)


@operation(
    blueprint,
    "POST /actions",
    "customers:write",
    body=Body(ActionRequest),
    headers=HEADER,
    answers={
        201: Answer("The action, as far as the gate let it", ActionDocument, headers={"Location": "Its address"}),
        200: Answer("It was there before, by its key", ActionDocument, headers={"Idempotency-Replayed": "`true`"}),
    },
    problems=(404, 409, 413, 415),
)
def propose_action(call: Call) -> Response:
    """Propose an action: the gate is asked at once; what passes is applied, or waits for a second person."""
    principal = call.principal
    with call.database.transaction() as session:
        made = uuid7()
        first = made_before(call, session, made)
        if first is not None:
            return json_answer(action_document(actions.find(session, principal.tenant_id, first)), 200, REPLAYED)
        row = actions.propose(session, principal, {**call.body, "id": made}, database_now(session))
        document = _with_job(call, session, row)
    call.process.waker.wake()
    return json_answer(document, 201, {"Location": document["links"]["self"]})


@operation(
    blueprint,
    "GET /actions/<uuid:action_id>",
    "customers:read",
    answers={200: Answer("The action", ActionDocument)},
    problems=(404,),
)
def read_action(call: Call, action_id: UUID) -> Response:
    """Read an action."""
    with call.database.statements() as session:
        return json_answer(action_document(actions.find(session, call.principal.tenant_id, action_id)))


@operation(
    blueprint,
    "POST /actions/<uuid:action_id>/approve",
    "customers:write",
    body=Body(Nothing, required=False),
    answers={200: Answer("The action", ActionDocument)},
    problems=(404, 409, 413, 415),
)
def approve_action(call: Call, action_id: UUID) -> Response:
    """Approve what the gate has let through; whoever proposed it cannot."""
    return _turn(call, lambda session, now: actions.approve(session, call.principal, action_id, now))


@operation(
    blueprint,
    "POST /actions/<uuid:action_id>/reject",
    "customers:write",
    body=Body(RejectRequest, required=False),
    answers={200: Answer("The action", ActionDocument)},
    problems=(404, 409, 413, 415),
)
def reject_action(call: Call, action_id: UUID) -> Response:
    """Reject what was not begun."""
    why = call.body["why"]
    return _turn(call, lambda session, now: actions.reject(session, call.principal, action_id, why, now))


@operation(
    blueprint,
    "POST /actions/<uuid:action_id>/rollback",
    "customers:write",
    body=Body(Nothing, required=False),
    answers={200: Answer("The action", ActionDocument)},
    problems=(404, 409, 413, 415),
)
def roll_back_action(call: Call, action_id: UUID) -> Response:
    """Have what was done put back as it was; the gate is asked about what that is as an action."""
    return _turn(call, lambda session, now: actions.take_back(session, call.principal, action_id, now))


def _turn(call: Call, turn: Callable[..., ActionRow]) -> Response:
    with call.database.transaction() as session:
        document = _with_job(call, session, turn(session, database_now(session)))
    call.process.waker.wake()
    return json_answer(document)


def _with_job(call: Call, session: Session, row: ActionRow) -> dict[str, Any]:
    """Have an action worked on where it is due, and write it."""
    if row.state in {"approved", "rolling_back"}:
        applying.submit_applying(session, row.tenant_id, row.id, clock=call.process.clock)
    return action_document(row)


def _autopilot(call: Call, session: Session) -> Response:
    tenant_id = call.principal.tenant_id
    standing, _healths = trusting.evaluate(session, tenant_id, database_now(session))
    killed = trusting.standing_row(session, tenant_id).killed
    return json_answer(autopilot_document(actions.autopilot_row(session, tenant_id), standing, killed=killed))
