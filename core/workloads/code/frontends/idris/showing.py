"""What students may look at: declarations as a tree, and the names that a program defines."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from core.workloads.code.frontends.idris.holes import document
from core.workloads.code.frontends.idris.printing import show_term
from core.workloads.code.frontends.idris.problems import At
from core.workloads.code.frontends.idris.unit import Phases


def show_tree(one: object) -> Any:
    """Show a part of a program: its kind as `node`, its place, and what it consists of."""
    if isinstance(one, At):
        return [one.line, one.column]
    if isinstance(one, Enum):
        return one.value
    if isinstance(one, tuple | list):
        return [show_tree(each) for each in one]
    if is_dataclass(one) and not isinstance(one, type):
        inner = {each.name: show_tree(getattr(one, each.name)) for each in fields(one)}
        return {"node": type(one).__name__, **inner}
    return one


def show_program(phases: Phases) -> Mapping[str, Any]:
    """Show a whole program with its holes."""
    tree: dict[str, Any] = show_tree(phases.program)
    return {**tree, "holes": [document(one) for one in phases.holes]}


def show_symbols(phases: Phases) -> Sequence[Mapping[str, Any]]:
    """List what the source defines, with types."""
    found = []
    for one in phases.own:
        if "~" in one.name or not one.at.line:
            continue
        place = {"line": one.at.line, "column": one.at.column}
        kind = "value" if one.kind == "function" else one.kind
        found.append({"name": one.short, "kind": kind, "type": show_term(one.type), **place})
    return found
