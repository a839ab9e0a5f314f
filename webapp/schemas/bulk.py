"""Actions on many jobs over the wire: which jobs, and what became of them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, Range, Regexp

from core.jobs.selection import LARGEST_PAGE
from webapp.schemas.jobs import JobsFilter
from webapp.schemas.values import Flag, Strict


class BulkAction(Strict):
    """Which jobs an action is about: by a filter, or by their ids."""

    filter = fields.Nested(JobsFilter, load_default=None)
    ids = fields.List(fields.UUID(), load_default=None, validate=Length(1, LARGEST_PAGE))
    all = Flag(
        load_default=False, metadata={"description": "That a filter which finds every job of the tenant is meant so"}
    )
    dry_run = Flag(load_default=False, metadata={"description": "Change nothing, only tell what would be changed"})
    cursor = fields.String(
        load_default=None,
        # `$` would let a newline at the end pass, and `\Z` is no JSON Schema.
        validate=Regexp(r"^[0-9a-f]{32}(?![\s\S])", error="Not a cursor of such an action."),
        metadata={"description": "`next_cursor` of the answer before"},
    )

    @validates_schema
    def check_aim(self, asked: Mapping[str, Any], **_: Any) -> None:
        """Refuse what aims at every job without saying so."""
        filtered = any(value is not None for value in (asked["filter"] or {}).values())
        if asked["ids"] is not None and (filtered or asked["all"]):
            raise ValidationError("Give either ids or a filter.", "ids")
        if asked["ids"] is None and not (filtered or asked["all"]):
            raise ValidationError('Finds every job; if that is meant, say `"all": true`.', "filter")


class Skipped(Schema):
    """How many jobs were left alone, by the code with which a request about one of them would have been refused."""

    already_final = fields.Integer(required=True, validate=Range(0))
    not_final = fields.Integer(required=True, validate=Range(0))
    unique_key_held = fields.Integer(required=True, validate=Range(0))


class BulkOutcome(Schema):
    """What became of the jobs, or would."""

    matched = fields.Integer(required=True, validate=Range(0))
    changed = fields.Integer(required=True, validate=Range(0))
    skipped = fields.Nested(Skipped, required=True)
    dry_run = fields.Boolean(required=True)
    next_cursor = fields.String(
        required=True, allow_none=True, metadata={"description": "Send it along to go on; null when all were looked at"}
    )
