"""This file is about what every plan is asked with: plant, pumps, what is priced, orders, the plan so far."""

from typing import Any

from marshmallow import ValidationError, fields
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Number, Params
from core.workloads.pumping import plant as plants
from core.workloads.pumping.orders import EarlierPlanParams, OverrideParams


class PlantField(fields.Raw):
    """A shipped plant's name or a whole plant document."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        del attr, data, kwargs
        if isinstance(value, str):
            if value not in plants.names():
                raise ValidationError(f"Unknown plant {value!r}; shipped are {', '.join(plants.names())}.")
            return value
        if not isinstance(value, dict):
            raise ValidationError("Give a plant's name or a plant document.")
        plants.from_document(value)
        return value


class PumpStateParams(Params):
    """What one pump does at the start."""

    on = fields.Boolean(load_default=False, metadata={"description": "Whether the pump runs at the start."})
    minutes_since_switch = Number(
        load_default=1440.0,
        validate=Range(min=0),
        metadata={"description": "Minutes since the pump last started or stopped, min."},
    )
    available = fields.Boolean(
        load_default=True, metadata={"description": "False when the pump is out of service; it is then not used."}
    )


class WeightsParams(Params):
    """What is priced beside energy."""

    start_eur = Number(
        load_default=2.0, validate=Range(min=0), metadata={"description": "Price of one pump start, EUR."}
    )
    smoothness_eur_per_m3_per_h = Number(
        load_default=0.0,
        validate=Range(min=0),
        metadata={"description": "Price of changing the outflow by 1 m3/h between steps, EUR per m3/h."},
    )
    flow_band = Number(
        load_default=1.6,
        allow_none=True,
        validate=Range(min=1.05, max=20),
        metadata={
            "description": "Outflow stays within the day's mean inflow divided by, and times, this ratio; null: none."
        },
    )
    end_volume = fields.String(
        load_default="fixed",
        validate=OneOf(["value", "fixed"]),
        metadata={
            "description": "fixed: no more water at the end than at the start; value: charged at its cost to lift."
        },
    )


class PlantParams(Params):
    """Params about one plant."""

    plant = PlantField(load_default="tunnel", metadata={"description": "Name of a shipped plant or a document."})


class OrderedParams(PlantParams):
    """Params of a plan that bears with orders and goes on from the plan so far."""

    overrides = fields.List(
        fields.Nested(OverrideParams),
        load_default=list,
        validate=Length(max=64),
        metadata={"description": "Orders of operators, which the plan respects."},
    )
    previous = fields.Nested(
        EarlierPlanParams,
        load_default=None,
        allow_none=True,
        metadata={"description": "The plan so far: a repair begins there, and stale telemetry is carried on by it."},
    )
    co2_g_per_kwh = Number(
        load_default=None,
        allow_none=True,
        validate=Range(min=0),
        metadata={"description": "Emission factor of the electricity, g CO2/kWh."},
    )
    seed = fields.Integer(load_default=0, metadata={"description": "Kept with the result; nothing is drawn."})
