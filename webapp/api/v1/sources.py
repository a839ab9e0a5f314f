"""Sources, and the events that they send."""

from flask import Response, request
from flask_smorest import Blueprint

from core.clock import database_now
from core.workloads.customers.operations import figures, ingesting, resolving, sources
from core.workloads.customers.wire import BATCH_BYTES, TYPES
from webapp.operations import JSON, Answer, Body, Call, json_answer, operation, page_answer
from webapp.parsing import load, read_body
from webapp.people import source_document
from webapp.schemas.people import BatchRequest, IngestedAnswer, SourceDocument, SourceList, SourceRequest

blueprint = Blueprint("sources", __name__, description="Where customers' events come from")
_SENT = {"requestBody": {"required": True, "content": {JSON: {"schema": BatchRequest}}}}


@operation(blueprint, "GET /sources", "customers:read", answers={200: Answer("All sources", SourceList)})
def list_sources(call: Call) -> Response:
    """List sources by name, with what came of their events."""
    with call.database.statements() as session:
        found = sources.list_sources(session, call.principal.tenant_id)
        return page_answer([source_document(row) for row in found])


@operation(
    blueprint,
    "POST /sources",
    "customers:write",
    body=Body(SourceRequest),
    answers={201: Answer("The source", SourceDocument, headers={"Location": "Its address"})},
    problems=(409, 413, 415),
)
def create_source(call: Call) -> Response:
    """Make a source."""
    with call.database.transaction() as session:
        document = source_document(sources.create(session, call.principal.tenant_id, call.body))
    return json_answer(document, 201, {"Location": document["links"]["self"]})


@operation(
    blueprint,
    "GET /sources/<source>",
    "customers:read",
    answers={200: Answer("The source", SourceDocument)},
    problems=(404,),
)
def read_source(call: Call, source: str) -> Response:
    """Read a source, by its id or its name."""
    with call.database.statements() as session:
        return json_answer(source_document(sources.find(session, call.principal.tenant_id, source)))


@operation(
    blueprint,
    "DELETE /sources/<source>",
    "customers:write",
    answers={204: Answer("It is gone")},
    problems=(404, 409),
)
def remove_source(call: Call, source: str) -> Response:
    """Forget a source that nothing came from."""
    with call.database.transaction() as session:
        sources.remove(session, call.principal.tenant_id, source)
    return Response(status=204)


@operation(
    blueprint,
    "POST /sources/<source>/events",
    "customers:ingest",
    answers={200: Answer("What became of them", IngestedAnswer)},
    problems=(404, 413, 415),
    documentation=_SENT,
)
def take_events(call: Call, source: str) -> Response:
    """Take in events of Segment's spec (identify, track, page, screen, group, alias): `{"batch": [...]}`, or one.

    At most 32 KiB an event and 500 KiB a batch. A message is known by its `messageId`: sent again it changes nothing.
    Events that are wrong are set aside, each with its reason; the others land.
    """
    tenant_id = call.principal.tenant_id
    sent = read_body(request, limit=min(BATCH_BYTES, call.process.settings.max_body_bytes))
    single = isinstance(sent, dict) and sent.get("type") in TYPES
    batch = [sent] if single else load(BatchRequest(), {} if sent is None else sent)["batch"]
    with call.database.transaction() as session:
        row = sources.find(session, tenant_id, source)
        sources.lock_people(session, tenant_id)
        outcome = ingesting.ingest(session, row, enumerate(batch), database_now(session))
        resolving.resolve_touched(session, tenant_id, outcome.sightings)
        figures.refresh(session, tenant_id, outcome.people)
    told = {"accepted": outcome.accepted, "duplicates": outcome.duplicates, "rejected": outcome.rejected}
    return json_answer(told)
