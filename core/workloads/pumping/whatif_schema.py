"""This file is about what goes into and comes out of `pumping.whatif`."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, Range

from core.jobs.kind import Number, Params
from core.workloads.pumping import plant as plants
from core.workloads.pumping.params import OptimizeParams
from core.workloads.pumping.results import number

MOST_SCENARIOS = 24
MOST_WEIGHTS = 12


class ScenarioParams(Params):
    """One change of the circumstances."""

    name = fields.String(required=True, validate=Length(min=1, max=60), metadata={"description": "What to call it."})
    price_factor = Number(
        load_default=1.0, validate=Range(min=0, max=10), metadata={"description": "Prices times this."}
    )
    price_added_eur_per_mwh = Number(
        load_default=0.0, validate=Range(min=-1000, max=1000), metadata={"description": "Then this added, EUR/MWh."}
    )
    inflow_factor = Number(
        load_default=1.0, validate=Range(min=0, max=5), metadata={"description": "Inflow times this."}
    )
    inflow_added_m3_per_h = Number(
        load_default=0.0, validate=Range(min=-50_000, max=50_000), metadata={"description": "Then this added, m3/h."}
    )
    pumps_out = fields.List(
        fields.String(), load_default=list, metadata={"description": "Pumps out of service throughout."}
    )
    smoothness_eur_per_m3_per_h = Number(
        load_default=None,
        allow_none=True,
        validate=Range(min=0, max=10),
        metadata={"description": "Instead of the base's, EUR per m3/h; null: the base's."},
    )
    flow_band = Number(
        load_default=None,
        allow_none=True,
        validate=Range(min=1.05, max=20),
        metadata={"description": "Instead of the base's; null: the base's."},
    )


class WhatifParams(Params):
    """Params of `pumping.whatif`."""

    base = fields.Nested(
        OptimizeParams, required=True, metadata={"description": "Params of `pumping.optimize` to depart from."}
    )
    scenarios = fields.List(
        fields.Nested(ScenarioParams),
        load_default=list,
        validate=Length(max=MOST_SCENARIOS),
        metadata={"description": "What is changed, each planned by itself."},
    )
    smoothness_weights = fields.List(
        Number(validate=Range(min=0, max=10)),
        load_default=list,
        validate=Length(max=MOST_WEIGHTS),
        metadata={"description": "Smoothness prices of the base's front of cost and smoothness, EUR per m3/h."},
    )
    flow_bands = fields.List(
        Number(validate=Range(min=1.05, max=20)),
        load_default=list,
        validate=Length(max=MOST_WEIGHTS),
        metadata={"description": "Flow bands of the same front."},
    )

    @validates_schema
    def _refuse_unknown(self, data: dict[str, Any], **_: Any) -> None:
        names = [scenario["name"] for scenario in data["scenarios"]]
        if len(set(names)) < len(names):
            raise ValidationError({"scenarios": ["Two scenarios have the same name."]})
        known = {pump.name for pump in plants.resolve(data["base"]["plant"]).pumps}
        for place, scenario in enumerate(data["scenarios"]):
            strange = sorted(set(scenario["pumps_out"]) - known)
            if strange:
                detail = f"The plant has no pump {strange[0]!r}."
                raise ValidationError({"scenarios": {place: {"pumps_out": [detail]}}})
            if known <= set(scenario["pumps_out"]):
                raise ValidationError({"scenarios": {place: {"pumps_out": ["All pumps are out of service."]}}})


class OutcomeResult(Schema):
    """What a plan came to under one scenario."""

    name = fields.String(required=True)
    status = fields.String(
        required=True, metadata={"description": "Of the plan, as in `pumping.optimize`; or refused."}
    )
    detail = fields.String(required=True, allow_none=True, metadata={"description": "Why it was refused."})
    energy_cost_eur = number("Cost of energy, EUR.", none=True)
    adjusted_cost_eur = number("Cost of energy less the end volume's credit, EUR.", none=True)
    energy_kwh = number("Energy, kWh.", none=True)
    kwh_per_m3 = number("Specific energy, kWh/m3.", none=True)
    mean_abs_flow_change_m3_per_h = number("Mean change of the outflow from step to step, m3/h.", none=True)
    flow_sd_m3_per_h = number("Standard deviation of the outflow within a day, m3/h.", none=True)
    starts = fields.Integer(required=True, allow_none=True, metadata={"description": "Pump starts."})
    max_level_m = number("Highest level, m.", none=True)
    hours_above_alarm = number("Time above the alarm level, h.", none=True)
    relaxed = fields.List(fields.String(), required=True, metadata={"description": "Soft rules dropped."})
    violations = fields.Integer(required=True, allow_none=True, metadata={"description": "Broken rules."})
    dearer_eur = number("Adjusted cost less that of the base, EUR.", none=True)


class FrontResult(OutcomeResult):
    """One point of the front of cost and smoothness."""

    smoothness_eur_per_m3_per_h = number("The price of changing the flow, EUR per m3/h.")
    flow_band = number("The flow band; null: none.", none=True)
    dominated = fields.Boolean(
        required=True, metadata={"description": "Whether another point is both cheaper and smoother."}
    )


class WhatifResult(Schema):
    """Result of `pumping.whatif`."""

    base = fields.Nested(OutcomeResult, required=True)
    scenarios = fields.List(fields.Nested(OutcomeResult), required=True)
    front = fields.List(fields.Nested(FrontResult), required=True)
