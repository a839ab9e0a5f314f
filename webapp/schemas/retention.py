"""Retention over the wire."""

from marshmallow import Schema, fields


class PrunedDocument(Schema):
    """Jobs of one kind and end that are gone."""

    kind = fields.String(required=True)
    state = fields.String(required=True)
    count = fields.Integer(required=True)


class RecordsDocument(Schema):
    """How long one sort of record is kept."""

    subject = fields.String(required=True)
    days = fields.Integer(required=True)
    of_its_own = fields.Boolean(required=True)


class RetentionDocument(Schema):
    """How long final jobs are kept, and how many are gone."""

    days = fields.Integer(required=True, metadata={"description": "Days that a final job is kept"})
    of_its_own = fields.Boolean(required=True, metadata={"description": "Whether the tenant has a rule of its own"})
    oldest_end_at = fields.DateTime(
        required=True, allow_none=True, metadata={"description": "When the job ended that is to go next"}
    )
    pruned = fields.List(fields.Nested(PrunedDocument), required=True)
    records = fields.List(fields.Nested(RecordsDocument), required=True)
