"""A program's declarations and symbols, as JSON can say them."""

from dataclasses import fields, is_dataclass
from typing import Any

from core.workloads.code.frontends.haskell.syntax import Program
from core.workloads.code.frontends.haskell.types import Scheme, show
from core.workloads.code.frontends.haskell.unit import Phases


def show_declarations(program: Program) -> Any:
    """Show the tree of a program."""
    return _tree(program)


def _tree(one: Any) -> Any:
    if isinstance(one, dict):
        return {name: _tree(inner) for name, inner in one.items()}
    if isinstance(one, tuple | list):
        return [_tree(inner) for inner in one]
    if is_dataclass(one):
        parts = {field.name: _tree(getattr(one, field.name)) for field in fields(one)}
        return {"node": type(one).__name__, **parts}
    return one


def show_symbols(phases: Phases) -> list[dict[str, Any]]:
    """List what a program defines at its top, with types."""
    if phases.program is None or phases.scope is None:
        return []
    found = []
    for name, clauses in phases.program.bindings.functions.items():
        value = phases.scope.values.get(name)
        type_ = show_scheme(value.scheme) if value is not None and not phases.diagnostics else "?"
        at = clauses[0].at
        found.append({"name": name, "kind": "value", "type": type_, "line": at.line, "column": at.column})
    found += [
        {"name": one.name, "kind": "type", "type": one.name, "line": one.at.line, "column": one.at.column}
        for one in phases.program.datas
    ]
    return sorted(found, key=lambda one: (one["line"], one["column"]))


def show_scheme(scheme: Scheme) -> str:
    """Write a type with its classes."""
    names: dict[int, str] = {}
    text = show(scheme.type, names)
    context = [f"{class_name} {show(type_, names, 2)}" for class_name, type_ in scheme.predicates]
    if not context:
        return text
    return f"{context[0] if len(context) == 1 else '(' + ', '.join(context) + ')'} => {text}"
