"""The audit trail over the wire."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from webapp.schemas.values import Instant, Strict

OUTCOMES = ["done", "denied", "failed"]


def _words(description: str) -> fields.String:
    return fields.String(load_default=None, validate=Length(1, 1_000), metadata={"description": description})


class AuditQuery(Strict):
    """Which entries, and which part of the list."""

    actor_id = fields.UUID(load_default=None, metadata={"description": "Of this key or member"})
    actor = _words("Of whoever had this name")
    action = _words("As the API names it: `POST /jobs/<uuid:job_id>/cancel`")
    outcome = fields.String(load_default=None, validate=OneOf(OUTCOMES))
    code = _words("Code of the problem that was answered")
    request_id = _words("Of the request with this id")
    target = _words("About what has this address")
    path = _words("Asked for at this address")
    since = Instant(load_default=None, metadata={"description": "At this instant or later"})
    until = Instant(load_default=None, metadata={"description": "Before this instant"})
    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = fields.UUID(load_default=None, metadata={"description": "`next_cursor` of the page before"})


class AuditEntryDocument(Schema):
    """One request that changed something or was refused."""

    id = fields.UUID(required=True)
    at = fields.DateTime(required=True)
    actor_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The key or member who asked"})
    actor = fields.String(required=True, allow_none=True)
    role = fields.String(required=True, allow_none=True)
    action = fields.String(required=True)
    path = fields.String(required=True)
    outcome = fields.String(required=True, validate=OneOf(OUTCOMES))
    status = fields.Integer(required=True, allow_none=True)
    code = fields.String(required=True, allow_none=True)
    request_id = fields.String(required=True, allow_none=True)
    client = fields.String(required=True, allow_none=True, metadata={"description": "Where the request came from"})
    target = fields.String(required=True, allow_none=True, metadata={"description": "What was made by it"})
    data = fields.Dict(required=True)
    seq = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Its place in the chain; null for some seconds"}
    )
    hash = fields.String(required=True, allow_none=True)


class AuditList(Schema):
    """One page of the trail, newest first."""

    items = fields.List(fields.Nested(AuditEntryDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class VerificationQuery(Strict):
    """Where to go on; from the beginning unless given."""

    after_seq = fields.Integer(load_default=None, validate=Range(0, (1 << 63) - 1))
    after_hash = fields.String(load_default="", validate=Length(0, 64))


class FlawDocument(Schema):
    """The first thing that is not as it was written."""

    seq = fields.Integer(required=True, allow_none=True)
    entry_id = fields.UUID(required=True, allow_none=True)
    reason = fields.String(required=True)


class VerificationDocument(Schema):
    """How far the chain was looked at, and what was found."""

    intact = fields.Boolean(required=True, metadata={"description": "Whether all that was looked at is as written"})
    complete = fields.Boolean(required=True, metadata={"description": "Else ask on with `after_seq`, `after_hash`"})
    checked = fields.Integer(required=True)
    seq = fields.Integer(required=True, metadata={"description": "The last entry that was looked at and is good"})
    hash = fields.String(required=True)
    unchained = fields.Integer(required=True, metadata={"description": "Entries that wait for their place"})
    flaw = fields.Nested(FlawDocument, required=True, allow_none=True)
