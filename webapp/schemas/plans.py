"""Plans, forecasts and operators' orders over the wire."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Number
from core.workloads.pumping.results import AuditResult, ExplanationResult, KpiResult, SavingsResult, StepResult
from webapp.schemas.values import Instant, Strict

STATUSES = ("planning", "recommended", "accepted", "applied", "rejected", "superseded", "failed")
_PLANT = {"description": "Name of the station; see `GET /plants`"}


class PlantQuery(Strict):
    """Which station."""

    plant = fields.String(load_default="tunnel", validate=Length(1, 100), metadata=_PLANT)


class PlansQuery(PlantQuery):
    """Which station, how many."""

    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = fields.UUID(load_default=None, metadata={"description": "`next_cursor` of the page before"})


class OverridesQuery(Strict):
    """Whose orders, how many."""

    plant = fields.String(load_default=None, validate=Length(1, 100), metadata=_PLANT)
    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = fields.UUID(load_default=None, metadata={"description": "`next_cursor` of the page before"})


class Decision(Strict):
    """What somebody has to say about a plan."""

    note = fields.String(load_default=None, allow_none=True, validate=Length(max=1000))


class OverrideRequest(Strict):
    """An order for one pump; it ends at `until`, or after so many minutes."""

    plant = fields.String(load_default="tunnel", validate=Length(1, 100), metadata=_PLANT)
    pump = fields.String(required=True, validate=Length(1, 50))
    action = fields.String(
        required=True,
        validate=OneOf(("on", "off", "out")),
        metadata={"description": "on or off: it stays so; out: out of service, whatever its hold says"},
    )
    until = Instant(load_default=None, metadata={"description": "By the station's clock"})
    minutes = Number(load_default=None, validate=Range(min=1, max=7 * 24 * 60), metadata={"description": "Instead"})
    why = fields.String(required=True, validate=Length(1, 500), metadata={"description": "The reason, for all to read"})
    who = fields.String(
        load_default="", validate=Length(max=200), metadata={"description": "Who ordered it; else who sends it"}
    )

    @validates_schema
    def _refuse_both(self, data: Mapping[str, Any], **_: Any) -> None:
        if (data["until"] is None) == (data["minutes"] is None):
            raise ValidationError({"until": ["Give either until or minutes."]})


class PlanSummary(Schema):
    """One plan of the loop."""

    id = fields.UUID(required=True)
    plant = fields.String(required=True)
    slot = fields.DateTime(required=True, metadata={"description": "Its first step"})
    revision = fields.Integer(required=True)
    trigger = fields.String(required=True)
    status = fields.String(required=True, validate=OneOf(STATUSES))
    origin = fields.String(
        required=True, allow_none=True, metadata={"description": "plan, repair, or rule: the safe rule controller"}
    )
    reason = fields.String(required=True, allow_none=True, metadata={"description": "Why it is the rule controller's"})
    created_at = fields.DateTime(required=True)
    settled_at = fields.DateTime(required=True, allow_none=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = fields.DateTime(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class NoticeDocument(Schema):
    """What an operator has to know of it."""

    code = fields.String(required=True)
    severity = fields.String(required=True)
    message = fields.String(required=True)


class PlanDocument(PlanSummary):
    """One plan with all its steps; those fields are null until it is made."""

    in_force = fields.Boolean(required=True, metadata={"description": "Whether the station is to follow it now"})
    safe = fields.Boolean(required=True, allow_none=True, metadata={"description": "Whether it passed the audit"})
    energy_cost_eur = fields.Float(required=True, allow_none=True)
    energy_kwh = fields.Float(required=True, allow_none=True)
    relaxed = fields.List(fields.String(), required=True, allow_none=True)
    schedule = fields.List(fields.Nested(StepResult), required=True, allow_none=True)
    audit = fields.List(fields.Nested(AuditResult), required=True, allow_none=True)
    explanation = fields.List(fields.Nested(ExplanationResult), required=True, allow_none=True)
    kpis = fields.Nested(KpiResult, required=True, allow_none=True)
    savings = fields.Nested(SavingsResult, required=True, allow_none=True)
    notices = fields.List(fields.Nested(NoticeDocument), required=True, allow_none=True)


class PlanList(Schema):
    """One page of plans, newest first."""

    items = fields.List(fields.Nested(PlanSummary), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ForecastRow(Schema):
    """One quarter of an hour."""

    time = fields.DateTime(required=True)
    inflow_m3_per_h = fields.Float(required=True)
    lower_m3_per_h = fields.Float(required=True, metadata={"description": "Quantile 0.1"})
    upper_m3_per_h = fields.Float(required=True, metadata={"description": "Quantile 0.9"})
    price_eur_per_mwh = fields.Float(required=True)
    price_published = fields.Boolean(required=True)


class ForecastDocument(Schema):
    """What the newest plan of a station was made by."""

    plant = fields.String(required=True)
    plan_id = fields.UUID(required=True)
    origin = fields.DateTime(required=True, metadata={"description": "First step"})
    model = fields.String(required=True)
    stale = fields.Boolean(required=True, metadata={"description": "Whether measurements were missing"})
    stale_minutes = fields.Integer(required=True)
    level_m = fields.Float(required=True)
    level_estimated = fields.Boolean(required=True)
    dry_today = fields.Boolean(required=True)
    rows = fields.List(fields.Nested(ForecastRow), required=True)


class ForecastList(Schema):
    """The present forecasts."""

    items = fields.List(fields.Nested(ForecastDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True, metadata={"description": "Always null"})


class OverrideDocument(Schema):
    """An operator's order."""

    id = fields.UUID(required=True)
    plant = fields.String(required=True)
    pump = fields.String(required=True)
    action = fields.String(required=True)
    why = fields.String(required=True)
    who = fields.String(required=True)
    starts_at = fields.DateTime(required=True)
    until = fields.DateTime(required=True)
    in_force = fields.Boolean(required=True)
    created_at = fields.DateTime(required=True)
    ended_at = fields.DateTime(required=True, allow_none=True)
    ended_by = fields.String(required=True, allow_none=True)
    plan_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "The plan made for it, where it is given or ended"}
    )


class OverrideList(Schema):
    """One page of orders, newest first."""

    items = fields.List(fields.Nested(OverrideDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
