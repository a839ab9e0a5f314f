"""Links to CRMs: whose each field is, and keeping both sides in step."""

from flask import Response
from flask_smorest import Blueprint

from core.ids import uuid7
from core.jobs.documents import job_address
from core.workloads.customers.operations import crm_links
from webapp.crm import link_document
from webapp.once import HEADER, REPLAYED, made_before
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.crm import (
    CrmErrorList,
    CrmLinkChange,
    CrmLinkDocument,
    CrmLinkList,
    CrmLinkRequest,
    SyncAnswer,
    SyncRequest,
)

blueprint = Blueprint("crm_links", __name__, description="Contacts kept in step with CRMs")
_MOST_ERRORS = 200


@operation(blueprint, "GET /crm-links", "customers:read", answers={200: Answer("All links", CrmLinkList)})
def list_crm_links(call: Call) -> Response:
    """List links by name."""
    with call.database.statements() as session:
        return page_answer([link_document(row) for row in crm_links.list_links(session, call.principal.tenant_id)])


@operation(
    blueprint,
    "POST /crm-links",
    "customers:write",
    body=Body(CrmLinkRequest),
    headers=HEADER,
    answers={
        201: Answer("The link", CrmLinkDocument, headers={"Location": "Its address"}),
        200: Answer("It was there before, by its key", CrmLinkDocument, headers={"Idempotency-Replayed": "`true`"}),
    },
    problems=(404, 409, 413, 415),
)
def create_crm_link(call: Call) -> Response:
    """Link a CRM; nothing is read or written before it is synced."""
    with call.database.transaction() as session:
        made, tenant_id = uuid7(), call.principal.tenant_id
        first = made_before(call, session, made)
        if first is not None:
            return json_answer(link_document(crm_links.find(session, tenant_id, str(first))), 200, REPLAYED)
        document = link_document(crm_links.create(session, tenant_id, {**call.body, "id": made}))
    return json_answer(document, 201, {"Location": document["links"]["self"]})


@operation(
    blueprint,
    "GET /crm-links/<link>",
    "customers:read",
    answers={200: Answer("The link", CrmLinkDocument)},
    problems=(404,),
)
def read_crm_link(call: Call, link: str) -> Response:
    """Read a link, by its id or its name."""
    with call.database.statements() as session:
        return json_answer(link_document(crm_links.find(session, call.principal.tenant_id, link)))


@operation(
    blueprint,
    "PATCH /crm-links/<link>",
    "customers:write",
    body=Body(CrmLinkChange),
    answers={200: Answer("The link", CrmLinkDocument)},
    problems=(404, 413, 415),
)
def change_crm_link(call: Call, link: str) -> Response:
    """Change a link; where fields change hands all is read from the beginning."""
    with call.database.transaction() as session:
        return json_answer(link_document(crm_links.change(session, call.principal.tenant_id, link, call.body)))


@operation(
    blueprint,
    "DELETE /crm-links/<link>",
    "customers:write",
    answers={204: Answer("It is gone")},
    problems=(404, 409),
)
def remove_crm_link(call: Call, link: str) -> Response:
    """Forget a link, unless its CRM is still to forget people who were erased; neither side's contacts go."""
    with call.database.transaction() as session:
        crm_links.remove(session, call.principal.tenant_id, link)
    return Response(status=204)


@operation(
    blueprint,
    "POST /crm-links/<link>/sync",
    "customers:write",
    body=Body(SyncRequest, required=False),
    answers={202: Answer("The job that syncs it", SyncAnswer, headers={"Location": "Address of the job"})},
    problems=(404, 409, 413, 415),
)
def sync_crm_link(call: Call, link: str) -> Response:
    """Bring both sides in step, or only tell what would be done."""
    dry_run, clock = call.body["dry_run"], call.process.clock
    with call.database.transaction() as session:
        row = crm_links.find(session, call.principal.tenant_id, link)
        job_id = crm_links.submit_sync(session, call.principal, row, dry_run=dry_run, clock=clock)
    call.process.waker.wake()
    return json_answer({"job_id": str(job_id)}, 202, {"Location": job_address(job_id)})


@operation(
    blueprint,
    "GET /crm-links/<link>/errors",
    "customers:read",
    answers={200: Answer("Contacts that were not taken", CrmErrorList)},
    problems=(404,),
)
def list_crm_errors(call: Call, link: str) -> Response:
    """List contacts whose latest words of ours the CRM did not take, at most 200."""
    with call.database.statements() as session:
        row = crm_links.find(session, call.principal.tenant_id, link)
        found = crm_links.list_errors(session, row.tenant_id, row.id, limit=_MOST_ERRORS)
        return page_answer([{"crm_id": one.crm_id, "reason": one.error} for one in found])
