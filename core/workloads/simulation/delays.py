"""Delays laid out: material and information ones as stages one behind the other, fixed ones as what is remembered.

With a delay time T and n stages a material delay is what flows out of the last of n stocks that empty at the rate
stock * n / T: an impulse comes out spread as Erlang's distribution of shape n and mean T. An information delay is the
last of n levels that each follow the one before at the rate difference * n / T.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.workloads.simulation.expressions.faults import ExpressionFault
from core.workloads.simulation.expressions.tree import Name, Number, Operation, Tree, names_in
from core.workloads.simulation.faults import Faults, Path

FIELDS = ("of", "time", "initial")
Trees = Mapping[str, Mapping[str, Tree]]
"""By field, the trees of delays by name."""


@dataclass(slots=True)
class Delays:
    """What delays add to a model."""

    initials: dict[str, Tree] = field(default_factory=dict)
    """Of stages, and under a delay's own name what it gives at the start."""
    equations: dict[str, Tree] = field(default_factory=dict)
    flows: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    """Between which stages, by the name of the equation."""
    stages: list[str] = field(default_factory=list)
    fixed: dict[str, Tree] = field(default_factory=dict)
    """Times of fixed delays."""


def inflow(name: str) -> str:
    """Return the name of the equation of what goes into a delay."""
    return f"{name}/in"


def laid_out(document: Mapping[str, Any], trees: Trees) -> Delays:
    """Lay out all delays of a document, given their trees."""
    made = Delays()
    for name, entry in document["delays"].items():
        of, time = trees["of"][name], trees["time"][name]
        made.initials[name] = trees["initial"].get(name, of)
        if entry["sort"] == "fixed":
            made.equations[inflow(name)], made.fixed[name] = of, time
            continue
        stages = [f"{name}/{number}" for number in range(1, entry["order"] + 1)]
        made.stages += stages
        each: Tree = Operation("/", (time, Number(float(len(stages)))))
        {"material": _material, "information": _information}[entry["sort"]](name, of, each, stages, made)
    return made


def needed_at_start(
    delays: Delays, equations: Mapping[str, Tree], noises: Mapping[str, Any], faults: Faults
) -> dict[str, Tree]:
    """Return the delays' initials and whatever equations they speak of; what is drawn later is noted as a fault."""
    initials = {**delays.initials}
    for delay, tree in delays.initials.items():
        ahead = [tree]
        while ahead:
            for one in names_in(ahead.pop()):
                if one.name in equations and one.name not in initials:
                    initials[one.name] = equations[one.name]
                    ahead.append(equations[one.name])
                elif one.name in noises:
                    faults.add(place(delay), f"Give it: what is delayed hangs on the noise {one.name!r}.")
    return initials


def check_fixed(delays: Delays, parameters: Mapping[str, Any], faults: Faults) -> None:
    """Note fixed delays whose time could change."""
    for name, tree in delays.fixed.items():
        with faults.at("delays", name, "time"):
            for one in names_in(tree):
                if one.name not in parameters:
                    raise ExpressionFault(f"a fixed delay's time is of parameters alone, not {one.name!r}.", one.at)


def place(name: str) -> Path:
    """Return where a delay says what it gives at the start."""
    return ("delays", name, "initial")


def _material(name: str, of: Tree, each: Tree, stages: list[str], made: Delays) -> None:
    made.equations[inflow(name)] = of
    made.flows[inflow(name)] = (None, stages[0])
    for number, stage in enumerate(stages, 1):
        last = number == len(stages)
        flow = name if last else f"{name}/out of {number}"
        made.initials[stage] = Operation("*", (Name(name), each))
        made.equations[flow] = Operation("/", (Name(stage), each))
        made.flows[flow] = (stage, None if last else stages[number])


def _information(name: str, of: Tree, each: Tree, stages: list[str], made: Delays) -> None:
    before = of
    for number, stage in enumerate(stages, 1):
        flow = f"{name}/into {number}"
        made.initials[stage] = Name(name)
        made.equations[flow] = Operation("/", (Operation("-", (before, Name(stage))), each))
        made.flows[flow] = (None, stage)
        before = Name(stage)
    made.equations[name] = before
