"""Webhooks over the wire: what clients ask to hear of, and the log of what was delivered."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, post_load
from marshmallow.validate import ContainsOnly, Length, OneOf, Range, Regexp

from core.catalogue import discover_topics
from core.jobs.callbacks import EVENTS as ENDS
from webapp.schemas.values import Flag, Strict, WebAddress

# `$` would let a newline at the end pass, and `\Z` is no JSON Schema.
_LINE = Regexp(r"^[^\x00-\x1f\x7f]*(?![\s\S])", error="Control characters have no place here.")
EVENTS = (*ENDS, *discover_topics())
"""Ends of jobs, and the topics of the bus."""
DELIVERY_STATES = ("pending", "delivered", "failed")
_SECRET = {"description": "What deliveries are signed with, as Standard Webhooks has it; told only now"}


def _words(description: str) -> fields.List[str]:
    return fields.List(
        fields.String(validate=[Length(1, 200), _LINE]), validate=Length(max=50), metadata={"description": description}
    )


def _events(**options: Any) -> fields.List[str]:
    chosen = [Length(1, len(EVENTS)), ContainsOnly(EVENTS)]
    return fields.List(fields.String(validate=OneOf(EVENTS)), validate=chosen, **options)


class WebhookChange(Strict):
    """Which fields are to become what."""

    url = WebAddress(metadata={"description": "Where deliveries go; they have to be answered with 2xx within 10 s"})
    events = _events(metadata={"description": "Which ends of jobs and topics of the bus; all ends when absent"})
    kinds = _words("Of jobs of these kinds only; of all when empty")
    tags = _words("Of jobs that bear one of these only; of all when empty")
    active = Flag(metadata={"description": "False: nothing is delivered; true enables it again"})


class WebhookRequest(WebhookChange):
    """Where the ends of jobs are to be told."""

    url = WebAddress(required=True, metadata={"description": "Where deliveries go, as `https://host/path`"})

    @post_load
    def complete(self, asked: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Put in what was left out."""
        return {"events": list(ENDS), **asked}


class WebhooksQuery(Strict):
    """How many, and which part of the list."""

    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = fields.UUID(load_default=None, metadata={"description": "`next_cursor` of the page before"})


class WebhookLinks(Schema):
    """Where more about the webhook is."""

    self = fields.String(required=True)
    deliveries = fields.String(required=True)
    test = fields.String(required=True)
    rotate = fields.String(required=True)


class WebhookDocument(Schema):
    """One webhook."""

    id = fields.UUID(required=True)
    url = fields.String(required=True)
    events = fields.List(fields.String(), required=True)
    kinds = fields.List(fields.String(), required=True)
    tags = fields.List(fields.String(), required=True)
    active = fields.Boolean(required=True)
    disabled_at = fields.DateTime(required=True, allow_none=True)
    disabled_reason = fields.String(
        required=True, allow_none=True, metadata={"description": "Why the platform disabled it; `active: true` enables"}
    )
    failures = fields.Integer(required=True, metadata={"description": "Failed attempts since the last good one"})
    failing_since = fields.DateTime(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    secret = fields.String(metadata=_SECRET)
    links = fields.Nested(WebhookLinks, required=True)


class WebhookList(Schema):
    """One page of webhooks."""

    items = fields.List(fields.Nested(WebhookDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class AttemptDocument(Schema):
    """One attempt to deliver."""

    at = fields.DateTime(required=True)
    status = fields.Integer(required=True, allow_none=True, metadata={"description": "Of the answer, if there was one"})
    duration_s = fields.Float(required=True)
    error = fields.String(required=True, allow_none=True)


class DeliveryDocument(Schema):
    """One delivery and its attempts."""

    id = fields.UUID(required=True, metadata={"description": "`webhook-id` of every attempt"})
    webhook_id = fields.UUID(required=True, allow_none=True)
    job_id = fields.UUID(required=True, allow_none=True)
    event = fields.String(required=True)
    url = fields.String(required=True)
    state = fields.String(required=True, validate=OneOf(DELIVERY_STATES))
    attempts = fields.Integer(required=True)
    created_at = fields.DateTime(required=True)
    next_attempt_at = fields.DateTime(required=True, allow_none=True)
    delivered_at = fields.DateTime(required=True, allow_none=True)
    log = fields.List(fields.Nested(AttemptDocument), required=True, metadata={"description": "The latest 50 attempts"})


class DeliveryList(Schema):
    """One page of deliveries, newest first."""

    items = fields.List(fields.Nested(DeliveryDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class SecretDocument(Schema):
    """The secret of the tenant's callbacks."""

    secret = fields.String(required=True, metadata={"description": "Signs deliveries to a `callback_url`"})
