"""This file is about what goes into and comes out of `pumping.rehearse`."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Number, Params
from core.workloads.pumping import plant as plants
from core.workloads.pumping.plan_params import WeightsParams
from core.workloads.pumping.replan_schema import NoticeResult
from core.workloads.pumping.results import AuditResult, number

WHAT = ("sensor_outage", "pump_failure", "override", "price_spike", "storm")


class EventParams(Params):
    """Something that goes wrong, or that somebody orders."""

    what = fields.String(required=True, validate=OneOf(WHAT), metadata={"description": "What happens."})
    at_h = Number(required=True, validate=Range(min=0, max=168), metadata={"description": "When, h from the start."})
    hours = Number(
        required=True,
        validate=Range(min=0, min_inclusive=False, max=72),
        metadata={"description": "For how long, h."},
    )
    pump = fields.String(load_default="", metadata={"description": "Which pump fails or is ordered."})
    action = fields.String(
        load_default="off", validate=OneOf(["on", "off", "out"]), metadata={"description": "What is ordered."}
    )
    amount = Number(
        load_default=0.0,
        validate=Range(min=0, max=100_000),
        metadata={"description": "Of a spike the price, EUR/MWh; of a storm the inflow added, m3/h."},
    )


class RehearsalParams(Params):
    """Params of `pumping.rehearse`."""

    first_day = fields.Integer(
        load_default=8,
        validate=Range(min=1, max=360),
        metadata={"description": "Day of the generated scenario to begin with; up to a week before it is history."},
    )
    days = Number(load_default=1.0, validate=Range(min=0.0625, max=7), metadata={"description": "How long, days."})
    events = fields.List(
        fields.Nested(EventParams),
        load_default=list,
        validate=Length(max=32),
        metadata={"description": "What happens meanwhile; the loop is not told before."},
    )
    horizon_h = Number(load_default=30.0, validate=Range(min=6, max=72), metadata={"description": "Of each plan, h."})
    weights = fields.Nested(
        WeightsParams,
        load_default=lambda: WeightsParams().load({"end_volume": "value"}),
        metadata={"description": "What is priced beside energy."},
    )
    seed = fields.Integer(load_default=1, metadata={"description": "Of the scenario."})

    @validates_schema
    def _refuse_unknown_pumps(self, data: dict[str, Any], **_: Any) -> None:
        known = {pump.name for pump in plants.load("tunnel").pumps}
        for place, event in enumerate(data["events"]):
            if event["what"] in {"pump_failure", "override"} and event["pump"] not in known:
                raise ValidationError({"events": {place: {"pump": ["The plant has no pump of that name."]}}})


class TurnResult(Schema):
    """One turn of the loop."""

    time = fields.String(required=True)
    origin = fields.String(required=True, metadata={"description": "plan, repair or rule."})
    level_m = number("Level at the end of the quarter-hour, m.")
    outflow_m3_per_h = number("Outflow during it, m3/h.")
    power_kw = number("Power, kW.")
    price_eur_per_mwh = number("Price, EUR/MWh.")
    notices = fields.List(fields.String(), required=True, metadata={"description": "Codes of what was told."})
    reasons = fields.List(
        fields.String(), required=True, metadata={"description": "Which pumps the plan switches now, and why."}
    )


class ToldResult(NoticeResult):
    """One alert over its life."""

    first = fields.String(required=True, metadata={"description": "When it was raised, ISO 8601."})
    last = fields.String(required=True, metadata={"description": "When it held for the last time, ISO 8601."})


class RehearsalResult(Schema):
    """Result of `pumping.rehearse`."""

    cost_eur = number("Cost of energy, water left at the end credited, EUR.")
    hindsight_eur = number("The same of one plan made with full knowledge and every pump fit throughout, EUR.")
    rule_eur = number("The same of the level rule with nightly emptying, EUR.")
    above_hindsight = number("cost / hindsight - 1.")
    energy_kwh = number("Energy, kWh.")
    mean_abs_flow_change_m3_per_h = number("Mean change of the outflow from step to step, m3/h.")
    max_level_m = number("Highest level, m.")
    dry_days = fields.Integer(required=True)
    dry_days_emptied = fields.Integer(required=True)
    violations = fields.Integer(required=True, metadata={"description": "Rules broken by what really happened."})
    audit = fields.List(fields.Nested(AuditResult), required=True)
    origins = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    turns = fields.List(fields.Nested(TurnResult), required=True)
    told = fields.List(fields.Nested(ToldResult), required=True, metadata={"description": "Alerts, in order."})
