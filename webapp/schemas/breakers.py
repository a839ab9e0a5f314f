"""Circuit breakers over the wire."""

from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from core.platform.breakers.base import Circuit


class BreakerDocument(Schema):
    """One circuit breaker at this moment."""

    name = fields.String(required=True, metadata={"description": "What is called through it"})
    state = fields.String(required=True, validate=OneOf(list(Circuit)))
    failures = fields.Integer(required=True, metadata={"description": "In a row, up to now"})
    failure_limit = fields.Integer(required=True, metadata={"description": "So many in a row open it"})
    open_s = fields.Float(required=True, metadata={"description": "After so long one call is let through"})
    changed_at = fields.DateTime(required=True)
    retry_at = fields.DateTime(
        required=True, allow_none=True, metadata={"description": "When the next call is let through; null: any is"}
    )
    last_error = fields.String(required=True, allow_none=True)
    failed = fields.Integer(required=True, metadata={"description": "Calls that failed"})
    refused = fields.Integer(required=True, metadata={"description": "Calls that were not made"})
    opened = fields.Integer(required=True, metadata={"description": "How often it opened"})
    shared = fields.Boolean(
        required=True, metadata={"description": "Whether all processes share it; false while Redis is away"}
    )


class BreakerList(Schema):
    """Every breaker that was asked within a day, by name."""

    items = fields.List(fields.Nested(BreakerDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
