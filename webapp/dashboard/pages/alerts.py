"""Alerts: what should be looked at, who takes care of it, and which figures are watched."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from core.jobs.alert_documents import alert_document, alert_event_document, alert_rule_document
from core.platform.alerts import reading, rules
from core.platform.alerts.reading import AlertFilter
from webapp.dashboard.frame import led_on, page, rendered
from webapp.dashboard.pages.admin import filled_in, form_of
from webapp.dashboard.records import changed_in
from webapp.operations import Call
from webapp.schemas.alert_rules import AlertRuleChange, AlertRuleRequest
from webapp.schemas.alerts import AlertsQuery

blueprint = Blueprint("alerts", __name__)


@page(blueprint, "GET /alerts", "alerts:read", query=AlertsQuery)
def list_alerts(call: Call) -> Response:
    """List alerts, those that are open unless asked otherwise."""
    query, limit, tenant_id = call.query, call.query["limit"], call.principal.tenant_id
    chosen = AlertFilter(query["state"], query["source"], query["severity"], query["key"])
    with call.database.statements() as session:
        rows = reading.list_alerts(session, tenant_id, chosen, limit=limit + 1, after=query["cursor"])
        watched = rules.list_rules(session, tenant_id)
    return rendered(
        "alerts.html",
        alerts=[alert_document(row) for row in rows[:limit]],
        next_cursor=rows[limit - 1].id if len(rows) > limit else None,
        rules=[alert_rule_document(row) for row in watched],
        state=query["state"],
    )


@page(blueprint, "GET /alerts/<uuid:alert_id>", "alerts:read")
def show_alert(call: Call, alert_id: UUID) -> Response:
    """Show an alert step by step."""
    with call.database.statements() as session:
        row = reading.get_alert(session, call.principal.tenant_id, alert_id)
        steps = reading.list_alert_events(session, call.principal.tenant_id, alert_id)
    return rendered("alert.html", alert=alert_document(row), steps=[alert_event_document(step) for step in steps])


@page(blueprint, "POST /alerts/<uuid:alert_id>/acknowledge", "alerts:write")
def acknowledge_alert(call: Call, alert_id: UUID) -> Response:
    """Say that the caller takes care of an alert."""
    with call.database.transaction() as session:
        reading.acknowledge(session, call.principal.tenant_id, alert_id, by=call.principal.label)
    return led_on("alerts.show_alert", "alert-acknowledged", alert_id=alert_id)


@page(blueprint, "POST /alerts/<uuid:alert_id>/resolve", "alerts:write")
def resolve_alert(call: Call, alert_id: UUID) -> Response:
    """Say that what an alert is about is over."""
    with call.database.transaction() as session:
        reading.resolve(session, call.principal.tenant_id, alert_id, by=call.principal.label)
    return led_on("alerts.show_alert", "alert-resolved", alert_id=alert_id)


@page(blueprint, "GET /alerts/rules/new", "alerts:write")
def show_new_rule(_call: Call) -> Response:
    """Show the form of a new rule."""
    return _new_rule()


@page(blueprint, "POST /alerts/rules/new", "alerts:write")
def create_rule(call: Call) -> Response:
    """Have a figure watched, or show what is wrong with the rule."""
    fields = form_of(AlertRuleRequest)

    def make(asked: Mapping[str, Any]) -> Response:
        with call.database.transaction() as session:
            made = rules.create(session, call.principal.tenant_id, asked)
        return led_on("alerts.show_rule", "made", alert_rule_id=made.id)

    return filled_in(fields, AlertRuleRequest(), make, lambda **more: _new_rule(fields=fields, **more))


@page(blueprint, "GET /alerts/rules/<uuid:alert_rule_id>", "alerts:read")
def show_rule(call: Call, alert_rule_id: UUID) -> Response:
    """Show a rule and what it says now."""
    return _rule(_document(call, alert_rule_id))


@page(blueprint, "POST /alerts/rules/<uuid:alert_rule_id>", "alerts:write")
def change_rule(call: Call, alert_rule_id: UUID) -> Response:
    """Change a rule, or show what is wrong with it."""
    document = _document(call, alert_rule_id)
    fields = form_of(AlertRuleChange, document)

    def change(changes: Mapping[str, Any]) -> Response:
        with call.database.transaction() as session:
            rules.change(session, call.principal.tenant_id, alert_rule_id, changes)
        return led_on("alerts.show_rule", "changed", alert_rule_id=alert_rule_id)

    return changed_in(
        fields, AlertRuleChange(), document, change, lambda **more: _rule(document, fields=fields, **more)
    )


@page(blueprint, "POST /alerts/rules/<uuid:alert_rule_id>/delete", "alerts:write")
def delete_rule(call: Call, alert_rule_id: UUID) -> Response:
    """Delete a rule; what it fired is resolved."""
    with call.database.transaction() as session:
        rules.remove(session, call.principal.tenant_id, alert_rule_id)
    return led_on("alerts.list_alerts", "deleted")


def _document(call: Call, alert_rule_id: UUID) -> dict[str, Any]:
    with call.database.statements() as session:
        return alert_rule_document(rules.get_rule(session, call.principal.tenant_id, alert_rule_id))


def _rule(document: Mapping[str, Any], **more: Any) -> Response:
    more.setdefault("fields", form_of(AlertRuleChange, document))
    return rendered("alert_rule.html", rule=document, **more)


def _new_rule(**more: Any) -> Response:
    more.setdefault("fields", form_of(AlertRuleRequest, {"severity": "warning", "above": True, "for_s": 60}))
    return rendered("alert_rule_new.html", **more)
