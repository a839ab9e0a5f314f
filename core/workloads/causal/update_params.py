"""What goes into an update: the new window and what is known so far."""

from marshmallow import fields
from marshmallow.validate import Range

from core.jobs.kind import Number, Params
from core.workloads.causal.params import MOST_LAG
from core.workloads.causal.series_params import SeriesParams


class StateParams(Params):
    """What an earlier update left."""

    artifact = fields.String(required=True, metadata={"description": "Id of the artifact `state.bin` of that job"})


class UpdateParams(Params):
    """Params of `causal.update`."""

    series = fields.Nested(SeriesParams, required=True, metadata={"description": "The new window"})
    state = fields.Nested(
        StateParams, load_default=None, allow_none=True, metadata={"description": "What is known; null: nothing yet"}
    )
    index = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=Range(min=0),
        metadata={"description": "Number of the window; null: the next one"},
    )
    max_lag = fields.Integer(
        load_default=2,
        strict=True,
        validate=Range(min=1, max=MOST_LAG),
        metadata={"description": "Longest lag in rows"},
    )
    decay = Number(
        load_default=0.99,
        validate=Range(min=0, max=1, min_inclusive=False),
        metadata={"description": "Weight that older windows keep when a new one comes; 1: all of it"},
    )
    q = Number(
        load_default=0.05,
        validate=Range(min=0, max=0.5, min_inclusive=False),
        metadata={"description": "False discovery rate among accepted edges"},
    )
    stability_threshold = Number(
        load_default=0.6,
        validate=Range(min=0, max=1),
        metadata={"description": "Least share of recent windows after which an accepted edge was selected"},
    )
    most_edges = fields.Integer(
        load_default=2_000, strict=True, validate=Range(min=1, max=20_000), metadata={"description": "Edges told"}
    )
