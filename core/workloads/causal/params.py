"""What goes into causal jobs: the series, the method's settings, and what is known beforehand."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Number, Params
from core.workloads.causal.series_params import SeriesParams

TESTS = ("auto", "partial_correlation", "robust_rank", "nonlinear", "discrete")
MOST_LAG = 50
MOST_RESAMPLES = 100_000
MOST_SHARDS = 64
MOST_SERIES = 1_000


class MaxLag(fields.Field[int | str]):
    """A number of rows, or how to choose it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int | str:
        del attr, data, kwargs
        if type(value) is int and 1 <= value <= MOST_LAG:
            return value
        if isinstance(value, str) and value in {"auto", "bic"}:
            return value
        raise ValidationError(f"Give a whole number from 1 to {MOST_LAG}, 'auto' or 'bic'.")


class EdgeConstraint(Params):
    """An edge that is known to be there, or not to be."""

    source = fields.String(required=True, metadata={"description": "The cause"})
    target = fields.String(required=True, metadata={"description": "The effect"})
    lag = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=Range(min=0, max=MOST_LAG),
        metadata={"description": "How many rows later; null: at any lag"},
    )


class Constraints(Params):
    """What is known beforehand."""

    required = fields.List(
        fields.Nested(EdgeConstraint), load_default=list, metadata={"description": "Edges that are there"}
    )
    forbidden = fields.List(
        fields.Nested(EdgeConstraint), load_default=list, metadata={"description": "Edges that are not there"}
    )
    tiers = fields.List(
        fields.List(fields.String(), validate=Length(min=1)),
        load_default=list,
        metadata={"description": "Groups of variables, none of which is caused by one of a later group"},
    )

    @validates_schema
    def _refuse_contradictions(self, data: dict[str, Any], **_: Any) -> None:
        forbidden = {(edge["source"], edge["target"], edge["lag"]) for edge in data["forbidden"]}
        for place, edge in enumerate(data["required"]):
            ends = (edge["source"], edge["target"])
            if ends[0] == ends[1]:
                raise ValidationError({"required": {place: ["A variable's own past is always taken into account."]}})
            if forbidden & {(*ends, edge["lag"]), (*ends, None)}:
                raise ValidationError({"required": {place: ["It is forbidden, too."]}})
        named = [name for tier in data["tiers"] for name in tier]
        if len(named) != len(set(named)):
            raise ValidationError({"tiers": ["A variable is in two tiers."]})


class Preprocessing(Params):
    """Which treatments to apply, instead of having them found."""

    detrend = fields.Boolean(load_default=False, metadata={"description": "Take out a quadratic trend"})
    seasons = fields.List(
        Number(validate=Range(min=2, max=1_000_000)),
        load_default=list,
        validate=Length(max=20),
        metadata={"description": "Periods in rows; each is taken out with up to three harmonics"},
    )


class Preprocess(fields.Field[str | dict[str, Any]]):
    """`auto`, `none`, or treatments by name."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str | dict[str, Any]:
        del attr, data, kwargs
        if isinstance(value, dict):
            loaded: dict[str, Any] = Preprocessing().load(value)
            return loaded
        if isinstance(value, str) and value in {"auto", "none"}:
            return value
        raise ValidationError("Give 'auto', 'none' or {detrend, seasons}.")


class MethodParams(Params):
    """The settings that discovery and its shards share."""

    max_lag = MaxLag(
        load_default="auto",
        metadata={
            "description": "Longest lag in rows; auto: up to 5, as rows allow; bic: up to 10, by sparse models' BIC"
        },
    )
    resamples = fields.Integer(
        load_default=1000,
        strict=True,
        validate=Range(min=50, max=MOST_RESAMPLES),
        metadata={"description": "Half-samples that stability and intervals rest on"},
    )
    seed = fields.Integer(
        load_default=0,
        strict=True,
        validate=Range(min=0, max=(1 << 53) - 1),
        metadata={"description": "What the resamples follow from"},
    )
    test = fields.String(
        load_default="auto",
        validate=OneOf(TESTS),
        metadata={"description": "Test of independence; auto: linear, and nonlinear where there is evidence for it"},
    )
    q = Number(
        load_default=0.05,
        validate=Range(min=0, max=0.5, min_inclusive=False),
        metadata={"description": "False discovery rate among accepted edges"},
    )
    dependence = fields.String(
        load_default="positive",
        validate=OneOf(["positive", "any"]),
        metadata={"description": "positive: Benjamini-Hochberg; any: Benjamini-Yekutieli, which is stricter"},
    )
    stability_threshold = Number(
        load_default=0.6,
        validate=Range(min=0, max=1),
        metadata={"description": "Least share of half-samples that select an accepted edge"},
    )
    block_length = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=Range(min=1, max=100_000),
        metadata={"description": "Rows that are resampled together; null: by Politis and White"},
    )
    preprocess = Preprocess(
        load_default="auto",
        metadata={"description": "auto: find seasons, trends, unit roots and spikes, treat and report them; none"},
    )
    trajectories = fields.List(
        fields.Integer(strict=True, validate=Range(min=1)),
        load_default=None,
        allow_none=True,
        metadata={"description": "Lengths of trajectories that lie one after another; no lag crosses a join"},
    )
    constraints = fields.Nested(
        Constraints,
        load_default=lambda: Constraints().load({}),
        metadata={"description": "What is known beforehand"},
    )
    contemporaneous = fields.Boolean(
        load_default=True, metadata={"description": "Look for effects within one row, too (slow sampling)"}
    )
    max_candidates = fields.Integer(
        load_default=500_000,
        strict=True,
        validate=Range(min=1, max=5_000_000),
        metadata={"description": "Refuse to test more pairs of variables and lags than this"},
    )


class DiscoverParams(MethodParams):
    """Params of `causal.discover`."""

    series = fields.Nested(SeriesParams, metadata={"description": "The series"})
    batch = fields.List(
        fields.Nested(SeriesParams),
        validate=Length(min=1, max=MOST_SERIES),
        metadata={"description": "Many series (windows, domains), each looked at by itself, in one job"},
    )
    shards = fields.Integer(
        load_default=1,
        strict=True,
        validate=Range(min=1, max=MOST_SHARDS),
        metadata={"description": "Into how many jobs the resamples are split; 1: not at all"},
    )
    plots = fields.Boolean(load_default=True, metadata={"description": "Draw the graph and the intervals"})

    @validates_schema
    def _refuse_none_or_both(self, data: dict[str, Any], **_: Any) -> None:
        if ("series" in data) == ("batch" in data):
            raise ValidationError({"series": ["Give a series, or a batch of them."]})
        if "batch" in data and data["shards"] > 1:
            raise ValidationError({"shards": ["A batch is one job; give one series to split it."]})


class ResampleParams(MethodParams):
    """Params of `causal.resample`, a shard of `causal.discover`."""

    series = fields.Nested(SeriesParams, required=True, metadata={"description": "The series"})
    first = fields.Integer(
        required=True, strict=True, validate=Range(min=0), metadata={"description": "First resample, a multiple of 50"}
    )
    count = fields.Integer(
        required=True, strict=True, validate=Range(min=1), metadata={"description": "How many resamples"}
    )


class PathsParams(MethodParams):
    """Params of `causal.paths`."""

    series = fields.Nested(SeriesParams, required=True, metadata={"description": "The series"})
    source = fields.String(required=True, metadata={"description": "Where paths begin"})
    target = fields.String(required=True, metadata={"description": "Where they end"})
    k = fields.Integer(
        load_default=10, strict=True, validate=Range(min=1, max=1000), metadata={"description": "How many to tell"}
    )
    max_hops = fields.Integer(
        load_default=4,
        strict=True,
        validate=Range(min=1, max=10),
        metadata={"description": "Edges of the longest path"},
    )
    budget = fields.Integer(
        load_default=200,
        strict=True,
        validate=Range(min=1, max=100_000),
        metadata={"description": "Candidates that the search looks at, the best first"},
    )

    @validates_schema
    def _refuse_a_loop(self, data: dict[str, Any], **_: Any) -> None:
        if data["source"] == data["target"]:
            raise ValidationError({"target": ["It is the source."]})


class EffectParams(MethodParams):
    """Params of `causal.effect`."""

    series = fields.Nested(SeriesParams, required=True, metadata={"description": "The series"})
    variable = fields.String(required=True, metadata={"description": "What is set"})
    shift = Number(
        load_default=1.0,
        validate=Range(min=-1e12, max=1e12),
        metadata={"description": "How far above its course it is held, in the units of the series"},
    )
    duration = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=Range(min=1, max=10_000),
        metadata={"description": "For how many rows; null: for good"},
    )
    horizon = fields.Integer(
        load_default=10,
        strict=True,
        validate=Range(min=1, max=200),
        metadata={"description": "How many rows of responses are told"},
    )
