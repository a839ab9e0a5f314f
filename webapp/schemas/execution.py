"""Programs over the wire: what is run, what came of it, and the languages there are."""

from marshmallow import Schema, fields
from marshmallow.validate import Range

from core.workloads.code.params import RunParams
from webapp.schemas.values import Strict

LONGEST_WAIT_S = 10


class Execution(RunParams):
    """Params of `code.run`."""


class ExecutionQuery(Strict):
    """How long to wait for the end."""

    wait = fields.Float(
        load_default=float(LONGEST_WAIT_S),
        validate=Range(0, LONGEST_WAIT_S),
        metadata={"description": "Seconds to wait for the end"},
    )


class TargetDocument(Schema):
    """Whether a language can be run on a target."""

    available = fields.Boolean(required=True)
    version = fields.String(required=True, metadata={"description": "What runs it, if anything"})
    reason = fields.String(required=True, metadata={"description": "Why it cannot be run, if it cannot"})


class LanguageDocument(Schema):
    """One language."""

    name = fields.String(required=True)
    available = fields.Boolean(required=True, metadata={"description": "Whether any target runs it"})
    targets = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(TargetDocument),
        required=True,
        metadata={"description": "By `engine` and `native`"},
    )


class LanguageList(Schema):
    """Every language."""

    items = fields.List(fields.Nested(LanguageDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
