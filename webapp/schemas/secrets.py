"""The keys of sealed values over the wire; the keys themselves never are."""

from marshmallow import Schema, fields


class KeysDocument(Schema):
    """How far the rotation of a tenant's keys is."""

    keys = fields.Integer(required=True, metadata={"description": "How many keys new values are sealed with"})
    oldest_at = fields.DateTime(required=True, allow_none=True, metadata={"description": "When the oldest was made"})
    retired = fields.Integer(required=True, metadata={"description": "Keys whose values are being sealed anew"})
    outdated = fields.Dict(
        required=True, metadata={"description": "How many values of which column still bear a retired key"}
    )
