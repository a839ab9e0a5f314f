"""Quotas: how much of the platform a tenant may take, and how much it has taken."""

from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from core.jobs import quotas
from core.platform.tenants import find_tenant
from webapp.operations import Answer, Body, Call, operation, page_answer
from webapp.schemas.tenancy import QuotaList, QuotaSetting
from webapp.tenancy import quota_documents

blueprint = Blueprint("quotas", __name__, description="How much a tenant may take")

_ALL = {200: Answer("Every quota and how much of it is used", QuotaList)}


@operation(blueprint, "GET /quotas", "quotas:read", answers=_ALL)
def list_quotas(call: Call) -> Response:
    """List what one's own tenant may take, and what it has taken; days begin at midnight UTC."""
    with call.database.statements() as session:
        return _all(call, session, call.principal.tenant_id)


@operation(blueprint, "GET /tenants/<name>/quotas", "tenants:read", answers=_ALL, problems=(404,))
def list_quotas_of_tenant(call: Call, name: str) -> Response:
    """List what a tenant, named by slug or id, may take and has taken."""
    with call.platform.statements() as session:
        return _all(call, session, find_tenant(session, name))


@operation(
    blueprint,
    "PUT /tenants/<name>/quotas",
    "quotas:write",
    body=Body(QuotaSetting),
    answers=_ALL,
    problems=(404, 413, 415),
)
def set_quotas(call: Call, name: str) -> Response:
    """Set what a tenant may take, in place of what was set before; holds everywhere within five seconds."""
    with call.platform.transaction() as session:
        tenant_id = find_tenant(session, name)
        quotas.set_quotas(session, tenant_id, call.body)
        answer = _all(call, session, tenant_id)
    call.process.limits.forget()
    return answer


def _all(call: Call, session: Session, tenant_id: UUID) -> Response:
    return page_answer(quota_documents(quotas.read_use(session, tenant_id, now=call.process.clock())))
