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


class UpdatedEdgeResult(Schema):
    """One candidate edge after a window."""

    source = text("The cause")
    target = text("The effect")
    lag = fields.Integer(required=True, metadata={"description": "How many rows later"})
    effect = number("Change of the target for a unit of the source")
    effect_standardized = number("The same in standard deviations")
    ci_low = number("Lower end of its 95 % interval")
    ci_high = number("Upper end")
    p = number("p value of no effect")
    q = number("Least false discovery rate at which it is accepted")
    stability = number("Share of recent windows after which it was selected")
    verdict = text(", ".join(VERDICTS))


class EdgeNameResult(Schema):
    """Which edge."""

    source = text("The cause")
    target = text("The effect")
    lag = fields.Integer(required=True)


class PassedOverResult(Schema):
    """A window that could not be folded in."""

    index = fields.Integer(required=True)
    reason = text("Why")


class TreatedResult(Schema):
    """What is taken out of each window."""

    seasons = fields.List(fields.Float(), required=True, metadata={"description": "Periods in rows"})
    levels = fields.List(fields.String(), required=True, metadata={"description": "Variables without their mean"})
    trends = fields.List(fields.String(), required=True, metadata={"description": "Variables without a bent trend"})
    differenced = fields.List(fields.String(), required=True, metadata={"description": "Variables that wander"})


class UpdateResult(Schema):
    """Result of `causal.update`.

    Given a series, the artifact `state.bin` is what the next update begins from; given a domain, it is remembered.
    """

    edges = fields.List(fields.Nested(UpdatedEdgeResult), required=True)
    added = fields.List(fields.Nested(EdgeNameResult), required=True, metadata={"description": "Newly accepted"})
    removed = fields.List(fields.Nested(EdgeNameResult), required=True, metadata={"description": "Accepted no more"})
    index = fields.Integer(required=True, metadata={"description": "Number of the newest window; -1: none yet"})
    windows = fields.Integer(required=True, metadata={"description": "Windows in this regime"})
    rows = number("Rows in this regime, decayed")
    regime = fields.Integer(required=True, metadata={"description": "Number of the regime, from 0 on"})
    new_regime = fields.Boolean(required=True, metadata={"description": "Whether it began with these windows"})
    new_treatment = fields.Boolean(
        required=True,
        metadata={"description": "Whether a season or trend was found, so that learning began anew"},
    )
    treated = fields.Nested(TreatedResult, required=True)
    surprise_p = number("p value of this window under the model before it; the least of several")
    folded = fields.Integer(required=True, metadata={"description": "Windows folded in by this job"})
    passed_over = fields.List(
        fields.Nested(PassedOverResult), required=True, metadata={"description": "Windows that could not be"}
    )
    awaited = fields.List(
        fields.Integer(), required=True, allow_none=True, metadata={"description": "First and last window of a gap"}
    )


class PathResult(Schema):
    """One way from source to target."""

    variables = fields.List(fields.String(), required=True, metadata={"description": "From source to target"})
    lags = fields.List(fields.Integer(), required=True, metadata={"description": "Of each edge"})
    lag = fields.Integer(required=True, metadata={"description": "Rows from end to end"})
    effect = number("Product of the edges' effects, in the units of the series")
    effect_standardized = number("The same in standard deviations")
    ci_low = number("Lower end of its 95 % interval")
    ci_high = number("Upper end")
    certain_size = number("The end of the standardized interval nearer to zero; 0 where that holds zero")
    sign_agreement = number("Share of half-samples in which it has this sign")


class PathsResult(Schema):
    """Result of `causal.paths`."""

    paths = fields.List(fields.Nested(PathResult), required=True, metadata={"description": "The surest first"})
    direct_effect = number("Effect of the edges from source to target")
    mediated_effect = number("Effect by way of others, along all paths found")
    mediated_share = number("Share of the latter in both sizes together; null without any path", none=True)
    candidates_considered = fields.Integer(required=True, metadata={"description": "Steps that the search looked at"})
    complete = fields.Boolean(required=True, metadata={"description": "Whether the budget sufficed for all paths"})
    edges = fields.Integer(required=True, metadata={"description": "Accepted edges that paths are made of"})


class ResponseResult(Schema):
    """How one variable responds, from the row of the intervention on."""

    variable = text("The variable")
    response = fields.List(fields.Float(), required=True, metadata={"description": "Expected difference, by row"})
    ci_low = fields.List(fields.Float(), required=True, metadata={"description": "Lower ends of 95 % intervals"})
    ci_high = fields.List(fields.Float(), required=True, metadata={"description": "Upper ends"})


class EffectResult(Schema):
    """Result of `causal.effect`."""

    variable = text("What was set")
    shift = number("How far above its course")
    horizon = fields.Integer(required=True, metadata={"description": "Rows told"})
    responses = fields.List(fields.Nested(ResponseResult), required=True)
    edges = fields.Integer(required=True, metadata={"description": "Accepted edges that effects travel along"})
    differenced = fields.List(
        fields.String(), required=True, metadata={"description": "Variables told in differences from row to row"}
    )


class ReliabilityResult(Schema):
    """How often edges of one range of stability are true."""

    from_ = fields.Float(required=True, data_key="from")
    to = fields.Float(required=True)
    edges = fields.Integer(required=True)
    true = fields.Float(required=True)


class CalibrationResult(Schema):
    """Whether stated confidence is deserved."""

    intervals = fields.Integer(required=True, metadata={"description": "Intervals of edges with a known effect"})
    interval_coverage = number("Share of them that hold it", none=True)
    by_stability = fields.List(fields.Nested(ReliabilityResult), required=True)


class ScoreResult(Schema):
    """Result of `causal.score`, over ordered pairs of different variables."""

    true_edges = fields.Integer(required=True)
    found_edges = fields.Integer(required=True)
    precision = number("Share of found edges that are true", none=True)
    recall = number("Share of true edges that are found", none=True)
    f1 = number("Harmonic mean of both", none=True)
    false_discovery_rate = number("Share of found edges that are false")
    shd = fields.Integer(required=True, metadata={"description": "Edges to add, drop or turn"})
    reversed = fields.Integer(required=True, metadata={"description": "Edges found in the wrong direction"})
    direction_accuracy = number("Share of pairs with an edge that point the right way", none=True)
    auroc = number("Chance that a true pair ranks above another", none=True)
    calibration = fields.Nested(CalibrationResult, required=True)


Result = dict[str, Any]
