"""Triggers: jobs that are submitted when something happens, and what became of the events."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from marshmallow import Schema

from core.jobs import triggers
from webapp.bus import trigger_document, trigger_run_document
from webapp.dashboard.forms import Field
from webapp.dashboard.frame import led_on, page, rendered
from webapp.dashboard.pages.admin import filled_in, form_of
from webapp.dashboard.records import changed_in
from webapp.operations import Call
from webapp.schemas.bus import TriggerChange, TriggerRequest, TriggersQuery

blueprint = Blueprint("triggers", __name__)

RUNS_SHOWN = 30
_ONE = "/triggers/<uuid:trigger_id>"
_READ, _WRITE = "triggers:read", "triggers:write"


@page(blueprint, "GET /triggers", _READ, query=TriggersQuery)
def list_triggers(call: Call) -> Response:
    """List triggers, newest first."""
    return _triggers(call)


@page(blueprint, "POST /triggers", _WRITE)
def create_trigger(call: Call) -> Response:
    """Make a trigger, or show what is wrong with it."""
    fields = _fields(call, TriggerRequest)

    def make(asked: Mapping[str, Any]) -> Response:
        with call.database.transaction() as session:
            made = triggers.create(session, call.principal, call.process.catalogue.find, asked)
        return led_on("triggers.show_trigger", "made", trigger_id=made.id)

    return filled_in(fields, TriggerRequest(), make, lambda **more: _triggers(call, fields=fields, **more))


@page(blueprint, f"GET {_ONE}", _READ)
def show_trigger(call: Call, trigger_id: UUID) -> Response:
    """Show a trigger, and what became of the latest events."""
    return _trigger(call, trigger_id)


@page(blueprint, f"POST {_ONE}", _WRITE)
def change_trigger(call: Call, trigger_id: UUID) -> Response:
    """Change a trigger, or show what is wrong with it."""
    with call.database.statements() as session:
        document = trigger_document(triggers.get_trigger(session, call.principal.tenant_id, trigger_id))
    fields = _fields(call, TriggerChange, document)

    def change(changes: Mapping[str, Any]) -> Response:
        with call.database.transaction() as session:
            triggers.change(session, call.principal, call.process.catalogue.find, trigger_id, changes)
        return led_on("triggers.show_trigger", "changed", trigger_id=trigger_id)

    return changed_in(
        fields, TriggerChange(), document, change, lambda **more: _trigger(call, trigger_id, fields=fields, **more)
    )


@page(blueprint, f"POST {_ONE}/delete", _WRITE)
def delete_trigger(call: Call, trigger_id: UUID) -> Response:
    """Delete a trigger; its jobs stay."""
    with call.database.transaction() as session:
        triggers.remove(session, call.principal.tenant_id, trigger_id)
    return led_on("triggers.list_triggers", "deleted")


def _triggers(call: Call, **more: Any) -> Response:
    limit, after = call.query.get("limit", 50), call.query.get("cursor")
    with call.database.statements() as session:
        rows = triggers.list_triggers(session, call.principal.tenant_id, limit=limit + 1, after=after)
    more.setdefault("fields", _fields(call, TriggerRequest))
    cursor = rows[limit - 1].id if len(rows) > limit else None
    listed = [trigger_document(row) for row in rows[:limit]]
    return rendered("triggers.html", triggers=listed, next_cursor=cursor, **more)


def _trigger(call: Call, trigger_id: UUID, **more: Any) -> Response:
    tenant_id = call.principal.tenant_id
    with call.database.statements() as session:
        document = trigger_document(triggers.get_trigger(session, tenant_id, trigger_id))
        runs = triggers.list_trigger_runs(session, tenant_id, trigger_id, limit=RUNS_SHOWN)
    more.setdefault("fields", _fields(call, TriggerChange, document))
    return rendered("trigger.html", trigger=document, runs=[trigger_run_document(run) for run in runs], **more)


def _fields(call: Call, schema: type[Schema], values: Mapping[str, Any] | None = None) -> list[Field]:
    """Make the fields, with the kinds to choose from."""
    fields = form_of(schema, values)
    for each in fields:
        if each.name == "kind":
            each.control, each.schema = "choice", {**each.schema, "enum": list(call.process.catalogue.kinds)}
    return fields
