"""Memories of domains over the wire."""

from marshmallow import Schema, fields


class MemoryDocument(Schema):
    """What was learned of a domain from its windows."""

    name = fields.String(required=True, metadata={"description": "Kind of job that learns, and which memory of it"})
    version = fields.Integer(required=True, metadata={"description": "Grows with each time that something was learned"})
    updated_at = fields.DateTime(required=True)
    bytes = fields.Integer(required=True)
    told = fields.Dict(required=True, metadata={"description": "What it comes to: of causes, the accepted edges"})


class MemoryList(Schema):
    """All memories of a domain."""

    items = fields.List(fields.Nested(MemoryDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
