"""What goes into an update: the new window and what is known so far."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, Range, Regexp

from core.jobs.kind import Number, Params
from core.workloads.causal.params import MOST_LAG
from core.workloads.causal.series_params import SeriesParams


class StateParams(Params):
    """What an earlier update left."""

    artifact = fields.String(required=True, metadata={"description": "Id of the artifact `state.bin` of that job"})


class UpdateParams(Params):
    """Params of `causal.update`."""

    domain = fields.String(
        load_default=None,
        allow_none=True,
        validate=Length(1, 100),
        metadata={"description": "Id or name of the domain whose new windows are folded into what is remembered of it"},
    )
    memory = fields.String(
        load_default="default",
        validate=Regexp(r"^[A-Za-z0-9._-]{1,50}(?![\s\S])", error="Letters, digits and . _ - only, 50 at most."),
        metadata={"description": "Which of several memories of the domain, each with settings of its own"},
    )
    patience = fields.Integer(
        load_default=8,
        strict=True,
        validate=Range(min=0, max=1_000),
        metadata={"description": "How many windows wait behind a missing one before it is passed over"},
    )
    series = fields.Nested(
        SeriesParams,
        load_default=None,
        allow_none=True,
        metadata={"description": "Instead of a domain: the new window itself"},
    )
    state = fields.Nested(
        StateParams,
        load_default=None,
        allow_none=True,
        metadata={"description": "With a series: what is known; null: nothing yet"},
    )
    index = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=Range(min=0),
        metadata={"description": "With a series: number of the window; null: the next one"},
    )
    max_lag = fields.Integer(
        load_default=2,
        strict=True,
        validate=Range(min=1, max=MOST_LAG),
        metadata={"description": "Longest lag in rows"},
    )
    seasons = fields.List(
        Number(validate=Range(min=2, max=100_000)),
        load_default=None,
        allow_none=True,
        validate=Length(max=8),
        metadata={
            "description": "Periods in rows of seasons to take out of each window, and nothing else; "
            "null: seasons, trends and wandering are found and taken out"
        },
    )
    decay = Number(
        load_default=0.99,
        validate=Range(min=0, max=1, min_inclusive=False),
        metadata={"description": "Weight that older windows keep when a new one comes; 1: all of it"},
    )
    q = Number(
        load_default=0.01,
        validate=Range(min=0, max=0.5, min_inclusive=False),
        metadata={"description": "False discovery rate among accepted edges, at each window anew"},
    )
    stability_threshold = Number(
        load_default=0.6,
        validate=Range(min=0, max=1),
        metadata={"description": "Least share of recent windows after which an accepted edge was selected"},
    )
    most_edges = fields.Integer(
        load_default=2_000, strict=True, validate=Range(min=1, max=20_000), metadata={"description": "Edges told"}
    )

    @validates_schema
    def _refuse_mixtures(self, data: dict[str, Any], **_: Any) -> None:
        if (data["domain"] is None) == (data["series"] is None):
            raise ValidationError("Give a domain, or a series.")
        strange = [name for name in ("state", "index") if data["domain"] is not None and data[name] is not None]
        if strange:
            raise ValidationError({strange[0]: ["It goes with a series: a domain's windows have their own."]})
