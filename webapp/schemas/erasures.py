"""Erasures over the wire: what is asked for, and the evidence."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, Range

from core.platform.erasure.retention import LONGEST_DAYS
from webapp.schemas.values import Strict


class ErasureRequest(Strict):
    """Whose data is to be erased: that of one person, or all that the tenant has."""

    subject = fields.UUID(metadata={"description": "The person, by the id of the member"})
    whole_tenant = fields.String(
        validate=Length(1, 200), metadata={"description": "The tenant's id, to say that all it has is meant"}
    )

    @validates_schema
    def check_one(self, asked: Mapping[str, Any], **_: Any) -> None:
        """One of the two is meant."""
        if len(asked) != 1:
            raise ValidationError("Give either subject or whole_tenant.", "subject")


class ErasureDocument(Schema):
    """The evidence of one erasure."""

    id = fields.UUID(required=True)
    subject = fields.UUID(required=True, allow_none=True, metadata={"description": "Null: all that the tenant had"})
    requested_by = fields.UUID(required=True, allow_none=True)
    requested_at = fields.DateTime(required=True)
    keys_destroyed = fields.Integer(
        required=True, metadata={"description": "What they sealed is unreadable from then on, in backups, too"}
    )
    finished_at = fields.DateTime(required=True, allow_none=True)
    counts = fields.Dict(
        required=True, metadata={"description": "Rows deleted by table, fields emptied by `table.column`"}
    )


class ErasureList(Schema):
    """All erasures of the tenant, newest first."""

    items = fields.List(fields.Nested(ErasureDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class RetentionSetting(Strict):
    """How long something is kept."""

    days = fields.Integer(required=True, strict=True, validate=Range(1, LONGEST_DAYS))
