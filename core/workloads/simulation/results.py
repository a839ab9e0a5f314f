"""What comes out of simulation jobs."""

from typing import Any

from marshmallow import Schema, fields

Result = dict[str, Any]


def _numbers(description: str) -> fields.List[Any]:
    return fields.List(fields.Float(), required=True, metadata={"description": description})


def _told(description: str) -> dict[str, str]:
    return {"description": description}


class SeriesResult(Schema):
    """The course of one value."""

    name = fields.String(required=True)
    sort = fields.String(required=True, metadata=_told("stock, flow, auxiliary, delay, variable or measure"))
    unit = fields.String(required=True, allow_none=True)
    mean = _numbers("By moment")
    bands = fields.List(
        fields.List(fields.Float()), required=True, metadata=_told("bands[i][t]: percentile i at moment t")
    )


class RangeResult(Schema):
    """From where to where, over members: of events 5, 50 and 95 %, of frames the ends of the percentiles asked for."""

    low = fields.Float(required=True)
    median = fields.Float(required=True)
    high = fields.Float(required=True)


class FrameResult(Schema):
    """All values at one moment."""

    time = fields.Float(required=True)
    values = fields.Dict(fields.String(), fields.Nested(RangeResult), required=True)


class EventResult(Schema):
    """Something that happened, or was watched for."""

    sort = fields.String(required=True, metadata=_told("shock, watch or policy"))
    name = fields.String(required=True)
    share = fields.Float(required=True, metadata=_told("In what part of the members it happened"))
    time = fields.Nested(
        RangeResult, required=True, allow_none=True, metadata=_told("When for the first time; null: nowhere")
    )


class ConservationResult(Schema):
    """A sum that is kept."""

    stocks = fields.List(fields.String(), required=True)
    largest_error = fields.Float(required=True, metadata=_told("Relative to the size of what is summed"))


class RunResult(Schema):
    """Result of `simulation.run`. The artifacts `bands.svg` and `series.csv` show the same."""

    model = fields.String(required=True)
    method = fields.String(required=True, metadata=_told("Integrator; rows of dynamics, turns of agents"))
    members = fields.Integer(required=True)
    seed = fields.Integer(required=True)
    steps = fields.Integer(required=True)
    dt = fields.Float(required=True)
    time_unit = fields.String(required=True, allow_none=True)
    percentiles = _numbers("Of the bands")
    times = _numbers("Moments that are told")
    series = fields.List(fields.Nested(SeriesResult), required=True)
    frames = fields.List(fields.Nested(FrameResult), required=True)
    events = fields.List(fields.Nested(EventResult), required=True)
    conservation = fields.List(fields.Nested(ConservationResult), required=True)
    warnings = fields.List(fields.String(), required=True, metadata=_told("What had no part, in words"))


class DifferenceResult(SeriesResult):
    """A scenario's value less the baseline's, in the same member."""

    share_above = fields.Float(required=True, metadata=_told("In what part of the members it ends above the baseline"))
    share_below = fields.Float(required=True, metadata=_told("And below"))


class SideResult(Schema):
    """One of the runs that are compared."""

    name = fields.String(required=True)
    series = fields.List(fields.Nested(SeriesResult), required=True)
    events = fields.List(fields.Nested(EventResult), required=True)
    conservation = fields.List(fields.Nested(ConservationResult), required=True)
    warnings = fields.List(fields.String(), required=True)


class ScenarioResult(SideResult):
    """A scenario beside the baseline."""

    differences = fields.List(fields.Nested(DifferenceResult), required=True)


class CompareResult(Schema):
    """Result of `simulation.compare`. The artifact `differences.svg` shows the differences."""

    model = fields.String(required=True)
    members = fields.Integer(required=True)
    seed = fields.Integer(required=True)
    time_unit = fields.String(required=True, allow_none=True)
    percentiles = _numbers("Of the bands")
    times = _numbers("Moments that are told")
    base = fields.Nested(SideResult, required=True)
    scenarios = fields.List(fields.Nested(ScenarioResult), required=True)


class EstimateResult(Schema):
    """One parameter that was sought."""

    name = fields.String(required=True)
    value = fields.Float(required=True)
    standard_error = fields.Float(
        required=True, allow_none=True, metadata=_told("null: what was measured does not tell the parameters apart")
    )
    at_bound = fields.Boolean(required=True, metadata=_told("Whether a bound holds it, so that the error means little"))


class FitResult(Schema):
    """One value that was measured."""

    name = fields.String(required=True)
    measured = fields.List(fields.Float(allow_none=True), required=True)
    fitted = fields.List(fields.Float(), required=True)
    rmse = fields.Float(required=True, metadata=_told("Root of the mean squared residual"))


class CalibrateResult(Schema):
    """Result of `simulation.calibrate`. The artifact `fit.svg` shows the fit."""

    model = fields.String(required=True)
    estimates = fields.List(fields.Nested(EstimateResult), required=True)
    correlations = fields.List(fields.List(fields.Float()), required=True, allow_none=True)
    told_apart = fields.Boolean(required=True, metadata=_told("Whether what was measured tells the parameters apart"))
    starts = fields.Integer(required=True)
    starts_at_best = fields.Integer(required=True, metadata=_told("How many came to the same cost"))
    rounds = fields.Integer(required=True)
    times = _numbers("When it was measured")
    time_unit = fields.String(required=True, allow_none=True)
    series = fields.List(fields.Nested(FitResult), required=True)
