"""The ledger of identity: who was merged or refused to be, undone by hand; values that unite nobody."""

from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from core.workloads.customers.operations import identities, people
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.people import identifier_document, merge_document
from webapp.schemas.people import (
    BlockedList,
    ContactRequest,
    IdentifierDocument,
    MergeDocument,
    MergeList,
    MergesQuery,
)

blueprint = Blueprint("identities", __name__, description="Who is who, and why")


@operation(
    blueprint,
    "GET /identities",
    "customers:read",
    query=MergesQuery,
    answers={200: Answer("One page of the ledger", MergeList)},
)
def list_identities(call: Call) -> Response:
    """List merges and refusals, newest first."""
    limit = call.query["limit"]
    with call.database.statements() as session:
        found = identities.list_merges(
            session,
            call.principal.tenant_id,
            limit=limit + 1,
            after=call.query["cursor"],
            outcome=call.query["outcome"],
        )
        page = [merge_document(row) for row in found[:limit]]
    return page_answer(page, page[-1]["id"] if len(found) > limit else None)


@operation(
    blueprint,
    "POST /identities/<uuid:merge_id>/undo",
    "customers:write",
    answers={200: Answer("The entry", MergeDocument)},
    problems=(404, 409),
)
def undo_merge(call: Call, merge_id: UUID) -> Response:
    """Part two persons again, for good: both profiles are as if they had never been merged."""
    with call.database.transaction() as session:
        row = identities.undo(session, call.principal.tenant_id, merge_id, call.principal.label)
        return json_answer(merge_document(row))


@operation(
    blueprint,
    "GET /identities/blocked",
    "customers:read",
    answers={200: Answer("Blocked identifiers", BlockedList)},
)
def list_blocked_identities(call: Call) -> Response:
    """List identifiers that unite nobody by the tenant's word."""
    tenant_id = call.principal.tenant_id
    with call.database.transaction() as session:
        found = identities.list_blocked(session, tenant_id)
        return page_answer([identifier_document(session, tenant_id, row) for row in found])


@operation(
    blueprint,
    "POST /identities/block",
    "customers:write",
    body=Body(ContactRequest),
    answers={200: Answer("The identifier", IdentifierDocument)},
    problems=(413, 415),
)
def block_identity(call: Call) -> Response:
    """Have an identifier unite nobody from now on, such as a shop's shared address; who it alone united is parted."""
    contact = people.check_contact(call.body["type"], call.body["value"], call.body["region"])
    with call.database.transaction() as session:
        row = identities.block(session, call.principal.tenant_id, contact)
        return json_answer(identifier_document(session, call.principal.tenant_id, row))


@operation(
    blueprint,
    "POST /identities/unblock",
    "customers:write",
    body=Body(ContactRequest),
    answers={200: Answer("The identifier", IdentifierDocument)},
    problems=(404, 413, 415),
)
def unblock_identity(call: Call) -> Response:
    """Take a block back."""
    contact = people.check_contact(call.body["type"], call.body["value"], call.body["region"])
    with call.database.transaction() as session:
        row = identities.unblock(session, call.principal.tenant_id, contact)
        return json_answer(identifier_document(session, call.principal.tenant_id, row))
