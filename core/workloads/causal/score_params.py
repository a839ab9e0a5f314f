"""What goes into scoring: an estimate and the truth."""

from typing import Any

from marshmallow import EXCLUDE, ValidationError, fields, validates_schema
from marshmallow.validate import Length

from core.jobs.kind import Number, Params


class ScoredEdge(Params):
    """An edge of an estimate or of the truth; what else is told of it does not matter here."""

    class Meta:
        """Results of discovery have more fields."""

        unknown = EXCLUDE

    source = fields.String(required=True, metadata={"description": "The cause"})
    target = fields.String(required=True, metadata={"description": "The effect"})
    lag = fields.Integer(load_default=None, allow_none=True, metadata={"description": "How many rows later"})
    effect = Number(load_default=None, allow_none=True, metadata={"description": "Its size"})
    ci_low = Number(load_default=None, allow_none=True, metadata={"description": "Lower end of the stated interval"})
    ci_high = Number(load_default=None, allow_none=True, metadata={"description": "Upper end"})
    stability = Number(load_default=None, allow_none=True, metadata={"description": "Stated confidence, 0 to 1"})
    verdict = fields.String(
        load_default=None, allow_none=True, metadata={"description": "Only accepted edges count; null: all do"}
    )
    kind = fields.String(
        load_default=None, allow_none=True, metadata={"description": "undirected: the direction is left open"}
    )


class ScoresParams(Params):
    """Figures for ranking."""

    names = fields.List(fields.String(), required=True, metadata={"description": "The variables"})
    values = fields.List(
        fields.List(Number()), required=True, metadata={"description": "values[i][j]: confidence that j causes i"}
    )

    @validates_schema
    def _refuse_shapes(self, data: dict[str, Any], **_: Any) -> None:
        count = len(data["names"])
        if len(data["values"]) != count or any(len(row) != count for row in data["values"]):
            raise ValidationError({"values": [f"Give {count} rows of {count} figures."]})


class EstimateParams(Params):
    """What is scored: the result of a discovery, or edges of whatever origin."""

    class Meta:
        """Results of discovery have more fields."""

        unknown = EXCLUDE

    edges = fields.List(fields.Nested(ScoredEdge), required=True, metadata={"description": "Edges"})
    scores = fields.Nested(
        ScoresParams, load_default=None, allow_none=True, metadata={"description": "Figures for AUROC"}
    )


class ScoreParams(Params):
    """Params of `causal.score`."""

    names = fields.List(
        fields.String(), required=True, validate=Length(min=2), metadata={"description": "All variables"}
    )
    estimate = fields.Nested(EstimateParams, required=True, metadata={"description": "What is scored"})
    truth = fields.List(fields.Nested(ScoredEdge), required=True, metadata={"description": "The edges that there are"})
