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


class StepResult(AnswerResult):
    """What one persona said."""

    persona = fields.String(required=True)
    version = fields.Integer(required=True)
    findings = fields.List(fields.String(), required=True, metadata={"description": "Empty where it writes text"})
    repaired = fields.Boolean(required=True, metadata={"description": "Whether it was asked again for its form"})


class OrchestratedStep(Schema):
    """One step of an orchestration, in short."""

    persona = fields.String(required=True)
    version = fields.Integer(required=True)
    source = fields.String(required=True, validate=OneOf(SOURCES))
    reason = fields.String(required=True)
    model = fields.String(required=True, allow_none=True)
    cost_usd = fields.String(required=True)
    findings = fields.List(fields.String(), required=True)
    repaired = fields.Boolean(required=True)
    text = fields.String(required=True)


class OrchestrateResult(Schema):
    """What came of an orchestration, and every step on the way."""

    text = fields.String(required=True)
    agreed = fields.Boolean(required=True, metadata={"description": "Whether the last who looked found nothing wrong"})
    cost_usd = fields.String(required=True, metadata={"description": "The sum of all steps"})
    steps = fields.List(fields.Nested(OrchestratedStep), required=True)
