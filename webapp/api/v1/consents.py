"""Consents: words with their proofs."""

from flask import Response
from flask_smorest import Blueprint

from core.clock import database_now
from core.workloads.customers.operations import consents, people
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.people import consent_document
from webapp.schemas.people import ConsentDocument, ConsentList, ConsentRequest, ConsentsQuery

blueprint = Blueprint("consents", __name__, description="What customers agreed to and withdrew")


@operation(
    blueprint,
    "GET /consents",
    "customers:read",
    query=ConsentsQuery,
    answers={200: Answer("One page of words", ConsentList)},
)
def list_consents(call: Call) -> Response:
    """List words on consent, newest first; the latest of a purpose and channel holds."""
    limit = call.query["limit"]
    with call.database.statements() as session:
        found = consents.list_consents(
            session,
            call.principal.tenant_id,
            limit=limit + 1,
            after=call.query["cursor"],
            profile_id=call.query["profile"],
        )
        page = [consent_document(*row) for row in found[:limit]]
    return page_answer(page, page[-1]["id"] if len(found) > limit else None)


@operation(
    blueprint,
    "POST /consents",
    "customers:ingest",
    body=Body(ConsentRequest),
    answers={201: Answer("The word", ConsentDocument)},
    problems=(413, 415),
)
def record_consent(call: Call) -> Response:
    """Record that somebody agreed or withdrew, with its proof; a withdrawal leaves every audience at the next sweep."""
    said = dict(call.body)
    contact = people.check_contact(said.pop("type"), said.pop("value"), said.pop("region"))
    at = said.pop("at")
    with call.database.transaction() as session:
        now = database_now(session)
        row = consents.record(session, call.principal.tenant_id, contact, said, min(at, now) if at else now)
        found = people.find_identifier(session, call.principal.tenant_id, contact)
        document = consent_document(row, contact.type, None if found is None else found.profile_id)
    return json_answer(document, 201)
