"""Stations over the wire: documents, settings, measurements, prices and figures."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, Range

from core.jobs.kind import Number
from core.workloads.pumping.operations.states import MOST_AT_ONCE
from core.workloads.pumping.plan_params import WeightsParams
from webapp.schemas.values import Flag, Instant, Strict

MOST_PRICES = 5_000
_HORIZON_H, _STALE_MINUTES = Range(min=6, max=72), Range(min=15, max=720)


class ClockChange(Strict):
    """A clock other than everybody's, for a station that is simulated."""

    plant_at = Instant(required=True, metadata={"description": "What it shows now"})
    rate = Number(
        load_default=1.0,
        validate=Range(min=0, max=100_000),
        metadata={"description": "How many of its seconds pass in one of everybody's"},
    )


class PlantChange(Strict):
    """How a station is operated; what is left out stays, null takes a setting back to its default."""

    active = Flag(metadata={"description": "Whether a plan is made for it each quarter of an hour"})
    automatic = Flag(
        allow_none=True, metadata={"description": "Whether a plan that passes the audit counts without being accepted"}
    )
    timezone = fields.String(
        allow_none=True,
        validate=Length(1, 100),
        metadata={"description": "By whose midnights days are told, as `Europe/Helsinki`; UTC unless given"},
    )
    horizon_h = Number(allow_none=True, validate=_HORIZON_H, metadata={"description": "How far plans look, h"})
    stale_after_minutes = fields.Integer(
        allow_none=True,
        strict=True,
        validate=_STALE_MINUTES,
        metadata={"description": "Without a level for so long the rule controller takes over"},
    )
    dry_below_m3_per_day = Number(
        allow_none=True,
        validate=Range(min=0, min_inclusive=False),
        metadata={"description": "A day with less inflow is dry, m3"},
    )
    co2_g_per_kwh = Number(
        allow_none=True, validate=Range(min=0), metadata={"description": "Emission factor of the electricity"}
    )
    weights = fields.Nested(WeightsParams, allow_none=True, metadata={"description": "What is priced beside energy"})
    clock = fields.Nested(ClockChange, allow_none=True, metadata={"description": "Null: everybody's"})


class PlantRequest(Strict):
    """A station's document."""

    document = fields.Dict(required=True, metadata={"description": "As the shipped ones are; see `GET /plants/tunnel`"})


class PumpReading(Strict):
    """What one pump does."""

    on = Flag(required=True)
    hz = Number(validate=Range(min=0, max=400), metadata={"description": "Frequency, Hz"})
    power_kw = Number(metadata={"description": "Power, kW"})
    available = Flag(metadata={"description": "False while it is out of service"})


class ReadingRequest(Strict):
    """What was measured up to an instant; flows and power are means of the quarter-hour that it ends."""

    time = Instant(required=True)
    level_m = Number(required=True, metadata={"description": "Level in the basin, m"})
    inflow_m3_per_h = Number(
        allow_none=True, load_default=None, metadata={"description": "Else taken from the balance"}
    )
    outflow_m3_per_h = Number(allow_none=True, load_default=None)
    power_kw = Number(allow_none=True, load_default=None, metadata={"description": "Of all pumps"})
    pumps = fields.Dict(keys=fields.String(), values=fields.Nested(PumpReading), load_default=dict)


class ReadingsRequest(Strict):
    """Measurements, in any order."""

    readings = fields.List(fields.Nested(ReadingRequest), required=True, validate=Length(min=1, max=MOST_AT_ONCE))


class PriceRequest(Strict):
    """What electricity costs from an instant on: until the next price, an hour at most."""

    time = Instant(required=True, metadata={"description": "On a quarter of an hour"})
    eur_per_mwh = Number(required=True)


class PricesRequest(Strict):
    """Prices, published ahead or not."""

    prices = fields.List(fields.Nested(PriceRequest), required=True, validate=Length(min=1, max=MOST_PRICES))


class StatesQuery(Strict):
    """Which measurements."""

    limit = fields.Integer(load_default=96, validate=Range(1, 1000))
    cursor = Instant(load_default=None, metadata={"description": "`next_cursor` of the page before"})


class StretchQuery(Strict):
    """A stretch of time; the last day unless given."""

    since = Instant(load_default=None)
    until = Instant(load_default=None)

    @validates_schema
    def _refuse_backwards(self, data: Mapping[str, Any], **_: Any) -> None:
        if data["since"] and data["until"] and data["since"] >= data["until"]:
            raise ValidationError({"until": ["Not after since."]})


class PlantDocument(Schema):
    """A station as the tenant operates it."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    shipped = fields.Boolean(required=True, metadata={"description": "Whether its document is the product's own"})
    active = fields.Boolean(required=True)
    settings = fields.Dict(required=True, metadata={"description": "What differs from the defaults"})
    now = fields.DateTime(required=True, metadata={"description": "What its clock shows"})
    clock_rate = fields.Float(required=True)
    pumps = fields.List(fields.String(), required=True)
    document = fields.Dict(metadata={"description": "Of its own; only where one station is read"})
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class PlantList(Schema):
    """All stations."""

    items = fields.List(fields.Nested(PlantDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True, metadata={"description": "Always null"})


class ReadingDocument(Schema):
    """A measurement."""

    time = fields.DateTime(required=True)
    level_m = fields.Float(required=True)
    inflow_m3_per_h = fields.Float(required=True, allow_none=True)
    outflow_m3_per_h = fields.Float(required=True, allow_none=True)
    power_kw = fields.Float(required=True, allow_none=True)
    pumps = fields.Dict(required=True)


class StateAnswer(Schema):
    """The latest measurement, and whether it is too old to plan by."""

    plant = fields.String(required=True)
    now = fields.DateTime(required=True, metadata={"description": "What the station's clock shows"})
    state = fields.Nested(ReadingDocument, required=True, allow_none=True)
    age_s = fields.Float(required=True, allow_none=True)
    stale = fields.Boolean(required=True, metadata={"description": "True, too, while nothing was measured yet"})
    stale_after_minutes = fields.Integer(required=True)


class TakenAnswer(Schema):
    """What became of measurements that were sent."""

    received = fields.Integer(required=True)
    new = fields.Integer(required=True, metadata={"description": "The others took the place of one sent before"})
    latest = fields.DateTime(required=True)
    plan_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The plan that they called for"})


class ReadingList(Schema):
    """One page of measurements, newest first."""

    items = fields.List(fields.Nested(ReadingDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class PriceDocument(Schema):
    """A price."""

    time = fields.DateTime(required=True)
    eur_per_mwh = fields.Float(required=True)


class PriceList(Schema):
    """Prices of a stretch, in order of time."""

    items = fields.List(fields.Nested(PriceDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True, metadata={"description": "Always null"})


class PricesAnswer(Schema):
    """How many prices were kept."""

    kept = fields.Integer(required=True)


class FiguresDocument(Schema):
    """What quarter-hours came to; null where what it takes was not measured."""

    priced_quarters = fields.Integer(
        required=True, metadata={"description": "Quarter-hours whose power and price are known: the cost is theirs"}
    )
    energy_cost_eur = fields.Float(required=True, allow_none=True)
    energy_kwh = fields.Float(required=True, allow_none=True)
    pumped_m3 = fields.Float(required=True, allow_none=True)
    kwh_per_m3 = fields.Float(required=True, allow_none=True)
    starts = fields.Integer(required=True, allow_none=True)
    co2_kg = fields.Float(required=True, allow_none=True)
    mean_abs_flow_change_m3_per_h = fields.Float(required=True, allow_none=True)
    hours_above_alarm = fields.Float(required=True, allow_none=True)
    max_level_m = fields.Float(required=True, allow_none=True)


class PerformanceAnswer(Schema):
    """Plan against actual."""

    since = fields.DateTime(required=True)
    until = fields.DateTime(required=True)
    quarters = fields.Integer(required=True, metadata={"description": "Quarter-hours measured"})
    planned_quarters = fields.Integer(required=True, metadata={"description": "Of these planned"})
    actual = fields.Nested(FiguresDocument, required=True)
    actual_where_planned = fields.Nested(
        FiguresDocument, required=True, metadata={"description": "Of the quarters that were planned: beside `plan`"}
    )
    plan = fields.Nested(FiguresDocument, required=True)
    mean_abs_level_error_m = fields.Float(required=True, allow_none=True)
    switched_as_planned = fields.Float(
        required=True, allow_none=True, metadata={"description": "Share of quarters with the pumps that were planned"}
    )
