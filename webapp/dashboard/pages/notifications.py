"""Notifications: channels to people, the rules that choose among events, and what was sent."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from marshmallow import Schema

from core.errors import FieldError
from core.platform.notifications import outbox, subscriptions
from core.platform.notifications.sending import Messengers
from webapp.dashboard.forms import Field
from webapp.dashboard.frame import led_on, page, rendered
from webapp.dashboard.pages.admin import filled_in, form_of
from webapp.dashboard.records import changed_in
from webapp.notifications import channel_document, message_document, rule_document
from webapp.operations import Call
from webapp.parsing import FieldsInvalid
from webapp.schemas.notifications import ChannelChange, ChannelRequest, MessagesQuery, RuleChange, RuleRequest

blueprint = Blueprint("notifications", __name__)

_CHANNEL = "/notifications/channels/<uuid:channel_id>"
_RULE = "/notifications/rules/<uuid:rule_id>"
_READ, _WRITE = "notifications:read", "notifications:write"
_USUAL = {"least_severity": "info", "timezone": "UTC", "active": True}


@page(blueprint, "GET /notifications", _READ, query=MessagesQuery)
def list_notifications(call: Call) -> Response:
    """List channels, rules and the latest messages."""
    return _notifications(call)


@page(blueprint, "POST /notifications/channels", _WRITE)
def create_channel(call: Call) -> Response:
    """Make a channel, or show what is wrong with it."""
    fields = form_of(ChannelRequest)

    def make(asked: Mapping[str, Any]) -> Response:
        _check_address(asked)
        with call.database.transaction() as session:
            made = subscriptions.create_channel(session, call.principal.tenant_id, asked)
        return led_on("notifications.show_channel", "made", channel_id=made.id)

    return filled_in(
        fields,
        ChannelRequest(),
        make,
        lambda **more: _notifications(call, channel_fields=fields, wrong="channel", **more),
    )


@page(blueprint, f"GET {_CHANNEL}", _READ)
def show_channel(call: Call, channel_id: UUID) -> Response:
    """Show a channel."""
    return _channel(_channel_document(call, channel_id))


@page(blueprint, f"POST {_CHANNEL}", _WRITE)
def change_channel(call: Call, channel_id: UUID) -> Response:
    """Change a channel, or show what is wrong with it; an address that is not typed stays."""
    document = _channel_document(call, channel_id)
    fields = form_of(ChannelChange, document)

    def change(changes: Mapping[str, Any]) -> Response:
        _check_address(changes)
        with call.database.transaction() as session:
            subscriptions.change_channel(session, call.principal.tenant_id, channel_id, changes)
        return led_on("notifications.show_channel", "changed", channel_id=channel_id)

    return changed_in(
        fields, ChannelChange(), document, change, lambda **more: _channel(document, fields=fields, **more)
    )


@page(blueprint, f"POST {_CHANNEL}/test", _WRITE)
def try_channel(call: Call, channel_id: UUID) -> Response:
    """Send a message that tells of nothing."""
    with call.database.transaction() as session:
        subscriptions.try_out(session, call.principal.tenant_id, channel_id)
    return led_on("notifications.list_notifications", "on-its-way", channel_id=channel_id)


@page(blueprint, f"POST {_CHANNEL}/delete", _WRITE)
def delete_channel(call: Call, channel_id: UUID) -> Response:
    """Delete a channel with its rules and messages."""
    with call.database.transaction() as session:
        subscriptions.remove_channel(session, call.principal.tenant_id, channel_id)
    return led_on("notifications.list_notifications", "deleted")


@page(blueprint, "POST /notifications/rules", _WRITE)
def create_rule(call: Call) -> Response:
    """Have events told through a channel, or show what is wrong with the rule."""
    fields = _rule_fields(call, RuleRequest, {})

    def make(asked: Mapping[str, Any]) -> Response:
        with call.database.transaction() as session:
            made = subscriptions.create_rule(session, call.principal.tenant_id, asked)
        return led_on("notifications.show_rule", "made", rule_id=made.id)

    return filled_in(
        fields, RuleRequest(), make, lambda **more: _notifications(call, rule_fields=fields, wrong="rule", **more)
    )


@page(blueprint, f"GET {_RULE}", _READ)
def show_rule(call: Call, rule_id: UUID) -> Response:
    """Show a rule."""
    return _rule(call, _rule_document(call, rule_id))


@page(blueprint, f"POST {_RULE}", _WRITE)
def change_rule(call: Call, rule_id: UUID) -> Response:
    """Change a rule, or show what is wrong with it."""
    document = _rule_document(call, rule_id)
    fields = _rule_fields(call, RuleChange, document)

    def change(changes: Mapping[str, Any]) -> Response:
        with call.database.transaction() as session:
            subscriptions.change_rule(session, call.principal.tenant_id, rule_id, changes)
        return led_on("notifications.show_rule", "changed", rule_id=rule_id)

    return changed_in(
        fields, RuleChange(), document, change, lambda **more: _rule(call, document, fields=fields, **more)
    )


@page(blueprint, f"POST {_RULE}/delete", _WRITE)
def delete_rule(call: Call, rule_id: UUID) -> Response:
    """Delete a rule; what it chose already is still sent."""
    with call.database.transaction() as session:
        subscriptions.remove_rule(session, call.principal.tenant_id, rule_id)
    return led_on("notifications.list_notifications", "deleted")


def _notifications(call: Call, **more: Any) -> Response:
    tenant_id, limit = call.principal.tenant_id, call.query.get("limit", 50)
    chosen: dict[str, Any] = {"after": call.query.get("cursor"), "channel_id": call.query.get("channel_id")}
    with call.database.statements() as session:
        channels = [channel_document(row) for row in subscriptions.list_channels(session, tenant_id)]
        rules = [rule_document(row) for row in subscriptions.list_rules(session, tenant_id)]
        rows = outbox.list_notifications(session, tenant_id, limit=limit + 1, **chosen)
    more.setdefault("channel_fields", form_of(ChannelRequest))
    more.setdefault("rule_fields", _rule_fields(call, RuleRequest, _USUAL))
    return rendered(
        "notifications.html",
        channels=channels,
        names={each["id"]: each["name"] for each in channels},
        rules=rules,
        messages=[message_document(row) for row in rows[:limit]],
        next_cursor=rows[limit - 1].id if len(rows) > limit else None,
        channel_id=chosen["channel_id"],
        **more,
    )


def _channel_document(call: Call, channel_id: UUID) -> dict[str, Any]:
    with call.database.statements() as session:
        return channel_document(subscriptions.get_channel(session, call.principal.tenant_id, channel_id))


def _channel(document: Mapping[str, Any], **more: Any) -> Response:
    more.setdefault("fields", form_of(ChannelChange, document))
    return rendered("notification_channel.html", channel=document, **more)


def _rule_document(call: Call, rule_id: UUID) -> dict[str, Any]:
    with call.database.statements() as session:
        return rule_document(subscriptions.get_rule(session, call.principal.tenant_id, rule_id))


def _rule(call: Call, document: Mapping[str, Any], **more: Any) -> Response:
    more.setdefault("fields", _rule_fields(call, RuleChange, document))
    return rendered("notification_rule.html", rule=document, **more)


def _rule_fields(call: Call, schema: type[Schema], values: Mapping[str, Any]) -> list[Field]:
    """Make the fields, with the channels to choose from by their names."""
    with call.database.statements() as session:
        names = {str(row.id): row.name for row in subscriptions.list_channels(session, call.principal.tenant_id)}
    fields = form_of(schema, values)
    for each in fields:
        if each.name == "channel_id":
            each.control, each.names, each.schema = "choice", names, {**each.schema, "enum": list(names)}
    return fields


def _check_address(asked: Mapping[str, Any]) -> None:
    if "url" in asked and (flaw := Messengers().flaw_in(asked["url"])):
        raise FieldsInvalid("1 problem(s) in the request", errors=[FieldError("/url", flaw)])
