"""Notifications: channels, the rules that choose among events, and the log of what was sent."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from core.errors import FieldError
from core.platform.notifications import outbox, subscriptions
from core.platform.notifications.sending import Messengers
from webapp.notifications import channel_document, message_document, rule_document
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.parsing import FieldsInvalid
from webapp.schemas.notifications import (
    ChannelChange,
    ChannelDocument,
    ChannelList,
    ChannelRequest,
    MessageDocument,
    MessageList,
    MessagesQuery,
    RuleChange,
    RuleDocument,
    RuleList,
    RuleRequest,
)

blueprint = Blueprint("notifications", __name__, description="Telling people what happens")

_CHANNEL = "/notification-channels/<uuid:channel_id>"
_RULE = "/notification-rules/<uuid:rule_id>"
_READ, _WRITE = "notifications:read", "notifications:write"


@operation(
    blueprint, "GET /notification-channels", _READ, answers={200: Answer("All channels, newest first", ChannelList)}
)
def list_channels(call: Call) -> Response:
    """List where messages may go."""
    with call.database.statements() as session:
        return page_answer(
            [channel_document(row) for row in subscriptions.list_channels(session, call.principal.tenant_id)]
        )


@operation(
    blueprint,
    "POST /notification-channels",
    _WRITE,
    body=Body(ChannelRequest),
    answers={201: Answer("The channel", ChannelDocument, headers={"Location": "Its address"})},
    problems=(409, 413, 415),
)
def create_channel(call: Call) -> Response:
    """Make a channel: mail, chat, telephone or a server of one's own, by an address as apprise writes it.

    The address is kept sealed and never shown again.
    """
    _check_address(call)
    with call.database.transaction() as session:
        document = channel_document(subscriptions.create_channel(session, call.principal.tenant_id, call.body))
    return json_answer(document, 201, {"Location": f"/api/v1/notification-channels/{document['id']}"})


@operation(blueprint, f"GET {_CHANNEL}", _READ, answers={200: Answer("The channel", ChannelDocument)}, problems=(404,))
def read_channel(call: Call, channel_id: UUID) -> Response:
    """Read a channel: whether it works, and if it was disabled, why."""
    with call.database.statements() as session:
        return json_answer(channel_document(subscriptions.get_channel(session, call.principal.tenant_id, channel_id)))


@operation(
    blueprint,
    f"PATCH {_CHANNEL}",
    _WRITE,
    body=Body(ChannelChange),
    answers={200: Answer("The channel as it is now", ChannelDocument)},
    problems=(404, 413, 415),
)
def change_channel(call: Call, channel_id: UUID) -> Response:
    """Change some fields of a channel, or enable it again."""
    _check_address(call)
    tenant_id = call.principal.tenant_id
    with call.database.transaction() as session:
        return json_answer(channel_document(subscriptions.change_channel(session, tenant_id, channel_id, call.body)))


@operation(blueprint, f"DELETE {_CHANNEL}", _WRITE, answers={204: Answer("It is gone")}, problems=(404,))
def delete_channel(call: Call, channel_id: UUID) -> Response:
    """Delete a channel with its rules and the log of its messages."""
    with call.database.transaction() as session:
        subscriptions.remove_channel(session, call.principal.tenant_id, channel_id)
    return Response(status=204)


@operation(
    blueprint,
    f"POST {_CHANNEL}/test",
    _WRITE,
    answers={202: Answer("The message that is on its way", MessageDocument)},
    problems=(404,),
)
def try_channel(call: Call, channel_id: UUID) -> Response:
    """Send a message that tells of nothing, to see whether it arrives."""
    with call.database.transaction() as session:
        row = subscriptions.try_out(session, call.principal.tenant_id, channel_id)
    return json_answer(message_document(row), 202)


@operation(blueprint, "GET /notification-rules", _READ, answers={200: Answer("All rules, newest first", RuleList)})
def list_rules(call: Call) -> Response:
    """List which events are told through which channel."""
    with call.database.statements() as session:
        return page_answer([rule_document(row) for row in subscriptions.list_rules(session, call.principal.tenant_id)])


@operation(
    blueprint,
    "POST /notification-rules",
    _WRITE,
    body=Body(RuleRequest),
    answers={201: Answer("The rule", RuleDocument, headers={"Location": "Its address"})},
    problems=(409, 413, 415),
)
def create_rule(call: Call) -> Response:
    """Have events told through a channel.

    The same is told once in `repeat_after_s` and counted beyond that. What falls into the quiet hours waits for their
    end, unless it is critical.
    """
    with call.database.transaction() as session:
        document = rule_document(subscriptions.create_rule(session, call.principal.tenant_id, call.body))
    return json_answer(document, 201, {"Location": f"/api/v1/notification-rules/{document['id']}"})


@operation(blueprint, f"GET {_RULE}", _READ, answers={200: Answer("The rule", RuleDocument)}, problems=(404,))
def read_rule(call: Call, rule_id: UUID) -> Response:
    """Read a rule."""
    with call.database.statements() as session:
        return json_answer(rule_document(subscriptions.get_rule(session, call.principal.tenant_id, rule_id)))


@operation(
    blueprint,
    f"PATCH {_RULE}",
    _WRITE,
    body=Body(RuleChange),
    answers={200: Answer("The rule as it is now", RuleDocument)},
    problems=(404, 413, 415),
)
def change_rule(call: Call, rule_id: UUID) -> Response:
    """Change some fields of a rule."""
    with call.database.transaction() as session:
        return json_answer(
            rule_document(subscriptions.change_rule(session, call.principal.tenant_id, rule_id, call.body))
        )


@operation(blueprint, f"DELETE {_RULE}", _WRITE, answers={204: Answer("It is gone")}, problems=(404,))
def delete_rule(call: Call, rule_id: UUID) -> Response:
    """Delete a rule; what it chose already is still sent."""
    with call.database.transaction() as session:
        subscriptions.remove_rule(session, call.principal.tenant_id, rule_id)
    return Response(status=204)


@operation(
    blueprint,
    "GET /notifications",
    _READ,
    query=MessagesQuery,
    answers={200: Answer("One page of messages", MessageList)},
)
def list_notifications(call: Call) -> Response:
    """List what was sent or is to be, newest first, with each attempt."""
    limit, tenant_id, query = call.query["limit"], call.principal.tenant_id, call.query
    chosen: dict[str, Any] = {"after": query["cursor"], "channel_id": query["channel_id"]}
    with call.database.statements() as session:
        rows = outbox.list_notifications(session, tenant_id, limit=limit + 1, **chosen)
    page = [message_document(row) for row in rows[:limit]]
    return page_answer(page, page[-1]["id"] if len(rows) > limit else None)


def _check_address(call: Call) -> None:
    """Have a messenger look at an address, so that the web process need not load apprise; raises `FieldsInvalid`."""
    if "url" in call.body and (flaw := Messengers().flaw_in(call.body["url"])):
        raise FieldsInvalid("1 problem(s) in the request", errors=[FieldError("/url", flaw)])
