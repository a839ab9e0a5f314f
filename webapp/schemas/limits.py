"""Concurrency limits over the wire."""

from marshmallow import Schema, fields
from marshmallow.validate import OneOf, Range

from webapp.schemas.values import Strict

MOST_RUNNING = 100_000


class LimitSetting(Strict):
    """How many may run at once."""

    max_running = fields.Integer(
        required=True,
        strict=True,
        validate=Range(0, MOST_RUNNING),
        metadata={"description": "0 starts none; who runs already runs on"},
    )


class LimitDocument(Schema):
    """One limit and how much of it is in use."""

    scope = fields.String(required=True, validate=OneOf(["kind", "tenant"]))
    subject = fields.String(required=True, metadata={"description": "The kind's name, or the tenant's slug"})
    max_running = fields.Integer(required=True)
    declared = fields.Boolean(required=True, metadata={"description": "As the kind declares it; else an operator's"})
    running = fields.Integer(required=True, metadata={"description": "How many run now"})


class LimitList(Schema):
    """Every limit of a kind or tenant."""

    items = fields.List(fields.Nested(LimitDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
