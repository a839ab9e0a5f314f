"""This file is about what goes into and comes out of `pumping.forecast`."""

from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Number
from core.workloads.pumping.plan_params import PlantField
from core.workloads.pumping.results import number
from core.workloads.pumping.series_field import SeriesField, SeriesOfPlantParams

MODELS = ("auto", "blend", "profile", "seasonal_naive", "smoothing")
QUANTILES = [0.1, 0.5, 0.9]
DRY_BELOW_M3_PER_DAY = 110_000.0
_quantile = Range(min=0, max=1, min_inclusive=False, max_inclusive=False)


def _rising(values: list[float]) -> None:
    if values != sorted(set(values)):
        raise ValidationError("Quantiles must rise.")


class ForecastParams(SeriesOfPlantParams):
    """Params of `pumping.forecast`."""

    plant = PlantField(
        load_default="tunnel",
        allow_none=True,
        metadata={
            "description": "Whose inflow it is, so that another unit is noticed: a shipped plant's name or a document; "
            "null: of none known, and nothing is noticed."
        },
    )
    series = SeriesField(
        required=True,
        metadata={
            "description": 'Recorded operation: {"artifact": id} of a CSV file or {"rows": [...]}, with columns time, '
            "inflow_m3_per_15min or inflow_m3_per_h, and for prices price_<tariff>_cent_per_kwh, known ahead or not."
        },
    )
    start = fields.DateTime(
        load_default=None,
        allow_none=True,
        format="iso",
        metadata={"description": "First step to forecast; null: behind the last row. Nothing recorded later is used."},
    )
    horizon_h = Number(
        load_default=24.0, validate=Range(min=0.25, max=72), metadata={"description": "How far ahead, h."}
    )
    quantiles = fields.List(
        Number(validate=_quantile),
        load_default=lambda: list(QUANTILES),
        validate=[Length(min=1, max=19), _rising],
        metadata={"description": "Which quantiles; 0.1 and 0.9 bound an 80 % band."},
    )
    model = fields.String(
        load_default="auto",
        validate=OneOf(MODELS),
        metadata={"description": "auto: chosen by what each would have missed in the past."},
    )
    tariff = fields.String(
        load_default="normal",
        validate=Length(min=1, max=50),
        metadata={"description": "Which price column; without it in the series no prices are forecast."},
    )
    dry_below_m3_per_day = Number(
        load_default=DRY_BELOW_M3_PER_DAY,
        validate=Range(min=0, min_inclusive=False),
        metadata={"description": "A day with less inflow is dry, m3."},
    )
    seed = fields.Integer(load_default=0, metadata={"description": "Kept with the result; nothing is drawn."})


def _quantiles() -> fields.Dict:
    return fields.Dict(
        keys=fields.String(), values=fields.Float(), metadata={"description": "Value by quantile, in the row's unit."}
    )


class ScoreResult(Schema):
    """How a model would have done."""

    model = fields.String(required=True, metadata={"description": "Name of the model."})
    nmae = number("Mean absolute error over mean value, from past origins.")
    origins = fields.Integer(required=True, metadata={"description": "How many past origins."})


class InflowForecastResult(Schema):
    """Expected inflow of one step."""

    time = fields.String(required=True, metadata={"description": "Beginning of the step, ISO 8601."})
    m3_per_h = number("Expected inflow, m3/h.")
    quantiles = _quantiles()


class PriceForecastRow(Schema):
    """Price of one step, published or expected."""

    time = fields.String(required=True, metadata={"description": "Beginning of the step, ISO 8601."})
    eur_per_mwh = number("Price, EUR/MWh.")
    published = fields.Boolean(required=True, metadata={"description": "Whether the series knows it."})
    quantiles = _quantiles()


class PriceForecastResult(Schema):
    """Prices of the horizon."""

    model = fields.String(required=True, metadata={"description": "Who says so where nothing is published."})
    rows = fields.List(fields.Nested(PriceForecastRow), required=True)


class DayForecastResult(Schema):
    """One day, as far as the horizon covers it."""

    date = fields.String(required=True, metadata={"description": "The day, ISO 8601."})
    hours = number("How much of it the horizon covers, h.")
    inflow_m3 = number("Expected inflow in these hours, m3.")
    dry = fields.Boolean(required=True, metadata={"description": "Whether a day at this rate is dry."})


class ForecastResult(Schema):
    """Result of `pumping.forecast`."""

    origin = fields.String(required=True, metadata={"description": "First step forecast, ISO 8601."})
    step_minutes = fields.Integer(required=True, metadata={"description": "Length of a step, min."})
    model = fields.String(required=True, metadata={"description": "The model chosen."})
    fallback = fields.Boolean(
        required=True, metadata={"description": "Whether data were stale or too few, so that less can be said."}
    )
    stale_minutes = fields.Integer(required=True, metadata={"description": "Minutes missing before the origin."})
    scores = fields.List(fields.Nested(ScoreResult), required=True)
    inflow = fields.List(fields.Nested(InflowForecastResult), required=True)
    price = fields.Nested(PriceForecastResult, required=True, allow_none=True)
    days = fields.List(fields.Nested(DayForecastResult), required=True)
    warnings = fields.List(fields.String(), required=True, metadata={"description": "What an operator should know."})
