"""Campaigns: drafted by one person, judged by another, published, activated through the gate."""

from collections.abc import Callable
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from core.clock import database_now
from core.ids import uuid7
from core.platform.access import Principal
from core.workloads.customers.operations import campaigns
from core.workloads.customers.operations.campaign_models import CampaignRow
from webapp.autopilot import action_document
from webapp.campaigns import campaign_document
from webapp.once import HEADER, REPLAYED, made_before
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.actions import ActionDocument, RejectRequest
from webapp.schemas.campaigns import CampaignChange, CampaignDocument, CampaignList, CampaignRequest, CampaignsQuery
from webapp.schemas.values import Nothing

blueprint = Blueprint("campaigns", __name__, description="Campaigns from draft to platform")
_PROBLEMS = (404, 409, 413, 415)


@operation(
    blueprint,
    "GET /campaigns",
    "customers:read",
    query=CampaignsQuery,
    answers={200: Answer("One page of campaigns", CampaignList)},
)
def list_campaigns(call: Call) -> Response:
    """List campaigns, newest first."""
    limit = call.query["limit"]
    asked = {"limit": limit + 1, "after": call.query["cursor"], "state": call.query["state"]}
    with call.database.statements() as session:
        found = campaigns.list_campaigns(session, call.principal.tenant_id, **asked)
    page = [campaign_document(row) for row in found[:limit]]
    return page_answer(page, page[-1]["id"] if len(found) > limit else None)


@operation(
    blueprint,
    "POST /campaigns",
    "customers:write",
    body=Body(CampaignRequest),
    headers=HEADER,
    answers={
        201: Answer("The draft", CampaignDocument, headers={"Location": "Its address"}),
        200: Answer("It was there before, by its key", CampaignDocument, headers={"Idempotency-Replayed": "`true`"}),
    },
    problems=_PROBLEMS,
)
def create_campaign(call: Call) -> Response:
    """Draft a campaign."""
    with call.database.transaction() as session:
        made, tenant_id = uuid7(), call.principal.tenant_id
        first = made_before(call, session, made)
        if first is not None:
            return json_answer(campaign_document(campaigns.find(session, tenant_id, first)), 200, REPLAYED)
        row = campaigns.create(session, call.principal, {**call.body, "id": made}, database_now(session))
        document = campaign_document(row)
    return json_answer(document, 201, {"Location": document["links"]["self"]})


@operation(
    blueprint,
    "GET /campaigns/<uuid:campaign_id>",
    "customers:read",
    answers={200: Answer("The campaign", CampaignDocument)},
    problems=(404,),
)
def read_campaign(call: Call, campaign_id: UUID) -> Response:
    """Read a campaign."""
    with call.database.statements() as session:
        return json_answer(campaign_document(campaigns.find(session, call.principal.tenant_id, campaign_id)))


@operation(
    blueprint,
    "PATCH /campaigns/<uuid:campaign_id>",
    "customers:write",
    body=Body(CampaignChange),
    answers={200: Answer("The draft", CampaignDocument)},
    problems=_PROBLEMS,
)
def change_campaign(call: Call, campaign_id: UUID) -> Response:
    """Change what was not published; it has to be submitted and approved anew."""
    return _turn(
        call, lambda session: campaigns.change(session, *_who(call, campaign_id), call.body, database_now(session))
    )


@operation(
    blueprint,
    "POST /campaigns/<uuid:campaign_id>/submit",
    "customers:write",
    body=Body(Nothing, required=False),
    answers={200: Answer("The campaign", CampaignDocument)},
    problems=_PROBLEMS,
)
def submit_campaign(call: Call, campaign_id: UUID) -> Response:
    """Hand a draft to whoever is to judge it."""
    return _turn(call, lambda session: campaigns.submit_draft(session, *_who(call, campaign_id), database_now(session)))


@operation(
    blueprint,
    "POST /campaigns/<uuid:campaign_id>/approve",
    "customers:write",
    body=Body(Nothing, required=False),
    answers={200: Answer("The campaign; it is published now", CampaignDocument)},
    problems=_PROBLEMS,
)
def approve_campaign(call: Call, campaign_id: UUID) -> Response:
    """Approve what was submitted and have it published, paused; its author cannot."""
    clock = call.process.clock
    answer = _turn(call, lambda session: campaigns.approve(session, *_who(call, campaign_id), clock=clock))
    call.process.waker.wake()
    return answer


@operation(
    blueprint,
    "POST /campaigns/<uuid:campaign_id>/reject",
    "customers:write",
    body=Body(RejectRequest, required=False),
    answers={200: Answer("The campaign", CampaignDocument)},
    problems=_PROBLEMS,
)
def reject_campaign(call: Call, campaign_id: UUID) -> Response:
    """Reject what was submitted; its author cannot."""
    why = call.body["why"]
    return _turn(call, lambda session: campaigns.reject(session, *_who(call, campaign_id), why, database_now(session)))


@operation(
    blueprint,
    "POST /campaigns/<uuid:campaign_id>/activate",
    "customers:write",
    body=Body(Nothing, required=False),
    answers={201: Answer("The action", ActionDocument, headers={"Location": "Its address"})},
    problems=_PROBLEMS,
)
def activate_campaign(call: Call, campaign_id: UUID) -> Response:
    """Propose that a published campaign runs: for the gate and a second person."""
    with call.database.transaction() as session:
        document = action_document(campaigns.activate(session, *_who(call, campaign_id), database_now(session)))
    return json_answer(document, 201, {"Location": document["links"]["self"]})


def _who(call: Call, campaign_id: UUID) -> tuple[Principal, UUID]:
    return call.principal, campaign_id


def _turn(call: Call, turn: Callable[[Session], CampaignRow]) -> Response:
    with call.database.transaction() as session:
        document = campaign_document(turn(session))
    return json_answer(document)
