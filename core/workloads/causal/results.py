"""What comes out of causal jobs."""

from typing import Any

from marshmallow import Schema, fields

VERDICTS = ("accepted", "unstable", "not significant")


def number(description: str, *, none: bool = False, required: bool = True) -> fields.Float:
    """Declare one figure of a result."""
    return fields.Float(required=required, allow_none=none, metadata={"description": description})


def text(description: str, *, none: bool = False, required: bool = True) -> fields.String:
    """Declare one word of a result."""
    return fields.String(required=required, allow_none=none, metadata={"description": description})


class EdgeResult(Schema):
    """One candidate edge and what was found of it."""

    source = text("The cause")
    target = text("The effect")
    lag = fields.Integer(required=True, metadata={"description": "How many rows later; 0: within the row"})
    effect = number("Change of the target for a unit of the source, in the units of the series")
    effect_standardized = number("The same in standard deviations of the treated series")
    ci_low = number("Lower end of the effect's 95 % interval, in the units of the series")
    ci_high = number("Upper end")
    p = number("p value of no effect")
    q = number("Least false discovery rate at which it is accepted")
    stability = number("Share of half-samples that select it")
    direction = number("Confidence that the direction is this one, 0.5: unknown", none=True)
    verdict = text(", ".join(VERDICTS))
    kind = text("lagged, or within the row: directed or undirected")
    form = text("linear, or the nonlinear feature that carries the effect")
    warnings = fields.List(
        fields.String(), required=True, metadata={"description": "Reasons to trust it less, in words"}
    )


class OwnLagResult(Schema):
    """How a variable follows its own past."""

    variable = text("The variable")
    lag = fields.Integer(required=True, metadata={"description": "How many rows later"})
    effect = number("Coefficient")
    ci_low = number("Lower end of its 95 % interval")
    ci_high = number("Upper end")


class ScoresResult(Schema):
    """Confidence for every ordered pair, for ranking."""

    names = fields.List(fields.String(), required=True, metadata={"description": "The variables"})
    values = fields.List(
        fields.List(fields.Float()),
        required=True,
        metadata={"description": "values[i][j]: confidence that j causes i, 0 to 1"},
    )


class DiscoveryResult(Schema):
    """What was found in one series."""

    edges = fields.List(
        fields.Nested(EdgeResult), metadata={"description": "Candidates, accepted ones first, then by p"}
    )
    own_lags = fields.List(fields.Nested(OwnLagResult), metadata={"description": "Own past, always conditioned on"})
    scores = fields.Nested(ScoresResult, metadata={"description": "Confidence for every ordered pair"})
    diagnostics = fields.Dict(
        keys=fields.String(),
        values=fields.Raw(),
        metadata={"description": "Rows, lags, blocks, treatments, tests, candidates, resamples, warnings"},
    )


class ProblemResult(Schema):
    """Why one series of a batch was not looked at."""

    code = text("Stable name of the problem")
    detail = text("What is wrong, naming the variable")


class BatchItemResult(DiscoveryResult):
    """One series of a batch."""

    index = fields.Integer(required=True, metadata={"description": "Place in the batch"})
    problem = fields.Nested(
        ProblemResult, required=True, allow_none=True, metadata={"description": "null where it was looked at"}
    )


class DiscoverResult(DiscoveryResult):
    """Result of `causal.discover`: of one series, or `results` of a batch."""

    results = fields.List(fields.Nested(BatchItemResult), metadata={"description": "One for each series of a batch"})


class TallyResult(Schema):
    """Whole numbers that so many resamples add up to."""

    selected = fields.List(fields.List(fields.Integer()), required=True)
    sums = fields.List(fields.List(fields.Integer()), required=True)
    squares = fields.List(fields.List(fields.Integer()), required=True)
    bins = fields.List(fields.List(fields.List(fields.Integer())), required=True)


class ResampleResult(Schema):
    """Result of `causal.resample`; sums of these over shards are exact."""

    resamples = fields.Integer(required=True, metadata={"description": "How many were computed"})
    tallies = fields.List(
        fields.Nested(TallyResult),
        required=True,
        metadata={"description": "Of the lagged layer, and of the present one"},
    )


Result = dict[str, Any]
