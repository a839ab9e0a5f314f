"""Alert rules over the wire."""

from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from core.platform.alerts.hysteresis import RuleState
from core.platform.alerts.rules import TENANT_METRICS
from webapp.schemas.alerts import SEVERITIES
from webapp.schemas.values import Flag, Strict

# `$` would let a newline at the end pass, and `\Z` is no JSON Schema.
_LINE = Regexp(r"^[^\x00-\x1f\x7f]*(?![\s\S])", error="Control characters have no place here.")
_CLEAR = {"description": "What the figure has to come back to; the threshold itself unless given"}


class _Figure(fields.Float):
    """A finite JSON number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=Range(-1e12, 1e12), **options)

    def _validated(self, value: Any) -> float:
        if isinstance(value, str | bool):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class AlertRuleChange(Strict):
    """Which fields are to become what."""

    name = fields.String(validate=[Length(1, 100), _LINE])
    metric = fields.String(validate=OneOf(TENANT_METRICS), metadata={"description": "Which figure is watched"})
    kind = fields.String(
        allow_none=True, validate=[Length(1, 200), _LINE], metadata={"description": "Of this kind of job; null: of all"}
    )
    above = Flag(metadata={"description": "Whether more than the threshold is wrong, or less"})
    threshold = _Figure()
    clear_threshold = _Figure(metadata=_CLEAR)
    for_s = fields.Float(validate=Range(0, 86_400), metadata={"description": "How long it has to be wrong"})
    severity = fields.String(validate=OneOf(SEVERITIES))
    active = Flag()


class AlertRuleRequest(AlertRuleChange):
    """What is to be watched."""

    name = fields.String(required=True, validate=[Length(1, 100), _LINE])
    metric = fields.String(required=True, validate=OneOf(TENANT_METRICS))
    threshold = _Figure(required=True)
    severity = fields.String(load_default="warning", validate=OneOf(SEVERITIES))


class AlertRuleDocument(Schema):
    """One rule and what it says now."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    built_in = fields.String(required=True, allow_none=True, metadata={"description": "One of the platform's own"})
    metric = fields.String(required=True)
    kind = fields.String(required=True, allow_none=True)
    above = fields.Boolean(required=True)
    threshold = fields.Float(required=True)
    clear_threshold = fields.Float(required=True)
    for_s = fields.Float(required=True)
    severity = fields.String(required=True, validate=OneOf(SEVERITIES))
    active = fields.Boolean(required=True)
    state = fields.String(required=True, validate=OneOf([str(state) for state in RuleState]))
    since = fields.DateTime(required=True, allow_none=True, metadata={"description": "Since when it is wrong"})
    value = fields.Float(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True, metadata={"description": "Why there is no figure"})
    evaluated_at = fields.DateTime(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)


class AlertRuleList(Schema):
    """All rules, newest first."""

    items = fields.List(fields.Nested(AlertRuleDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
