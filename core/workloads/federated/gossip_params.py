"""What `federated.gossip` and rounds along connections take and return."""

import math
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Number, Params

TOPOLOGIES = ("ring", "star", "full_mesh", "torus", "exponential", "erdos_renyi", "regular")
SHAPES = (*TOPOLOGIES, "own")
"""What a federation's connections may be laid as; its own are named one by one."""
MOST_NODES = 500
MOST_CONNECTIONS = 20_000
AVERAGING = ("fedavg", "fedprox")
"""Strategies whose model is the weighted mean, which is what gossip finds."""
_LEAST_RING = 3


def rows_of(nodes: int) -> int:
    """Return the smaller side of the torus of so many nodes that is nearest to a square."""
    return max(one for one in range(1, math.isqrt(nodes) + 1) if nodes % one == 0)


def tolerance_field(default: float) -> Number:
    """Make the field of how far from the mean mixing ends."""
    return Number(
        load_default=default,
        validate=Range(1e-12, 0.5),
        metadata={"description": "The distance from the mean, in parts of what it was, that ends it"},
    )


class GossipParams(Params):
    """Which graph, and how long."""

    topology = fields.String(load_default="ring", validate=OneOf(TOPOLOGIES))
    nodes = fields.Integer(load_default=16, strict=True, validate=Range(_LEAST_RING, MOST_NODES))
    values = fields.Integer(
        load_default=4, strict=True, validate=Range(1, 100), metadata={"description": "Of each node, drawn"}
    )
    probability = Number(
        load_default=0.3, validate=Range(0.0, 1.0), metadata={"description": "Of each link, for erdos_renyi"}
    )
    degree = fields.Integer(
        load_default=4,
        strict=True,
        validate=Range(2, MOST_NODES),
        metadata={"description": "Of each node, for regular"},
    )
    loss = Number(
        load_default=0.0, validate=Range(0.0, 0.99), metadata={"description": "With which a link is lost in a round"}
    )
    tolerance = tolerance_field(1e-3)
    rounds = fields.Integer(load_default=5000, strict=True, validate=Range(1, 20_000))

    @validates_schema
    def check_graph(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse what is no torus, and degrees that no graph has."""
        topology, nodes, degree = given["topology"], given["nodes"], given["degree"]
        if topology == "torus" and rows_of(nodes) < _LEAST_RING:
            raise ValidationError(f"{nodes} nodes are no torus: they take two factors of 3 at least.", "nodes")
        if topology == "regular" and (degree >= nodes or nodes * degree % 2):
            raise ValidationError(f"{nodes} nodes of {degree} links each are no graph.", "degree")


class Connection(fields.List[Any]):
    """Two names that differ."""

    def __init__(self, name: fields.String, **options: Any) -> None:
        super().__init__(name, validate=Length(equal=2), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **given: Any) -> list[Any]:
        found: list[Any] = super()._deserialize(value, attr, data, **given)
        if len(set(found)) < len(found):
            raise ValidationError("Nobody is connected with itself.")
        return found


class GossipTerms(Params):
    """With whom clients mix, instead of sending all to a server."""

    connections = fields.List(
        Connection(fields.String(validate=Length(1, 100))),
        required=True,
        validate=Length(1, MOST_CONNECTIONS),
        metadata={"description": "Pairs of clients; those of absent ones do not count"},
    )
    tolerance = tolerance_field(1e-6)
    rounds = fields.Integer(
        load_default=1000, strict=True, validate=Range(1, 20_000), metadata={"description": "Of mixing, at most"}
    )


class MixingRound(Schema):
    """One round of mixing."""

    round = fields.Integer(required=True)
    distance = fields.Float(
        required=True, metadata={"description": "Of clients' models from the mean, in parts of what it was"}
    )


class GossipAccount(Schema):
    """How clients agreed."""

    connections = fields.Integer(required=True, metadata={"description": "Among those who took part"})
    gap = fields.Float(required=True, metadata={"description": "The spectral gap of the weights"})
    predicted_rounds = fields.Integer(
        required=True, allow_none=True, metadata={"description": "By the gap; exact bounds hold for equal weights"}
    )
    rounds = fields.Integer(required=True)
    converged = fields.Boolean(required=True)
    messages = fields.Integer(required=True)
    apart = fields.Float(
        required=True,
        metadata={"description": "The largest distance of a client's own model from the one that is left, at the end"},
    )
    history = fields.List(fields.Nested(MixingRound), required=True)


def refuse_unfit(strategy: str, privacy: Mapping[str, Any] | None) -> None:
    """Raise `ValidationError` where clients cannot find by mixing what strategy and privacy make of updates."""
    if strategy not in AVERAGING:
        raise ValidationError(f"Gossip finds the weighted mean: {' or '.join(AVERAGING)}.", "strategy")
    if privacy is not None:
        raise ValidationError("Gossip has no server that adds noise: neighbors see each other's updates.", "privacy")


class GossipRound(Schema):
    """One round."""

    round = fields.Integer(required=True)
    distance = fields.Float(
        required=True, metadata={"description": "From the mean, in parts of what it was: how much they disagree"}
    )
    predicted = fields.Float(
        required=True, metadata={"description": "By the spectral gap: at most, if no link is lost"}
    )


class GossipResult(Schema):
    """How fast nodes agreed."""

    topology = fields.String(required=True)
    nodes = fields.Integer(required=True)
    links = fields.Integer(required=True)
    second_eigenvalue = fields.Float(required=True, metadata={"description": "In absolute value, of the weights"})
    gap = fields.Float(required=True)
    rate = fields.Float(required=True, metadata={"description": "By which the distance shrinks, lost links counted"})
    predicted_rounds = fields.Integer(required=True, allow_none=True)
    rounds = fields.Integer(required=True)
    converged = fields.Boolean(required=True)
    measured_rate = fields.Float(required=True, allow_none=True, metadata={"description": "Over the later half"})
    messages = fields.Integer(required=True, metadata={"description": "Sent, those that were lost among them"})
    mean_error = fields.Float(required=True, metadata={"description": "By which the mean moved: rounding alone"})
    history = fields.List(fields.Nested(GossipRound), required=True)
