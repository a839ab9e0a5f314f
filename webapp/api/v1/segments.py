"""Segments: made, explained, refreshed, their members and what each refresh found."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from core.clock import database_now, rfc3339
from core.ids import uuid7
from core.workloads.customers.operations import refreshing, segments
from core.workloads.customers.segments.reading import read_definition
from webapp.once import HEADER, REPLAYED, made_before
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.segments import (
    ExplainRequest,
    Explanation,
    MembersQuery,
    RefreshesQuery,
    SegmentChange,
    SegmentDocument,
    SegmentList,
    SegmentMembers,
    SegmentRefreshes,
    SegmentRequest,
    SegmentsQuery,
)
from webapp.segments import clause_at, member_document, refresh_document, segment_document

blueprint = Blueprint("segments", __name__, description="Groups of customers by what is known of them")
_LOCATION = {"Location": "Its address"}


@operation(
    blueprint,
    "GET /segments",
    "customers:read",
    query=SegmentsQuery,
    answers={200: Answer("One page of segments", SegmentList)},
)
def list_segments(call: Call) -> Response:
    """List segments, newest first."""
    limit = call.query["limit"]
    with call.database.statements() as session:
        found = segments.list_segments(session, call.principal.tenant_id, limit=limit + 1, after=call.query["cursor"])
    page = [segment_document(row) for row in found[:limit]]
    return page_answer(page, page[-1]["id"] if len(found) > limit else None)


@operation(
    blueprint,
    "POST /segments",
    "customers:write",
    body=Body(SegmentRequest),
    headers=HEADER,
    answers={
        200: Answer(
            "The segment was there before, by its idempotency key",
            SegmentDocument,
            headers={**_LOCATION, "Idempotency-Replayed": "`true`"},
        ),
        201: Answer("The segment", SegmentDocument, headers=_LOCATION),
    },
    problems=(404, 409, 413, 415),
)
def create_segment(call: Call) -> Response:
    """Make a segment; who belongs to it is found by `customers.refresh_segment`, from time to time by itself."""
    tenant_id = call.principal.tenant_id
    with call.database.transaction() as session:
        made = uuid7()
        known = made_before(call, session, made)
        row = (
            segments.find(session, tenant_id, str(known))
            if known
            else segments.create(session, tenant_id, call.body, made)
        )
        document = segment_document(row)
    headers = {"Location": document["links"]["self"]}
    if known is not None:
        return json_answer(document, 200, {**headers, **REPLAYED})
    return json_answer(document, 201, headers)


@operation(
    blueprint,
    "POST /segments/explain",
    "customers:read",
    body=Body(ExplainRequest),
    answers={200: Answer("What each clause does", Explanation)},
    problems=(413, 415),
)
def explain_definition(call: Call) -> Response:
    """Tell how many people each clause of a definition chooses, before it is a segment."""
    with call.database.transaction() as session:
        segments.check(session, call.principal.tenant_id, call.body["definition"])
        return json_answer(_explanation(call, session, call.body["definition"]))


@operation(
    blueprint,
    "GET /segments/<segment>",
    "customers:read",
    answers={200: Answer("The segment", SegmentDocument)},
    problems=(404,),
)
def read_segment(call: Call, segment: str) -> Response:
    """Read a segment, by its id or its name."""
    with call.database.statements() as session:
        return json_answer(segment_document(segments.find(session, call.principal.tenant_id, segment)))


@operation(
    blueprint,
    "PATCH /segments/<segment>",
    "customers:write",
    body=Body(SegmentChange),
    answers={200: Answer("The segment as it is now", SegmentDocument)},
    problems=(404, 413, 415),
)
def change_segment(call: Call, segment: str) -> Response:
    """Change some fields; a new definition holds from the next refresh on."""
    with call.database.transaction() as session:
        row = segments.change(session, call.principal.tenant_id, segment, call.body)
        return json_answer(segment_document(row))


@operation(
    blueprint,
    "DELETE /segments/<segment>",
    "customers:write",
    answers={204: Answer("It is gone")},
    problems=(404, 409),
)
def remove_segment(call: Call, segment: str) -> Response:
    """Forget a segment with its members and its history, unless another one is made of it."""
    with call.database.transaction() as session:
        segments.remove(session, call.principal.tenant_id, segment)
    return Response(status=204)


@operation(
    blueprint,
    "GET /segments/<segment>/explain",
    "customers:read",
    answers={200: Answer("What each clause does", Explanation)},
    problems=(404,),
)
def explain_segment(call: Call, segment: str) -> Response:
    """Tell how many people each clause chooses now."""
    with call.database.transaction() as session:
        row = segments.find(session, call.principal.tenant_id, segment)
        return json_answer(_explanation(call, session, row.definition))


@operation(
    blueprint,
    "GET /segments/<segment>/members",
    "customers:read",
    query=MembersQuery,
    answers={200: Answer("One page of members", SegmentMembers)},
    problems=(404,),
)
def list_segment_members(call: Call, segment: str) -> Response:
    """List who belongs since the last refresh, by number of the profile; or who has left."""
    limit, present = call.query["limit"], not call.query["left"]
    with call.database.statements() as session:
        row = segments.find(session, call.principal.tenant_id, segment)
        after = call.query["cursor"]
        found = segments.list_members(session, row, limit=limit + 1, after=after, present=present)
    more = present and len(found) > limit
    return page_answer(
        [member_document(one) for one in found[:limit]], str(found[limit - 1].profile_id) if more else None
    )


@operation(
    blueprint,
    "GET /segments/<segment>/history",
    "customers:read",
    query=RefreshesQuery,
    answers={200: Answer("One page of refreshes", SegmentRefreshes)},
    problems=(404,),
)
def list_segment_refreshes(call: Call, segment: str) -> Response:
    """List what each refresh found, newest first."""
    limit = call.query["limit"]
    with call.database.statements() as session:
        row = segments.find(session, call.principal.tenant_id, segment)
        found = segments.list_refreshes(session, row, limit=limit + 1, before=call.query["cursor"])
    more = rfc3339(found[limit - 1].at) if len(found) > limit else None
    return page_answer([refresh_document(one) for one in found[:limit]], more)


def _explanation(call: Call, session: Session, definition: Any) -> dict[str, Any]:
    """Write an explanation: each clause with its place in the definition."""
    tree = read_definition(definition)
    told = refreshing.explain(session, call.principal.tenant_id, tree, database_now(session))
    each = [
        {"place": place, "clause": clause_at(definition, place), "profiles": count}
        for place, count in told["clauses"].items()
    ]
    return {"profiles": told["profiles"], "chosen": each[0]["profiles"], "clauses": each}
