"""A causal graph as `causal.discover` returns it, and what else its dynamics take."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, Range

from core.jobs.kind import Params
from core.workloads.simulation.distributions import number

MOST_LINKS = 5_000
MOST_VARIABLES = 200
MOST_LAG = 50


class _Told(Schema):
    """A part of a result, of which only some fields matter here."""

    class Meta:
        """Pass over the rest."""

        unknown = EXCLUDE


class EdgeDocument(_Told):
    """One effect."""

    source = fields.String(required=True, validate=Length(1, 100))
    target = fields.String(required=True, validate=Length(1, 100))
    lag = fields.Integer(required=True, strict=True, validate=Range(0, MOST_LAG))
    effect = number(required=True)
    ci_low = number(load_default=None, allow_none=True)
    ci_high = number(load_default=None, allow_none=True)
    verdict = fields.String(load_default="accepted")
    form = fields.String(load_default="linear")


class OwnLagDocument(_Told):
    """How a variable follows its own past."""

    variable = fields.String(required=True, validate=Length(1, 100))
    lag = fields.Integer(required=True, strict=True, validate=Range(1, MOST_LAG))
    effect = number(required=True)
    ci_low = number(load_default=None, allow_none=True)
    ci_high = number(load_default=None, allow_none=True)


class GraphDocument(_Told):
    """A graph: a whole result of `causal.discover` will do."""

    edges = fields.List(fields.Nested(EdgeDocument), load_default=list, validate=Length(max=MOST_LINKS))
    own_lags = fields.List(fields.Nested(OwnLagDocument), load_default=list, validate=Length(max=MOST_LINKS))

    @validates_schema
    def check_variables(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse an empty graph and one too large."""
        if not 1 <= len(variables(data)) <= MOST_VARIABLES:
            raise ValidationError({"edges": [f"A graph has 1 to {MOST_VARIABLES} variables."]})


def _by_variable(description: str) -> fields.Dict:
    return fields.Dict(fields.String(), number(), load_default=dict, metadata={"description": description})


class DynamicsParams(Params):
    """Dynamics on a graph, in the units of the series that it was found in."""

    graph = fields.Nested(
        GraphDocument, required=True, metadata={"description": "Edges and own lags, as causal.discover returns them"}
    )
    noise_sd = _by_variable("Standard deviation of what comes to each variable in each row; 1 where absent, 0: nothing")
    mean = _by_variable("Level around which each variable varies; 0 where absent")
    start = _by_variable("Value of each variable before the first row; its mean where absent")
    uncertain = fields.Boolean(
        load_default=True,
        metadata={"description": "Members draw coefficients of their own, by the graph's 95 % intervals"},
    )

    @validates_schema
    def check_spreads(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse negative spreads."""
        wrong = {name: ["Must not be negative."] for name, sd in data["noise_sd"].items() if sd < 0}
        if wrong:
            raise ValidationError({"noise_sd": wrong})


def variables(graph: Mapping[str, Any]) -> list[str]:
    """Return a graph's variables: those with own lags first, then those that only edges name."""
    named = [own["variable"] for own in graph["own_lags"]]
    named += [edge[end] for edge in graph["edges"] for end in ("source", "target")]
    return list(dict.fromkeys(named))


def left_out(edge: Mapping[str, Any]) -> str | None:
    """Tell why an edge has no part in the dynamics, None where it has."""
    if edge["verdict"] != "accepted":
        return str(edge["verdict"])
    if edge["lag"] == 0:
        return "within the row, without a direction"
    return None if edge["form"] == "linear" else f"of the form {edge['form']}"
