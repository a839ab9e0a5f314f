"""Tenants, for those who run the platform."""

from flask import Response
from flask_smorest import Blueprint

from core.platform import tenants
from core.platform.tenants import find_tenant
from webapp.api.v1 import keys, members
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.tenancy import (
    InvitedDocument,
    KeyRequest,
    MemberRequest,
    NewKeyDocument,
    PageQuery,
    TenantChange,
    TenantDocument,
    TenantList,
    TenantRequest,
)
from webapp.tenancy import tenant_document

blueprint = Blueprint("tenants", __name__, description="Tenants, for those who run the platform")


@operation(
    blueprint, "GET /tenants", "tenants:read", query=PageQuery, answers={200: Answer("One page of tenants", TenantList)}
)
def list_tenants(call: Call) -> Response:
    """List tenants, newest first."""
    limit = call.query["limit"]
    with call.platform.statements() as session:
        found = tenants.list_tenants(session, limit=limit + 1, after=call.query["cursor"])
        page = [tenant_document(tenant) for tenant in found[:limit]]
    return page_answer(page, page[-1]["id"] if len(found) > limit else None)


@operation(
    blueprint,
    "POST /tenants",
    "tenants:write",
    body=Body(TenantRequest),
    answers={201: Answer("The tenant", TenantDocument, headers={"Location": "Its address"})},
    problems=(409, 413, 415),
)
def create_tenant(call: Call) -> Response:
    """Make a tenant; its first member or key is made by `POST /tenants/{name}/members` or `…/keys`."""
    with call.platform.transaction() as session:
        document = tenant_document(tenants.create_tenant(session, call.body["slug"], name=call.body["name"]))
    return json_answer(document, 201, {"Location": f"/api/v1/tenants/{document['slug']}"})


@operation(
    blueprint,
    "GET /tenants/<name>",
    "tenants:read",
    answers={200: Answer("The tenant", TenantDocument)},
    problems=(404,),
)
def read_tenant(call: Call, name: str) -> Response:
    """Read a tenant, named by slug or id."""
    with call.platform.statements() as session:
        return json_answer(tenant_document(tenants.get_tenant(session, name)))


@operation(
    blueprint,
    "PATCH /tenants/<name>",
    "tenants:write",
    body=Body(TenantChange),
    answers={200: Answer("The tenant as it is now", TenantDocument)},
    problems=(404, 409, 413, 415),
)
def change_tenant(call: Call, name: str) -> Response:
    """Change what a tenant is called and asks of its members, or suspend it."""
    with call.platform.transaction() as session:
        document = tenant_document(tenants.change_tenant(session, name, call.body, now=call.process.clock()))
    call.process.keyring.forget()
    return json_answer(document)


@operation(
    blueprint,
    "POST /tenants/<name>/members",
    "tenants:write",
    body=Body(MemberRequest),
    answers={
        201: Answer("The member, with the password to begin with", InvitedDocument, headers={"Location": "Its address"})
    },
    problems=(404, 409, 413, 415),
)
def invite_member_of_tenant(call: Call, name: str) -> Response:
    """Make an account of a tenant, named by slug or id: its first admin, perhaps."""
    with call.platform.statements() as session:
        tenant_id = find_tenant(session, name)
    return members.invite(call, tenant_id)


@operation(
    blueprint,
    "POST /tenants/<name>/keys",
    "tenants:write",
    body=Body(KeyRequest),
    answers={201: Answer("The key, told only now", NewKeyDocument, headers={"Location": "Its address"})},
    problems=(404, 413, 415),
)
def create_key_of_tenant(call: Call, name: str) -> Response:
    """Make an API key of a tenant, named by slug or id."""
    with call.platform.statements() as session:
        tenant_id = find_tenant(session, name)
    return keys.make(call, tenant_id)
