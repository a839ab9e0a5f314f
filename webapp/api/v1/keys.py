"""API keys of the caller's tenant."""

from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from core.platform import keys
from core.platform.access import Role
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.tenancy import KeyDocument, KeyList, KeyRequest, NewKeyDocument, PageQuery
from webapp.tenancy import key_document

blueprint = Blueprint("keys", __name__, description="API keys of a tenant")


@operation(blueprint, "GET /keys", "keys:read", query=PageQuery, answers={200: Answer("One page of keys", KeyList)})
def list_keys(call: Call) -> Response:
    """List keys, newest first, revoked ones too; the keys themselves are nowhere."""
    limit = call.query["limit"]
    with call.database.statements() as session:
        found = keys.list_keys(session, call.principal.tenant_id, limit=limit + 1, after=call.query["cursor"])
        page = [key_document(key) for key in found[:limit]]
    return page_answer(page, page[-1]["id"] if len(found) > limit else None)


@operation(
    blueprint,
    "POST /keys",
    "keys:write",
    body=Body(KeyRequest),
    answers={201: Answer("The key, told only now", NewKeyDocument, headers={"Location": "Its address"})},
    problems=(413, 415),
)
def create_key(call: Call) -> Response:
    """Make an API key, of a role and perhaps confined to some permissions of it."""
    return make(call, call.principal.tenant_id)


@operation(
    blueprint,
    "GET /keys/<uuid:key_id>",
    "keys:read",
    answers={200: Answer("What is known of the key", KeyDocument)},
    problems=(404,),
)
def read_key(call: Call, key_id: UUID) -> Response:
    """Read what is known of a key."""
    with call.database.statements() as session:
        return json_answer(key_document(keys.get_key(session, call.principal.tenant_id, key_id)))


@operation(
    blueprint,
    "DELETE /keys/<uuid:key_id>",
    "keys:write",
    answers={200: Answer("The key as it is now", KeyDocument)},
    problems=(404,),
)
def revoke_key(call: Call, key_id: UUID) -> Response:
    """Stop honouring a key: at once here, within five seconds in every other web process."""
    with call.database.transaction() as session:
        document = key_document(keys.revoke(session, call.principal.tenant_id, key_id))
    call.process.keyring.forget()
    return json_answer(document)


def make(call: Call, tenant_id: UUID) -> Response:
    """Make a key of a tenant as the body says."""
    asked, role, sent = call.body, Role(call.body["role"]), keys.make_key()
    call.principal.require_grantable(role, asked["scopes"])
    with call.process.database.within(tenant_id).transaction() as session:
        key_id = keys.remember_key(
            session,
            sent,
            tenant_id=tenant_id,
            name=asked["name"],
            role=role,
            expires_at=asked["expires_at"],
            scopes=asked["scopes"],
            created_by=call.principal.id,
        )
        document = key_document(keys.get_key(session, tenant_id, key_id), sent=sent)
    return json_answer(document, 201, {"Location": f"/api/v1/keys/{key_id}"})
