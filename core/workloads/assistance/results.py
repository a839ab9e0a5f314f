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


class DraftFlaw(Schema):
    """Why a draft would be refused as a segment."""

    place = fields.String(required=True, metadata={"description": "Where it stands (RFC 6901)"})
    why = fields.String(required=True)


class DraftedClause(Schema):
    """How many people a clause chooses by itself."""

    place = fields.String(required=True)
    profiles = fields.Integer(required=True)


class DraftPreview(Schema):
    """Whom a draft would choose now."""

    profiles = fields.Integer(required=True, metadata={"description": "Of the tenant"})
    chosen = fields.Integer(required=True)
    clauses = fields.List(fields.Nested(DraftedClause), required=True)


class DraftSegmentResult(AnswerResult):
    """A definition that is no segment yet."""

    definition = fields.Dict(
        required=True, allow_none=True, metadata={"description": "Null where nothing was understood"}
    )
    not_understood = fields.List(
        fields.String(), required=True, metadata={"description": "Phrases that the definition does not say"}
    )
    assumed = fields.List(
        fields.String(), required=True, metadata={"description": "Its numbers that the description does not say"}
    )
    flaws = fields.List(
        fields.Nested(DraftFlaw), required=True, metadata={"description": "Why it could not be kept as it stands"}
    )
    preview = fields.Nested(DraftPreview, required=True, allow_none=True)
    repaired = fields.Boolean(required=True, metadata={"description": "Whether it was asked again for its form"})


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
