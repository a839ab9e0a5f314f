"""Rules on what is no model: read and checked against what is measured and what may be set. Light."""

from collections.abc import Iterable, Mapping
from typing import Any

from core.workloads.simulation.expressions.tree import Tree
from core.workloads.simulation.faults import Faults
from core.workloads.simulation.model import check_names
from core.workloads.simulation.spelling import suggestion
from core.workloads.simulation.subscripts import Arrays


def read(text: str, names: set[str]) -> Tree:
    """Read an equation of these names and `time`; raises `ExpressionFault`."""
    tree = Arrays({}, {}).read(text, {})
    check_names(tree, {*names, "time"}, set())
    return tree


def check(data: Mapping[str, Any], names: set[str], settable: Iterable[str], faults: Faults) -> None:
    """Note conditions and policies that cannot be read, and what no policy could set."""
    for place, entry in enumerate(data["watch"]):
        with faults.at("watch", place, "when"):
            read(entry["when"], names)
    targets = sorted(settable)
    for place, policy in enumerate(data.get("policies", ())):
        for field in ("when", "value"):
            with faults.at("policies", place, field):
                read(policy[field], names)
        if policy["parameter"] not in targets:
            told = f"It is none of {', '.join(targets)}{suggestion(policy['parameter'], targets)}"
            faults.add(("policies", place, "parameter"), told)
        check_span(policy, ("policies", place), faults)


def check_span(policy: Mapping[str, Any], path: tuple[str | int, ...], faults: Faults) -> None:
    """Note a policy that ends before it begins."""
    if policy["since"] is not None and policy["until"] is not None and policy["until"] <= policy["since"]:
        faults.add((*path, "until"), "Must be greater than from.")


def in_force(policy: Mapping[str, Any], time: float) -> bool:
    """Tell whether a policy is looked at, at a time."""
    late_enough = policy["since"] is None or time >= policy["since"]
    return late_enough and (policy["until"] is None or time < policy["until"])
