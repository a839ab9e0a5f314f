"""Shocks at a moment and policies by a rule: what is done to a model from outside, as params give it.

Light: the web process checks them against the model, to name what is wrong and where.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import fields
from marshmallow.validate import Length, OneOf

from core.jobs.kind import Params
from core.workloads.simulation.distributions import number
from core.workloads.simulation.document import Equation
from core.workloads.simulation.expressions.dimensions import fits, measure
from core.workloads.simulation.faults import Faults, Path
from core.workloads.simulation.model import Model
from core.workloads.simulation.rules import check_span
from core.workloads.simulation.spelling import suggestion

CHANGES = ("add", "multiply", "set")


class ShockParams(Params):
    """A sudden change of a stock, or of a parameter for a while."""

    at = number(required=True, metadata={"description": "When, rounded to the nearest step"})
    target = fields.String(
        required=True, metadata={"description": "A stock or parameter, a variable of dynamics, a parameter of agents"}
    )
    change = fields.String(load_default="add", validate=OneOf(CHANGES))
    amount = number(required=True)
    lasting = number(
        load_default=None,
        allow_none=True,
        data_key="for",
        metadata={"description": "How long a parameter stays changed; null: for good"},
    )


class PolicyParams(Params):
    """A rule that sets something anew at each step while its condition holds, in each member by itself."""

    name = fields.String(required=True, validate=Length(1, 100))
    parameter = fields.String(
        required=True, metadata={"description": "Of a model or population; of dynamics a variable"}
    )
    value = Equation(required=True, metadata={"description": "Parameters in it have their values without policies"})
    when = Equation(load_default="1", metadata={"description": "A condition"})
    since = number(load_default=None, allow_none=True, data_key="from", metadata={"description": "Not before"})
    until = number(load_default=None, allow_none=True, metadata={"description": "Not from this time on"})


def shocks_field() -> fields.List[Any]:
    """Declare the field of shocks."""
    return fields.List(fields.Nested(ShockParams), load_default=list, validate=Length(max=50))


def policies_field() -> fields.List[Any]:
    """Declare the field of policies."""
    return fields.List(fields.Nested(PolicyParams), load_default=list, validate=Length(max=20))


def check_shocks(
    shocks: Sequence[Mapping[str, Any]], model: Model, span: tuple[float, float], path: Path, faults: Faults
) -> None:
    """Note shocks of what is not there, outside the run, or lasting where nothing lasts."""
    stocks, parameters = set(model.document["stocks"]), set(model.document["parameters"])
    for place, shock in enumerate(shocks):
        at: Path = (*path, place)
        if shock["target"] not in stocks | parameters:
            told = suggestion(shock["target"], stocks | parameters)
            faults.add((*at, "target"), f"There is no stock or parameter {shock['target']!r}{told}")
        if not span[0] <= shock["at"] <= span[1]:
            faults.add((*at, "at"), f"The run is from {span[0]:g} to {span[1]:g}.")
        if shock["lasting"] is not None and (shock["target"] in stocks or shock["lasting"] <= 0):
            faults.add((*at, "for"), "Only a parameter stays changed, and for more than no time.")


def check_policies(policies: Sequence[Mapping[str, Any]], model: Model, path: Path, faults: Faults) -> None:
    """Note policies on what is no parameter, and equations that do not fit."""
    parameters = set(model.document["parameters"])
    for place, policy in enumerate(policies):
        at: Path = (*path, place)
        for field in ("value", "when"):
            with faults.at(*at, field):
                tree = model.equation(policy[field])
                wanted = model.scope.names.get(policy["parameter"])
                if field == "value" and wanted is not None and not fits(measure(tree, model.scope), wanted):
                    faults.add((*at, field), f"The equation gives {measure(tree, model.scope)}, not {wanted}.")
        if policy["parameter"] not in parameters:
            told = suggestion(policy["parameter"], parameters)
            faults.add((*at, "parameter"), f"There is no parameter {policy['parameter']!r}{told}")
        check_span(policy, at, faults)
