"""Admin: who belongs to the tenant, with which keys, how much of the platform it takes, how long things are kept."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, request
from marshmallow import Schema

from core.errors import Missing, PenstockError
from core.jobs import quotas, retention
from core.platform import keys
from core.platform.access import Role
from core.platform.accounts import members
from core.platform.erasure import retention as rules
from webapp.dashboard.forms import Field, fields_of, place, take
from webapp.dashboard.frame import led_on, page, rendered
from webapp.openapi import json_schema
from webapp.operations import Call
from webapp.parsing import load
from webapp.problems import status_of
from webapp.schemas.erasures import RetentionSetting
from webapp.schemas.tenancy import KeyRequest, MemberChange, MemberRequest, PageQuery
from webapp.tenancy import key_document, member_document, quota_documents

blueprint = Blueprint("admin", __name__)


class FlowerAbsent(Missing):
    """Flower does not run here."""

    code = "flower_absent"


Rendering = Callable[..., Response]


@page(blueprint, "GET /admin", "members:read")
def show_admin(call: Call) -> Response:
    """Show what an admin may look after."""
    has_flower = call.process.settings.flower_port is not None
    return rendered("admin/overview.html", flower=has_flower and call.principal.may("tenants:read"))


@page(blueprint, "GET /admin/flower", "tenants:read")
def enter_flower(call: Call) -> Response:
    """Let whoever runs the platform into Flower: it has a port of its own, and takes a pass from here."""
    process = call.process
    if process.settings.flower_port is None:
        raise FlowerAbsent
    shown = process.passes.issue(call.principal.label, request.base_url, now=process.clock())
    host = request.host.partition(":")[0]
    answer: Response = redirect(f"http://{host}:{process.settings.flower_port}/enter?pass={shown}", 303)  # type: ignore[assignment]  # Werkzeug's class
    answer.headers["Cache-Control"] = "no-store"
    return answer


@page(blueprint, "GET /admin/members", "members:read", query=PageQuery)
def list_members(call: Call) -> Response:
    """List the members, newest first."""
    return _members(call)


@page(blueprint, "POST /admin/members", "members:write")
def invite_member(call: Call) -> Response:
    """Make an account, and tell the password to begin with once."""
    process = call.process
    fields = form_of(MemberRequest)

    def invite(asked: Mapping[str, Any]) -> Response:
        role = Role(asked["role"])
        call.principal.require_grantable(role)
        with call.database.transaction() as session:
            invited = members.invite(
                session,
                process.passwords,
                process.settings.secret_key,
                call.principal.tenant_id,
                asked["email"],
                role,
                now=process.clock(),
            )
            made = member_document(session, invited.member, password=invited.password)
        return _members(call, made=made)

    return filled_in(fields, MemberRequest(), invite, lambda **more: _members(call, fields=fields, **more))


@page(blueprint, "POST /admin/members/<uuid:member_id>", "members:write")
def change_member(call: Call, member_id: UUID) -> Response:
    """Change a member's role, disable it or let it back."""
    form = request.form
    sent = {"role": form["role"]} if "role" in form else {"disabled": form.get("disabled") == "yes"}
    changes: dict[str, Any] = dict(load(MemberChange(), sent))
    if "role" in changes:
        call.principal.require_grantable(Role(changes["role"]))
    with call.database.transaction() as session:
        members.change(session, call.principal.tenant_id, member_id, changes, now=call.process.clock())
    call.process.keyring.forget()
    return led_on("admin.list_members", "member-changed")


@page(blueprint, "POST /admin/members/<uuid:member_id>/reset", "members:write")
def reset_member(call: Call, member_id: UUID) -> Response:
    """Let a member begin anew that lost its password or second factor."""
    process, tenant_id = call.process, call.principal.tenant_id
    with call.database.transaction() as session:
        call.principal.require_grantable(Role(members.get_member(session, tenant_id, member_id).role))
        invited = members.reset(session, process.passwords, tenant_id, member_id, now=process.clock())
        made = member_document(session, invited.member, password=invited.password)
    process.keyring.forget()
    return _members(call, made=made)


@page(blueprint, "GET /admin/keys", "keys:read", query=PageQuery)
def list_keys(call: Call) -> Response:
    """List the keys, newest first."""
    return _keys(call)


@page(blueprint, "POST /admin/keys", "keys:write")
def create_key(call: Call) -> Response:
    """Make a key, and tell it once."""
    fields = form_of(KeyRequest)

    def make(asked: Mapping[str, Any]) -> Response:
        role, sent = Role(asked["role"]), keys.make_key()
        call.principal.require_grantable(role, asked["scopes"])
        with call.database.transaction() as session:
            options = {name: asked[name] for name in ("name", "expires_at", "scopes")}
            tenant_id, by = call.principal.tenant_id, call.principal.id
            keys.remember_key(session, sent, tenant_id=tenant_id, role=role, created_by=by, **options)
        return _keys(call, sent=sent)

    return filled_in(fields, KeyRequest(), make, lambda **more: _keys(call, fields=fields, **more))


@page(blueprint, "POST /admin/keys/<uuid:key_id>/revoke", "keys:write")
def revoke_key(call: Call, key_id: UUID) -> Response:
    """Stop honouring a key."""
    with call.database.transaction() as session:
        keys.revoke(session, call.principal.tenant_id, key_id)
    call.process.keyring.forget()
    return led_on("admin.list_keys", "key-revoked")


@page(blueprint, "GET /admin/quotas", "quotas:read")
def show_quotas(call: Call) -> Response:
    """Show what the tenant may take, and has taken."""
    with call.database.statements() as session:
        uses = quotas.read_use(session, call.principal.tenant_id, now=call.process.clock())
    return rendered("admin/quotas.html", quotas=quota_documents(uses))


@page(blueprint, "GET /admin/retention", "retention:read")
def show_retention(call: Call) -> Response:
    """Show how long things are kept."""
    tenant_id, days = call.principal.tenant_id, call.process.settings.retention_days
    with call.database.statements() as session:
        jobs = retention.read_retention(session, tenant_id, default_days=days)
        records = rules.read_rules(session, tenant_id)
    return rendered("admin/retention.html", jobs=jobs, records=records, longest=rules.LONGEST_DAYS)


@page(blueprint, "POST /admin/retention/<name>", "retention:write")
def set_retention(call: Call, name: str) -> Response:
    """Set how many days a sort of record is kept; none typed is the platform's own rule."""
    typed = request.form.get("days", "").strip()
    days = None
    if typed:
        days = load(RetentionSetting(), {"days": int(typed) if typed.isdecimal() else typed})["days"]
    with call.database.transaction() as session:
        rules.set_rule(session, call.principal.tenant_id, name, days)
    return led_on("admin.show_retention", "retention-changed")


def form_of(schema: type[Schema], values: Mapping[str, Any] | None = None) -> list[Field]:
    """Make the fields of what a route of the API takes."""
    return fields_of(json_schema(schema), values or {})


def filled_in(
    fields: list[Field], schema: Schema, act: Callable[[Mapping[str, Any]], Response], show: Rendering
) -> Response:
    """Do what a form asks for, or show it again with what is wrong at its fields."""
    taken = take(fields, request.form)
    if any(each.errors for each in fields):
        return show(status=422)
    try:
        return act(load(schema, taken))
    except PenstockError as error:
        return show(status=status_of(type(error)), error=error, left=place(fields, error.errors, below=""))


def _members(call: Call, **more: Any) -> Response:
    limit = call.query.get("limit", 50)
    with call.database.statements() as session:
        tenant_id, after = call.principal.tenant_id, call.query.get("cursor")
        found = members.list_members(session, tenant_id, limit=limit + 1, after=after)
        listed = [member_document(session, member) for member in found[:limit]]
    more.setdefault("fields", form_of(MemberRequest))
    cursor = listed[-1]["id"] if len(found) > limit else None
    return rendered("admin/members.html", members=listed, next_cursor=cursor, roles=list(Role), **more)


def _keys(call: Call, **more: Any) -> Response:
    limit = call.query.get("limit", 50)
    with call.database.statements() as session:
        tenant_id, after = call.principal.tenant_id, call.query.get("cursor")
        found = keys.list_keys(session, tenant_id, limit=limit + 1, after=after)
        listed = [key_document(key) for key in found[:limit]]
    more.setdefault("fields", form_of(KeyRequest))
    return rendered(
        "admin/keys.html", keys=listed, next_cursor=listed[-1]["id"] if len(found) > limit else None, **more
    )
