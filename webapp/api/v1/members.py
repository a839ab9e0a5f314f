"""Members: the accounts of the caller's tenant."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from core.platform.access import Role
from core.platform.accounts import members
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.tenancy import (
    InvitedDocument,
    MemberChange,
    MemberDocument,
    MemberList,
    MemberRequest,
    PageQuery,
)
from webapp.tenancy import member_document

blueprint = Blueprint("members", __name__, description="Accounts of a tenant")


@operation(
    blueprint, "GET /members", "members:read", query=PageQuery, answers={200: Answer("One page of members", MemberList)}
)
def list_members(call: Call) -> Response:
    """List members, newest first."""
    limit = call.query["limit"]
    with call.database.statements() as session:
        found = members.list_members(session, call.principal.tenant_id, limit=limit + 1, after=call.query["cursor"])
        page = [member_document(session, member) for member in found[:limit]]
    return page_answer(page, page[-1]["id"] if len(found) > limit else None)


@operation(
    blueprint,
    "POST /members",
    "members:write",
    body=Body(MemberRequest),
    answers={
        201: Answer("The member, with the password to begin with", InvitedDocument, headers={"Location": "Its address"})
    },
    problems=(409, 413, 415),
)
def invite_member(call: Call) -> Response:
    """Make an account.

    The answer has the password to begin with; it is exchanged for one of the member's own at the first login.
    """
    return invite(call, call.principal.tenant_id)


@operation(
    blueprint,
    "GET /members/<uuid:member_id>",
    "members:read",
    answers={200: Answer("The member", MemberDocument)},
    problems=(404,),
)
def read_member(call: Call, member_id: UUID) -> Response:
    """Read a member."""
    with call.database.statements() as session:
        member = members.get_member(session, call.principal.tenant_id, member_id)
        return json_answer(member_document(session, member))


@operation(
    blueprint,
    "PATCH /members/<uuid:member_id>",
    "members:write",
    body=Body(MemberChange),
    answers={200: Answer("The member as it is now", MemberDocument)},
    problems=(404, 409, 413, 415),
)
def change_member(call: Call, member_id: UUID) -> Response:
    """Change a member's role, or disable it, which ends its sessions."""
    fields: dict[str, Any] = dict(call.body)
    if "role" in fields:
        call.principal.require_grantable(Role(fields["role"]))
    with call.database.transaction() as session:
        member = members.change(session, call.principal.tenant_id, member_id, fields, now=call.process.clock())
        document = member_document(session, member)
    call.process.keyring.forget()
    return json_answer(document)


@operation(
    blueprint,
    "POST /members/<uuid:member_id>/reset",
    "members:write",
    answers={200: Answer("The member, with a password to begin anew with", InvitedDocument)},
    problems=(404,),
)
def reset_member(call: Call, member_id: UUID) -> Response:
    """Let a member begin anew that lost its password or second factor; its sessions end."""
    process = call.process
    with call.database.transaction() as session:
        held = members.get_member(session, call.principal.tenant_id, member_id)
        call.principal.require_grantable(Role(held.role))
        invited = members.reset(session, process.passwords, call.principal.tenant_id, member_id, now=process.clock())
        document = member_document(session, invited.member, password=invited.password)
    process.keyring.forget()
    return json_answer(document)


@operation(
    blueprint,
    "DELETE /members/<uuid:member_id>",
    "members:write",
    answers={204: Answer("It is gone")},
    problems=(404, 409),
)
def delete_member(call: Call, member_id: UUID) -> Response:
    """Delete an account; what it submitted stays."""
    with call.database.transaction() as session:
        members.remove(session, call.principal.tenant_id, member_id)
    call.process.keyring.forget()
    return Response(status=204)


def invite(call: Call, tenant_id: UUID) -> Response:
    """Make an account of a tenant as the body says."""
    process, role = call.process, Role(call.body["role"])
    call.principal.require_grantable(role)
    with process.database.within(tenant_id).transaction() as session:
        invited = members.invite(
            session,
            process.passwords,
            process.settings.secret_key,
            tenant_id,
            call.body["email"],
            role,
            now=process.clock(),
        )
        document = member_document(session, invited.member, password=invited.password)
    return json_answer(document, 201, {"Location": f"/api/v1/members/{document['id']}"})
