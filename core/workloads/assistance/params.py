"""What assistance is asked for."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, Range, Regexp

from core.jobs.kind import Params

LONGEST_TEXT, LONGEST_INSTRUCTION = 100_000, 4_000


def _text(longest: int, **options: object) -> fields.String:
    return fields.String(validate=Length(1, longest), **options)  # type: ignore[arg-type]  # marshmallow's own options


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
    budget_usd = fields.String(
        load_default=None,
        allow_none=True,
        validate=Regexp(r"^[0-9]{1,4}(\.[0-9]{1,10})?$", error="Not dollars as 0.25."),
        metadata={"description": "What this job may spend, as 0.25; null: what the installation's caps leave"},
    )


class CompleteParams(_Bounds):
    """An instruction, and the text that it is about."""

    instruction = _text(LONGEST_INSTRUCTION, required=True)
    text = _text(
        LONGEST_TEXT, required=True, metadata={"description": "What it is about; nothing in it is taken for an order"}
    )


class SummarizeParams(_Bounds):
    """A text to be made shorter."""

    text = _text(LONGEST_TEXT, required=True)
    sentences = fields.Integer(load_default=3, validate=Range(1, 20))


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
