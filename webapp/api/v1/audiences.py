"""Audiences: members of segments as platforms know them; plans, and the ledger of what was sent."""

from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from core.ids import uuid7
from core.workloads.customers.operations import audiences
from webapp.audiences import audience_document, chunk_document, plan_document
from webapp.once import HEADER, REPLAYED, made_before
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.audiences import (
    AudienceChange,
    AudienceChunks,
    AudienceDocument,
    AudienceList,
    AudiencePlans,
    AudienceRequest,
    ChunksQuery,
)
from webapp.schemas.people import PagesQuery

blueprint = Blueprint("audiences", __name__, description="Segments as advertising platforms know them")
_LOCATION = {"Location": "Its address"}


@operation(
    blueprint,
    "GET /audiences",
    "customers:read",
    query=PagesQuery,
    answers={200: Answer("One page of audiences", AudienceList)},
)
def list_audiences(call: Call) -> Response:
    """List audiences, newest first."""
    limit, after = call.query["limit"], call.query["cursor"]
    with call.database.statements() as session:
        found = audiences.list_audiences(session, call.principal.tenant_id, limit=limit + 1, after=after)
    page = [audience_document(row) for row in found[:limit]]
    return page_answer(page, page[-1]["id"] if len(found) > limit else None)


@operation(
    blueprint,
    "POST /audiences",
    "customers:write",
    body=Body(AudienceRequest),
    headers=HEADER,
    answers={
        200: Answer(
            "The audience was there before, by its idempotency key",
            AudienceDocument,
            headers={**_LOCATION, "Idempotency-Replayed": "`true`"},
        ),
        201: Answer("The audience", AudienceDocument, headers=_LOCATION),
    },
    problems=(404, 409, 413, 415),
)
def create_audience(call: Call) -> Response:
    """Make an audience of a segment; nothing is sent before a sync is planned and applied."""
    tenant_id = call.principal.tenant_id
    with call.database.transaction() as session:
        made = uuid7()
        known = made_before(call, session, made)
        if known is None:
            row = audiences.create(session, tenant_id, call.body, made)
        else:
            row = audiences.find(session, tenant_id, str(known))
        document = audience_document(row)
    headers = {"Location": document["links"]["self"]}
    if known is not None:
        return json_answer(document, 200, {**headers, **REPLAYED})
    return json_answer(document, 201, headers)


@operation(
    blueprint,
    "GET /audiences/<audience>",
    "customers:read",
    answers={200: Answer("The audience", AudienceDocument)},
    problems=(404,),
)
def read_audience(call: Call, audience: str) -> Response:
    """Read an audience by its id or its name, and how many members its platform has acknowledged."""
    with call.database.statements() as session:
        row = audiences.find(session, call.principal.tenant_id, audience)
        count = audiences.count_acknowledged(session, row)
    return json_answer({**audience_document(row), "acknowledged": count})


@operation(
    blueprint,
    "PATCH /audiences/<audience>",
    "customers:write",
    body=Body(AudienceChange),
    answers={200: Answer("The audience as it is now", AudienceDocument)},
    problems=(404, 413, 415),
)
def change_audience(call: Call, audience: str) -> Response:
    """Change how often it is synced by itself."""
    with call.database.transaction() as session:
        row = audiences.change(session, call.principal.tenant_id, audience, call.body)
        return json_answer(audience_document(row))


@operation(
    blueprint,
    "DELETE /audiences/<audience>",
    "customers:write",
    answers={204: Answer("It is gone")},
    problems=(404, 409),
)
def remove_audience(call: Call, audience: str) -> Response:
    """Forget an audience of which its platform has no members any more."""
    with call.database.transaction() as session:
        audiences.remove(session, call.principal.tenant_id, audience)
    return Response(status=204)


@operation(
    blueprint,
    "GET /audiences/<audience>/plans",
    "customers:read",
    query=PagesQuery,
    answers={200: Answer("One page of plans", AudiencePlans)},
    problems=(404,),
)
def list_audience_plans(call: Call, audience: str) -> Response:
    """List the plans of an audience with their counts, newest first."""
    limit, after = call.query["limit"], call.query["cursor"]
    with call.database.statements() as session:
        row = audiences.find(session, call.principal.tenant_id, audience)
        found = audiences.list_plans(session, row, limit=limit + 1, after=after)
    page = [plan_document(one) for one in found[:limit]]
    return page_answer(page, page[-1]["id"] if len(found) > limit else None)


@operation(
    blueprint,
    "GET /audiences/<audience>/plans/<uuid:plan_id>/chunks",
    "customers:read",
    query=ChunksQuery,
    answers={200: Answer("One page of chunks", AudienceChunks)},
    problems=(404,),
)
def list_audience_chunks(call: Call, audience: str, plan_id: UUID) -> Response:
    """List the ledger of a plan: each request to the platform, by its number."""
    limit, tenant_id = call.query["limit"], call.principal.tenant_id
    with call.database.statements() as session:
        row = audiences.find(session, tenant_id, audience)
        plan = audiences.find_plan(session, tenant_id, plan_id)
        if plan.audience_id != row.id:
            raise audiences.PlanMissing(f"{row.name!r} has no plan {plan_id}")
        found = audiences.list_chunks(session, plan, limit=limit + 1, after=call.query["cursor"])
    more = str(found[limit - 1].number) if len(found) > limit else None
    return page_answer([chunk_document(one) for one in found[:limit]], more)
