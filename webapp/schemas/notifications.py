"""Notifications over the wire: channels, rules, and the log of what was sent."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema
from marshmallow.validate import ContainsOnly, Length, OneOf, Range, Regexp

from core.platform.notifications.notifying import EVENTS, SEVERITIES
from core.platform.notifications.services import flaw_in
from webapp.schemas.values import Flag, Strict

# `$` would let a newline at the end pass, and `\Z` is no JSON Schema.
_LINE = Regexp(r"^[^\x00-\x1f\x7f]*(?![\s\S])", error="Control characters have no place here.")
_CLOCK = Regexp(r"^([01][0-9]|2[0-3]):[0-5][0-9](?![\s\S])", error="Write it as HH:MM.")
MESSAGE_STATES = ("pending", "delivered", "failed")


def _check_url(url: str) -> None:
    if flaw := flaw_in(url):
        raise ValidationError(flaw)


def _check_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("Not a time zone, as Europe/Helsinki.")


def _words(description: str) -> fields.List[str]:
    words = fields.String(validate=[Length(1, 200), _LINE])
    return fields.List(words, validate=Length(max=50), metadata={"description": description})


class ChannelChange(Strict):
    """Which fields are to become what."""

    name = fields.String(validate=[Length(1, 100), _LINE])
    url = fields.String(
        validate=_check_url,
        metadata={
            "description": "As apprise writes it: `mailtos://user:password@host?to=…`, `slack://token…`, `jsons://host/…`",
            "format": "secret",
            "writeOnly": True,
        },
    )
    active = Flag(metadata={"description": "False: nothing is sent; true enables it again"})


class ChannelRequest(ChannelChange):
    """Where messages may go."""

    name = fields.String(required=True, validate=[Length(1, 100), _LINE])
    url = fields.String(
        required=True,
        validate=_check_url,
        metadata={**ChannelChange().fields["url"].metadata},
    )


class ChannelDocument(Schema):
    """One channel; its address is never shown again."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    service = fields.String(required=True, metadata={"description": "Scheme of its address"})
    active = fields.Boolean(required=True)
    disabled_reason = fields.String(required=True, allow_none=True)
    failures = fields.Integer(required=True)
    failing_since = fields.DateTime(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)


class ChannelList(Schema):
    """All channels, newest first."""

    items = fields.List(fields.Nested(ChannelDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class RuleChange(Strict):
    """Which fields are to become what."""

    name = fields.String(validate=[Length(1, 100), _LINE])
    channel_id = fields.UUID()
    events = fields.List(
        fields.String(validate=OneOf(EVENTS)),
        validate=[Length(1, len(EVENTS)), ContainsOnly(EVENTS)],
        metadata={"description": "What is told"},
    )
    kinds = _words("Of these kinds of job only, where it is about jobs; of all when empty")
    sources = _words("Alerts of these sources only; of all when empty")
    least_severity = fields.String(validate=OneOf(SEVERITIES))
    repeat_after_s = fields.Integer(
        strict=True, validate=Range(0, 86_400), metadata={"description": "For so long the same is only counted"}
    )
    quiet_from = fields.String(allow_none=True, validate=_CLOCK, metadata={"description": "`22:00`"})
    quiet_to = fields.String(allow_none=True, validate=_CLOCK, metadata={"description": "`07:00`"})
    timezone = fields.String(validate=_check_zone)
    active = Flag()

    @validates_schema
    def check_hours(self, asked: Mapping[str, Any], **_: Any) -> None:
        """Quiet hours have a beginning and an end."""
        given = [asked[name] is not None for name in ("quiet_from", "quiet_to") if name in asked]
        if given and (len(given) == 1 or given[0] != given[1]):
            raise ValidationError("Quiet hours have a beginning and an end.", "quiet_to")

    @post_load
    def number(self, asked: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Write the severity as its number."""
        if "least_severity" in asked:
            asked["least_severity"] = SEVERITIES.index(asked["least_severity"])
        return asked


class RuleRequest(RuleChange):
    """Which events are told through a channel."""

    name = fields.String(required=True, validate=[Length(1, 100), _LINE])
    channel_id = fields.UUID(required=True)
    events = fields.List(
        fields.String(validate=OneOf(EVENTS)), required=True, validate=[Length(1, len(EVENTS)), ContainsOnly(EVENTS)]
    )


class RuleDocument(Schema):
    """One rule."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    channel_id = fields.UUID(required=True)
    events = fields.List(fields.String(), required=True)
    kinds = fields.List(fields.String(), required=True)
    sources = fields.List(fields.String(), required=True)
    least_severity = fields.String(required=True)
    repeat_after_s = fields.Integer(required=True)
    quiet_from = fields.String(required=True, allow_none=True)
    quiet_to = fields.String(required=True, allow_none=True)
    timezone = fields.String(required=True)
    active = fields.Boolean(required=True)
    created_at = fields.DateTime(required=True)


class RuleList(Schema):
    """All rules, newest first."""

    items = fields.List(fields.Nested(RuleDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class MessagesQuery(Strict):
    """Which messages, and which part of the list."""

    channel_id = fields.UUID(load_default=None)
    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = fields.UUID(load_default=None, metadata={"description": "`next_cursor` of the page before"})


class MessageAttempt(Schema):
    """One attempt to send."""

    at = fields.DateTime(required=True)
    error = fields.String(required=True, allow_none=True)


class MessageDocument(Schema):
    """One message and its attempts."""

    id = fields.UUID(required=True)
    channel_id = fields.UUID(required=True)
    rule_id = fields.UUID(required=True, allow_none=True)
    event = fields.String(required=True)
    severity = fields.String(required=True)
    title = fields.String(required=True)
    body = fields.String(required=True)
    repeats = fields.Integer(required=True, metadata={"description": "How often the same happened since"})
    state = fields.String(required=True, validate=OneOf(MESSAGE_STATES))
    attempts = fields.Integer(required=True)
    created_at = fields.DateTime(required=True)
    next_attempt_at = fields.DateTime(required=True, allow_none=True)
    delivered_at = fields.DateTime(required=True, allow_none=True)
    log = fields.List(fields.Nested(MessageAttempt), required=True)


class MessageList(Schema):
    """One page of messages, newest first."""

    items = fields.List(fields.Nested(MessageDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
