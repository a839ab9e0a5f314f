"""What assistance answers."""

from marshmallow import Schema, fields
from marshmallow.validate import OneOf

SOURCES = ("model", "cheaper_model", "cache", "rules")


class TriedDocument(Schema):
    """One way that was tried."""

    source = fields.String(required=True, validate=OneOf(SOURCES))
    model = fields.String(required=True, allow_none=True)
    outcome = fields.String(required=True, metadata={"description": "`answered`, or the code of what was in the way"})
    input_tokens = fields.Integer(required=True)
    output_tokens = fields.Integer(required=True)
    cost_usd = fields.String(required=True, metadata={"description": "Exact, as a decimal"})


class AnswerResult(Schema):
    """An answer, who gave it, and what it cost."""

    text = fields.String(required=True)
    source = fields.String(required=True, validate=OneOf(SOURCES), metadata={"description": "Who gave it"})
    reason = fields.String(required=True, metadata={"description": "Why it was this one"})
    model = fields.String(required=True, allow_none=True)
    cost_usd = fields.String(required=True, metadata={"description": "The sum of what was tried"})
    tried = fields.List(fields.Nested(TriedDocument), required=True)
