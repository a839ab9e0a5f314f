"""The spec of a structural causal model in time: each variable a sum of effects of others' past, and noise."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Number
from core.workloads.windows.specs.base import Spec

LONGEST_LAG = 20
LARGEST_RADIUS = 0.97
"""Beyond this spectral radius a model forgets its past too slowly to be told from one that never does."""
FORMS = ("linear", "tanh", "quadratic", "threshold")
NOISES = ("normal", "laplace", "student_t", "uniform", "exponential", "garch")
_STEPS = 400

Edges = Sequence[Mapping[str, Any]]


class Edge(Schema):
    """One direct cause."""

    class Meta:
        """Refuse what is not declared."""

        unknown = "raise"

    source = fields.String(required=True)
    target = fields.String(required=True)
    lag = fields.Integer(load_default=1, strict=True, validate=Range(1, LONGEST_LAG))
    effect = Number(required=True, validate=Range(-10, 10))
    form = fields.String(load_default="linear", validate=OneOf(FORMS))


class RandomGraph(Schema):
    """Edges drawn from the domain's seed."""

    class Meta:
        """Refuse what is not declared."""

        unknown = "raise"

    density = Number(
        load_default=0.15, validate=Range(0, 1), metadata={"description": "Share of ordered pairs with an edge"}
    )
    effect = fields.List(Number(validate=Range(0.01, 2)), load_default=[0.2, 0.4], validate=Length(equal=2))
    forms = fields.List(fields.String(validate=OneOf(FORMS)), load_default=["linear"], validate=Length(1, 4))


class Noise(Schema):
    """What moves the variables, each by itself."""

    class Meta:
        """Refuse what is not declared."""

        unknown = "raise"

    family = fields.String(load_default="normal", validate=OneOf(NOISES))
    sd = Number(load_default=1.0, validate=Range(1e-6, 1e6))
    df = Number(load_default=5.0, validate=Range(2.1, 1000), metadata={"description": "Of student_t"})


class Hidden(Schema):
    """Common causes that nobody sees."""

    class Meta:
        """Refuse what is not declared."""

        unknown = "raise"

    count = fields.Integer(load_default=1, strict=True, validate=Range(1, 20))
    children = fields.Integer(load_default=2, strict=True, validate=Range(2, 50))
    effect = Number(load_default=0.6, validate=Range(0.01, 5))


class Structural(Spec):
    """A lagged structural causal model, of which the graph is known."""

    role = "base"

    lags = fields.Integer(load_default=2, strict=True, validate=Range(1, LONGEST_LAG))
    edges = fields.List(fields.Nested(Edge), load_default=None, allow_none=True, validate=Length(max=5000))
    random = fields.Nested(RandomGraph, load_default=None, allow_none=True)
    own = fields.List(
        Number(validate=Range(-0.95, 0.95)),
        load_default=[0.2, 0.6],
        validate=Length(equal=2),
        metadata={"description": "Between which each variable's effect on itself at lag 1 lies"},
    )
    noise = fields.Nested(Noise, load_default=lambda: Noise().load({}))
    hidden = fields.Nested(Hidden, load_default=None, allow_none=True)

    @validates_schema
    def check_graph(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse two graphs or none, and lags beyond the longest."""
        if (given.get("edges") is None) == (given.get("random") is None):
            raise ValidationError("Give either edges or random.", "edges")
        for place, edge in enumerate(given.get("edges") or ()):
            if edge["lag"] > given["lags"]:
                raise ValidationError({"edges": {place: {"lag": [f"lags is {given['lags']}."]}}})

    def check(self, spec: Mapping[str, Any], variables: list[str]) -> None:
        """Refuse edges between strangers, given twice, or together not stationary."""
        seen = set()
        for place, edge in enumerate(spec["edges"] or ()):
            for end in ("source", "target"):
                if edge[end] not in variables:
                    raise ValidationError({"edges": {place: {end: [f"{edge[end]!r} is no variable."]}}})
            key = (edge["source"], edge["target"], edge["lag"])
            if key in seen:
                raise ValidationError({"edges": {place: ["The same edge is given twice."]}})
            seen.add(key)
        hidden = spec["hidden"]
        if hidden and hidden["children"] > len(variables):
            raise ValidationError({"hidden": {"children": ["There are fewer variables."]}})
        radius = spectral_radius(with_own(spec["edges"] or (), variables, max(map(abs, spec["own"]))), variables)
        if spec["edges"] is not None and radius > LARGEST_RADIUS:
            told = f"The model is not stationary: its spectral radius is about {radius:.3f}, at most {LARGEST_RADIUS}."
            raise ValidationError({"edges": [told]})


def with_own(edges: Edges, variables: Sequence[str], own: float) -> list[Mapping[str, Any]]:
    """Add each variable's effect on itself, where no edge says otherwise."""
    given = {edge["target"] for edge in edges if edge["source"] == edge["target"]}
    selves = [{"source": one, "target": one, "lag": 1, "effect": own, "form": "linear"} for one in variables]
    return [*edges, *(edge for edge in selves if edge["target"] not in given)]


def spectral_radius(edges: Edges, variables: Sequence[str]) -> float:
    """Estimate the spectral radius of a model's linear part: how fast the largest response grows, step by step.

    Effects count by their size, which bounds the radius from above; other forms are bounded and cannot make it grow.
    """
    linear = [edge for edge in edges if edge["form"] == "linear" and edge["effect"]]
    longest = max((edge["lag"] for edge in linear), default=1)
    past = [dict.fromkeys(variables, 1.0) for _ in range(longest)]
    logarithm, halfway = 0.0, 0.0
    for step in range(_STEPS):
        now = dict.fromkeys(variables, 0.0)
        for edge in linear:
            now[edge["target"]] += abs(edge["effect"]) * past[-edge["lag"]][edge["source"]]
        past = [*past[1:], now]
        size = max(max(each.values()) for each in past)
        if size == 0:
            return 0.0
        past = [{name: value / size for name, value in each.items()} for each in past]
        logarithm += math.log(size)
        if step == _STEPS // 2 - 1:
            halfway = logarithm
    return math.exp((logarithm - halfway) / (_STEPS - _STEPS // 2))


SPEC = Structural
