"""What those look after who run the platform: its tenants, and what each may take."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from core.jobs import quotas
from core.platform import tenants
from webapp.dashboard.frame import led_on, page, rendered
from webapp.dashboard.pages.admin import filled_in, form_of
from webapp.operations import Call
from webapp.parsing import load
from webapp.schemas.tenancy import PageQuery, QuotaSetting, TenantChange, TenantRequest
from webapp.tenancy import quota_documents, tenant_document

blueprint = Blueprint("platform_admin", __name__)


@page(blueprint, "GET /admin/tenants", "tenants:read", query=PageQuery)
def list_tenants(call: Call) -> Response:
    """List the tenants, newest first."""
    return _tenants(call)


@page(blueprint, "POST /admin/tenants", "tenants:write")
def create_tenant(call: Call) -> Response:
    """Make a tenant."""
    fields = form_of(TenantRequest)

    def make(asked: Mapping[str, Any]) -> Response:
        with call.platform.transaction() as session:
            made = tenants.create_tenant(session, asked["slug"], name=asked["name"]).slug
        return led_on("platform_admin.show_tenant", "tenant-made", name=made)

    return filled_in(fields, TenantRequest(), make, lambda **more: _tenants(call, fields=fields, **more))


@page(blueprint, "GET /admin/tenants/<name>", "tenants:read")
def show_tenant(call: Call, name: str) -> Response:
    """Show a tenant with its quotas."""
    return _tenant(call, name)


@page(blueprint, "POST /admin/tenants/<name>", "tenants:write")
def change_tenant(call: Call, name: str) -> Response:
    """Suspend a tenant or let it back, or have its members log in with a second factor."""
    sent = {field: request.form[field] == "yes" for field in ("suspended", "totp_required") if field in request.form}
    with call.platform.transaction() as session:
        tenants.change_tenant(session, name, load(TenantChange(), sent), now=call.process.clock())
    call.process.keyring.forget()
    return led_on("platform_admin.show_tenant", "tenant-changed", name=name)


@page(blueprint, "POST /admin/tenants/<name>/quotas", "quotas:write")
def set_quotas(call: Call, name: str) -> Response:
    """Set what a tenant may take."""
    fields = form_of(QuotaSetting)

    def put(asked: Mapping[str, Any]) -> Response:
        with call.platform.transaction() as session:
            quotas.set_quotas(session, tenants.find_tenant(session, name), asked)
        call.process.limits.forget()
        return led_on("platform_admin.show_tenant", "quotas-changed", name=name)

    return filled_in(fields, QuotaSetting(), put, lambda **more: _tenant(call, name, fields=fields, **more))


def _tenants(call: Call, **more: Any) -> Response:
    limit = call.query.get("limit", 50)
    with call.platform.statements() as session:
        found = tenants.list_tenants(session, limit=limit + 1, after=call.query.get("cursor"))
        listed = [tenant_document(tenant) for tenant in found[:limit]]
    more.setdefault("fields", form_of(TenantRequest))
    cursor = listed[-1]["id"] if len(found) > limit else None
    return rendered("admin/tenants.html", tenants=listed, next_cursor=cursor, **more)


def _tenant(call: Call, name: str, **more: Any) -> Response:
    with call.platform.statements() as session:
        tenant = tenants.get_tenant(session, name)
        document = tenant_document(tenant)
        uses = quotas.read_use(session, tenant.id, now=call.process.clock())
    told = quota_documents(uses)
    limits = {each["name"]: each["limit"] for each in told if each["limit"] is not None}
    more.setdefault("fields", form_of(QuotaSetting, limits))
    return rendered("admin/tenant.html", tenant=document, quotas=told, **more)
