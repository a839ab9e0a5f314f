"""This file is about what goes into and comes out of back-tests."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Number
from core.workloads.pumping.forecast_schema import DRY_BELOW_M3_PER_DAY
from core.workloads.pumping.orders import MAX_STEPS
from core.workloads.pumping.params import StateParams
from core.workloads.pumping.plan_params import PlantParams, WeightsParams
from core.workloads.pumping.results import StepResult, number
from core.workloads.pumping.series_field import SeriesField, SeriesOfPlantParams

MODES = ("forecast", "perfect")
REPLAN_MINUTES = (15, 30, 60, 120, 180, 240, 360)
DAY_STEPS = 96


def _weights() -> dict[str, object]:
    return {
        "start_eur": 2.0,
        "smoothness_eur_per_m3_per_h": 0.0,
        "flow_band": None,
        "end_volume": "value",
    }


class BacktestWeights(WeightsParams):
    """What is priced beside energy; unlike a single plan's, without a band and with water valued at the end."""

    flow_band = Number(
        load_default=None,
        allow_none=True,
        validate=Range(min=1.05, max=20),
        metadata={"description": "Outflow stays within the day's mean inflow divided by, and times, this; null: none."},
    )
    end_volume = fields.String(
        load_default="value",
        validate=OneOf(["value", "fixed"]),
        metadata={"description": "value: water left at a plan's end is charged at its cost to lift; fixed: no more."},
    )


class PolicyParams(PlantParams):
    """How plans are made again and again."""

    mode = fields.String(
        load_default="forecast",
        validate=OneOf(MODES),
        metadata={"description": "forecast: only what was known at each moment; perfect: with foresight."},
    )
    horizon_h = Number(
        load_default=30.0, validate=Range(min=6, max=72), metadata={"description": "How far each plan looks, h."}
    )
    replan_minutes = fields.Integer(
        load_default=60,
        validate=OneOf(REPLAN_MINUTES),
        metadata={"description": "How long a plan is followed until the next, min."},
    )
    weights = fields.Nested(
        BacktestWeights, load_default=_weights, metadata={"description": "What is priced beside energy."}
    )
    dry_below_m3_per_day = Number(
        load_default=DRY_BELOW_M3_PER_DAY,
        validate=Range(min=0, min_inclusive=False),
        metadata={"description": "A day with less inflow is dry: the basin is to be emptied on it, m3."},
    )


class BacktestParams(PolicyParams, SeriesOfPlantParams):
    """Params of `pumping.backtest`."""

    series = SeriesField(
        required=True,
        metadata={
            "description": 'Recorded operation: {"artifact": id} of a CSV file or {"rows": [...]}, with columns time, '
            "inflow_m3_per_15min, level_m, price_<tariff>_cent_per_kwh; to be compared with also outflow_m3_per_h and "
            "pump_<name>_power_kw."
        },
    )
    tariff = fields.String(
        load_default="normal",
        validate=Length(min=1, max=50),
        metadata={"description": "Which price column, normal or high in the shared data."},
    )
    first_day = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "First day operated; null: the first complete day. Days before it are history."},
    )
    days = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=Range(min=1, max=120),
        metadata={"description": "How many days; null: all complete ones."},
    )
    seed = fields.Integer(load_default=0, metadata={"description": "Kept with the result; nothing is drawn."})


class BacktestDayParams(PolicyParams):
    """Params of `pumping.backtest_day`, which a back-test has computed one after the other."""

    start = fields.DateTime(required=True, format="iso", metadata={"description": "Beginning of the day, plant time."})
    steps = fields.Integer(
        load_default=DAY_STEPS,
        validate=Range(min=1, max=DAY_STEPS),
        metadata={"description": "Quarter-hours of the day."},
    )
    state = fields.Nested(StateParams, required=True, metadata={"description": "The plant at the start."})
    history_m3_per_h = fields.List(
        Number(validate=Range(min=0)),
        load_default=list,
        validate=Length(max=100 * DAY_STEPS),
        metadata={"description": "Inflow before the day, m3/h."},
    )
    inflow_m3_per_h = fields.List(
        Number(validate=Range(min=0)),
        required=True,
        validate=Length(min=1, max=MAX_STEPS),
        metadata={"description": "True inflow of the day, and in mode perfect beyond it, m3/h."},
    )
    price_eur_per_mwh = fields.List(
        Number(),
        required=True,
        validate=Length(min=1, max=MAX_STEPS),
        metadata={"description": "Prices of the day and beyond, EUR/MWh; in mode forecast looked at once published."},
    )
    seed = fields.Integer(load_default=0, metadata={"description": "Kept with the result; nothing is drawn."})


def _count(description: str) -> fields.Integer:
    return fields.Integer(required=True, metadata={"description": description})


class PlanningResult(Schema):
    """What planning took."""

    fresh = _count("Plans made.")
    repaired = _count("Of these times the earlier plan, mended, was cheaper and kept.")
    fallbacks = _count("Times without a plan: the rule controller's was followed.")
    relaxed = _count("Plans that had to drop a soft rule.")


class PumpStateDocument(Schema):
    """What one pump does."""

    on = fields.Boolean(required=True, metadata={"description": "Whether it runs."})
    minutes_since_switch = number("Minutes since its last switch, min.")
    available = fields.Boolean(metadata={"description": "False when out of service."})


class StateDocument(Schema):
    """The plant at a moment."""

    level_m = number("Level, m.")
    pumps = fields.Dict(keys=fields.String(), values=fields.Nested(PumpStateDocument), required=True)
    emptied_today = fields.Boolean(required=True, metadata={"description": "Whether the day's emptying is done."})


class BacktestDayResult(Schema):
    """Result of `pumping.backtest_day`."""

    rows = fields.List(fields.Nested(StepResult), required=True)
    state = fields.Nested(StateDocument, required=True)
    planning = fields.Nested(PlanningResult, required=True)


class OperationFigures(Schema):
    """One way of operating over some time."""

    energy_cost_eur = number("Cost of energy, EUR.")
    energy_kwh = number("Energy, kWh.")
    pumped_m3 = number("Water lifted, m3.")
    kwh_per_m3 = number("Specific energy, kWh/m3.")
    end_volume_credit_eur = number("What less water at the end than at the start saves later, EUR.")
    adjusted_cost_eur = number("Cost of energy less the credit, EUR.")
    mean_abs_flow_change_m3_per_h = number("Mean change of the outflow from step to step, m3/h.")
    flow_sd_m3_per_h = number("Standard deviation of the outflow within a day, m3/h.")
    max_level_m = number("Highest level, m.")
    hours_above_alarm = number("Time above the alarm level, h.")
    starts = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Pump starts; null where pumps were not recorded."}
    )
    emptied_days = _count("Days on which the basin was emptied.")
    dry_days = _count("Dry days.")
    dry_days_emptied = _count("Dry days on which the basin was emptied.")
    violations = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Broken rules found by the audit; null: not audited."}
    )


class BacktestDayFigures(Schema):
    """One day, operated in each way."""

    date = fields.String(required=True, metadata={"description": "The day, ISO 8601."})
    inflow_m3 = number("What came in, m3.")
    dry = fields.Boolean(required=True, metadata={"description": "Whether the day was dry."})
    plan = fields.Nested(OperationFigures, required=True)
    rule = fields.Nested(OperationFigures, required=True)
    recorded = fields.Nested(OperationFigures, required=True, allow_none=True)


class AuditFinding(Schema):
    """One rule over the whole back-test."""

    rule = fields.String(required=True)
    hard = fields.Boolean(required=True)
    limit = number("The limit, in the rule's unit.", none=True)
    worst = number("The worst value, in the rule's unit.", none=True)
    unit = fields.String(required=True)
    violations = _count("How often it is broken.")


class BacktestResult(Schema):
    """Result of `pumping.backtest`; the schedules themselves are in the artifact `backtest.csv`."""

    mode = fields.String(required=True)
    tariff = fields.String(required=True)
    first_day = fields.String(required=True)
    plan = fields.Nested(OperationFigures, required=True, metadata={"description": "Operated by plans, in the model."})
    rule = fields.Nested(
        OperationFigures,
        required=True,
        metadata={"description": "The level rule with nightly emptying, in the same model."},
    )
    recorded = fields.Nested(
        OperationFigures,
        required=True,
        allow_none=True,
        metadata={"description": "Measured operation; null where the series has none."},
    )
    saved_against_rule = number("1 - adjusted cost of the plan / that of the rule.")
    saved_against_recorded = number("The same against measured operation; not the same model.", none=True)
    mean_abs_flow_change_m3_per_h = number("Of the plan, m3/h: never to be quoted without the cost, nor it without.")
    days = fields.List(fields.Nested(BacktestDayFigures), required=True)
    audit = fields.List(fields.Nested(AuditFinding), required=True)
    planning = fields.Nested(PlanningResult, required=True)
    warnings = fields.List(fields.String(), required=True)
