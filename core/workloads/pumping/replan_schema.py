"""This file is about what goes into and comes out of `pumping.replan`, the loop's own planning."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Number, Params
from core.workloads.pumping.forecast_schema import DRY_BELOW_M3_PER_DAY
from core.workloads.pumping.plan_params import OrderedParams, PumpStateParams, WeightsParams
from core.workloads.pumping.results import (
    AuditResult,
    BaselineResult,
    ExplanationResult,
    KpiResult,
    SavingsResult,
    StepResult,
    number,
)

LONGEST_HISTORY_STEPS = 14 * 96
STALE_AFTER_MINUTES = 30
SEVERITIES = ("info", "warning", "critical")

_level = Number(allow_none=True)
_flow = Number(allow_none=True, validate=Range(min=0, error="Negative flow."))


class TelemetryParams(Params):
    """What was measured in the quarter-hours before the start, oldest first; null where nothing was."""

    level_m = fields.List(
        _level,
        required=True,
        validate=Length(min=1, max=LONGEST_HISTORY_STEPS),
        metadata={"description": "Level at the end of each quarter-hour, m."},
    )
    inflow_m3_per_h = fields.List(
        _flow,
        required=True,
        validate=Length(min=1, max=LONGEST_HISTORY_STEPS),
        metadata={"description": "Inflow during it, m3/h; where null, taken from level and outflow."},
    )
    outflow_m3_per_h = fields.List(
        _flow,
        required=True,
        validate=Length(min=1, max=LONGEST_HISTORY_STEPS),
        metadata={"description": "Outflow during it, m3/h."},
    )
    pumps = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(PumpStateParams),
        load_default=dict,
        metadata={"description": "Each pump at the start, as far as it is known."},
    )
    emptied_today = fields.Boolean(
        load_default=False, metadata={"description": "Whether the basin was emptied on the first day already."}
    )


class ReplanParams(OrderedParams):
    """Params of `pumping.replan`."""

    start = fields.DateTime(
        required=True, format="iso", metadata={"description": "Beginning of the first step, in the plant's own time."}
    )
    trigger = fields.String(
        load_default="schedule",
        validate=OneOf(["schedule", "state", "override", "asked"]),
        metadata={"description": "Why a plan is made now."},
    )
    telemetry = fields.Nested(TelemetryParams, required=True, metadata={"description": "What was measured."})
    price_eur_per_mwh = fields.List(
        Number(allow_none=True),
        load_default=list,
        validate=Length(max=72 * 4),
        metadata={"description": "Prices from the start on as far as they are published; null where they are not."},
    )
    usual_price_eur_per_mwh = Number(
        load_default=None,
        allow_none=True,
        metadata={"description": "Mean of the last days, taken where no price is known, and to tell a spike, EUR/MWh."},
    )
    expected_level_m = Number(
        load_default=None, allow_none=True, metadata={"description": "What the plan so far expected for the start, m."}
    )
    effort = fields.String(
        load_default="fresh",
        validate=OneOf(["fresh", "repair"]),
        metadata={"description": "repair: mend the plan so far, and plan afresh when it no longer keeps every rule."},
    )
    horizon_h = Number(
        load_default=30.0, validate=Range(min=6, max=72), metadata={"description": "How far the plan looks, h."}
    )
    weights = fields.Nested(
        WeightsParams,
        load_default=lambda: WeightsParams().load({"end_volume": "value"}),
        metadata={"description": "What is priced beside energy."},
    )
    dry_below_m3_per_day = Number(
        load_default=DRY_BELOW_M3_PER_DAY,
        validate=Range(min=0, min_inclusive=False),
        metadata={"description": "A day with less inflow is dry: the basin is to be emptied on it, m3."},
    )
    stale_after_minutes = fields.Integer(
        load_default=STALE_AFTER_MINUTES,
        validate=Range(min=15, max=720),
        metadata={"description": "Without a level for so long the rule controller takes over, min."},
    )


class NoticeResult(Schema):
    """Something that an operator has to know."""

    code = fields.String(required=True, metadata={"description": "What sort of thing, snake_case."})
    severity = fields.String(
        required=True, validate=OneOf(SEVERITIES), metadata={"description": "info, warning or critical."}
    )
    message = fields.String(required=True, metadata={"description": "What it is, with its figures."})


class BeliefResult(Schema):
    """What was believed of the hours ahead."""

    model = fields.String(required=True, metadata={"description": "Who forecast the inflow."})
    stale_minutes = fields.Integer(required=True, metadata={"description": "Minutes without a measured inflow."})
    inflow_m3_per_h = fields.List(fields.Float(), required=True)
    lower_m3_per_h = fields.List(fields.Float(), required=True)
    upper_m3_per_h = fields.List(fields.Float(), required=True)
    price_eur_per_mwh = fields.List(fields.Float(), required=True)
    published_steps = fields.Integer(required=True, metadata={"description": "For how many steps prices are known."})
    dry_today = fields.Boolean(required=True)
    level_m = number("Level at the start: measured, or carried on from the last measurement, m.")
    level_estimated = fields.Boolean(required=True)


class ReplanResult(Schema):
    """Result of `pumping.replan`."""

    origin = fields.String(required=True, metadata={"description": "Who made it: plan, repair or rule."})
    status = fields.String(required=True, metadata={"description": "feasible, fallback or infeasible."})
    safe = fields.Boolean(required=True, metadata={"description": "Whether it passes the audit of the hard rules."})
    reason = fields.String(required=True, allow_none=True, metadata={"description": "Why the rule controller's."})
    energy_cost_eur = number("Cost of energy over the horizon, EUR.")
    energy_kwh = number("Energy, kWh.")
    relaxed = fields.List(fields.String(), required=True)
    schedule = fields.List(fields.Nested(StepResult), required=True)
    audit = fields.List(fields.Nested(AuditResult), required=True)
    explanation = fields.List(fields.Nested(ExplanationResult), required=True)
    kpis = fields.Nested(KpiResult, required=True)
    baseline = fields.Nested(BaselineResult, required=True)
    savings = fields.Nested(SavingsResult, required=True)
    belief = fields.Nested(BeliefResult, required=True)
    notices = fields.List(fields.Nested(NoticeResult), required=True)
