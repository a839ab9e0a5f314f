"""What assistance is asked for."""

import json
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range, Regexp

from core.jobs.kind import Params
from core.workloads.assistance import personas

LONGEST_TEXT, LONGEST_INSTRUCTION, LONGEST_PLAN = 100_000, 4_000, 1_000_000
LARGEST_PROFILE = (1 << 63) - 1
DATA_CLASSES = ("public", "internal", "personal", "confidential")


def _text(longest: int, **options: object) -> fields.String:
    return fields.String(validate=Length(1, longest), **options)  # type: ignore[arg-type]  # marshmallow's own options


def _is_plan(value: dict[str, Any]) -> None:
    """Refuse what is no plan, and what is too long to be asked about."""
    flaws = PlanOutline().validate(value)
    if flaws:
        raise ValidationError(flaws)
    if len(json.dumps(value)) > LONGEST_PLAN:
        raise ValidationError(f"Longer than {LONGEST_PLAN} characters.")


class _PlannedStep(Schema):
    """A step of a plan, as far as words are made of it."""

    class Meta:
        """There is more in it."""

        unknown = EXCLUDE

    time = fields.String(required=True)
    pumps = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)


class _Reason(Schema):
    """Why a pump switches."""

    class Meta:
        """There is more in it."""

        unknown = EXCLUDE

    time, pump, action, reason = (fields.String(required=True) for _ in range(4))
    saves_eur = fields.Float(allow_none=True)


class _AuditedRule(Schema):
    """A rule as the audit saw it."""

    class Meta:
        """There is more in it."""

        unknown = EXCLUDE

    rule, unit = (fields.String(required=True) for _ in range(2))
    limit, worst = (fields.Float(required=True, allow_none=True) for _ in range(2))
    violations = fields.Integer(required=True)


class PlanOutline(Schema):
    """What of a plan words are made of."""

    class Meta:
        """There is more in it."""

        unknown = EXCLUDE

    status = fields.String(required=True)
    plant = fields.String()
    infeasible_rule = fields.String(allow_none=True)
    energy_cost_eur, energy_kwh = (fields.Float() for _ in range(2))
    lower_bound_eur = fields.Float(allow_none=True)
    savings, baseline = (fields.Dict() for _ in range(2))
    schedule = fields.List(fields.Nested(_PlannedStep), validate=Length(max=2_000))
    explanation = fields.List(fields.Nested(_Reason))
    audit = fields.List(fields.Nested(_AuditedRule))
    relaxed, warnings = (fields.List(fields.String()) for _ in range(2))


class _Bounds(Params):
    """What an answer may cost."""

    max_tokens = fields.Integer(
        load_default=1024, validate=Range(1, 8192), metadata={"description": "Longest answer, in tokens"}
    )
    deadline_s = fields.Float(
        load_default=60.0,
        validate=Range(0.1, 240.0),
        metadata={"description": "Seconds that all models together may take; then rules answer"},
    )
    data_class = fields.String(
        load_default="internal",
        validate=OneOf(DATA_CLASSES),
        metadata={"description": "What sort of data it is; the installation says which may leave for a model"},
    )
    released = fields.Boolean(
        load_default=False,
        metadata={"description": "That data which is held may leave all the same; takes `profiles:reveal`"},
    )
    budget_usd = fields.String(
        load_default=None,
        allow_none=True,
        validate=Regexp(r"^[0-9]{1,4}(\.[0-9]{1,10})?$", error="Not dollars as 0.25."),
        metadata={"description": "What this job may spend, as 0.25; null: what the installation's caps leave"},
    )


class _AboutSomebody(_Bounds):
    """What may be about a person."""

    subject = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=Range(1, LARGEST_PROFILE),
        metadata={"description": "The profile of whom it is about; only rules answer without consent to `profiling`"},
    )


class CompleteParams(_AboutSomebody):
    """An instruction, and the text that it is about."""

    instruction = _text(LONGEST_INSTRUCTION, required=True)
    text = _text(
        LONGEST_TEXT, required=True, metadata={"description": "What it is about; nothing in it is taken for an order"}
    )


class SummarizeParams(_AboutSomebody):
    """A text to be made shorter."""

    text = _text(LONGEST_TEXT, required=True)
    sentences = fields.Integer(load_default=3, validate=Range(1, 20))


class ExplainPlanParams(_Bounds):
    """A pump plan, as `pumping.optimize` results in it."""

    plan = fields.Dict(
        required=True,
        validate=_is_plan,
        metadata={"description": "The result of `pumping.optimize`"},
    )


class DraftSegmentParams(_Bounds):
    """A group of customers in words."""

    description = _text(
        LONGEST_INSTRUCTION,
        required=True,
        metadata={"description": "Whom the segment is to choose; names of events and of segments in quotation marks"},
    )


class JobError(Schema):
    """Why a job failed, as its document says it."""

    code = _text(100, required=True)
    message = fields.String(load_default="", validate=Length(max=10_000))


class ExplainJobParams(_Bounds):
    """A job that failed, as far as its document matters."""

    kind = _text(200, required=True)
    error = fields.Nested(JobError, required=True)
    attempt = fields.Integer(load_default=1, validate=Range(0, 1000))
    max_attempts = fields.Integer(load_default=1, validate=Range(1, 1000))


def _known_persona(value: str) -> None:
    try:
        personas.find(value)
    except personas.PersonaMissing as error:
        raise ValidationError(error.detail) from error


def _reviewer(value: str) -> None:
    _known_persona(value)
    if personas.find(value).output != "findings":
        raise ValidationError(f"{value} reviews nothing.")


class StepParams(_AboutSomebody):
    """One persona's step."""

    persona = _text(50, required=True)
    version = fields.Integer(load_default=None, allow_none=True, metadata={"description": "The latest unless given"})
    instruction = _text(LONGEST_INSTRUCTION, required=True)
    material = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={
            "description": "`text`, and what steps before left: `draft`, `findings`, or `reviews`, findings of several"
        },
    )

    @validates_schema
    def _hold_together(self, data: dict[str, Any], **_: Any) -> None:
        if flaws := MaterialOutline().validate(data["material"]):
            raise ValidationError(flaws, "material")
        try:
            personas.find(data["persona"], data["version"])
        except personas.PersonaMissing as error:
            raise ValidationError(error.detail, "persona") from error


def _findings() -> "fields.List[Any]":
    return fields.List(fields.String(validate=Length(max=1_000)), validate=Length(max=500))


class MaterialOutline(Schema):
    """What a step goes by."""

    text = _text(LONGEST_TEXT, required=True)
    draft = fields.String(validate=Length(max=LONGEST_TEXT))
    findings = _findings()
    reviews = fields.List(_findings(), validate=Length(max=5))


class OrchestrateParams(_AboutSomebody):
    """A text, what is to be made of it, and who looks at the draft."""

    instruction = _text(LONGEST_INSTRUCTION, required=True)
    text = _text(LONGEST_TEXT, required=True)
    reviewers = fields.List(
        fields.String(validate=_reviewer),
        load_default=list,
        validate=Length(max=5),
        metadata={
            "description": "Personas that review the draft at once, and whose findings are merged; none: one critic"
        },
    )
    rounds = fields.Integer(
        load_default=1, validate=Range(0, 3), metadata={"description": "How often the draft is looked at and mended"}
    )
