"""Tokens, tree and symbols of a Java source as JSON can say them."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from core.workloads.code.frontends.java.declarations import Unit
from core.workloads.code.frontends.java.lexer import Token
from core.workloads.code.frontends.java.syntax import Node
from core.workloads.code.frontends.java.types import ClassInfo
from core.workloads.code.frontends.java.world import World


def show_tokens(tokens: Sequence[Token]) -> list[dict[str, Any]]:
    """Show the tokens, but for the end."""
    shown = [one for one in tokens if one.kind != "end"]
    return [{"kind": one.kind, "text": one.text, "line": one.line, "column": one.column} for one in shown]


def show_tree(tree: Unit) -> list[dict[str, Any]]:
    """Show the classes."""
    found: list[dict[str, Any]] = _shown(tree.classes)
    return found


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return [_shown(one) for one in value]
    if isinstance(value, frozenset):
        return sorted(value)
    if not isinstance(value, Node):
        return value if value is None or isinstance(value, bool | int | float | str) else str(value)
    shown: dict[str, Any] = {"node": type(value).__name__, "line": value.at.line, "column": value.at.column}
    for field in dataclasses.fields(value):
        if field.name not in ("at", "end", "binding_at"):
            shown[field.name] = _shown(getattr(value, field.name))
    return shown


def show_symbols(world: World) -> list[dict[str, Any]]:
    """List classes, fields and methods."""
    return [symbol for info in world.classes.values() for symbol in _of_class(info)]


def _of_class(info: ClassInfo) -> list[dict[str, Any]]:
    assert info.declaration is not None
    at = info.declaration.at
    found = [{"name": info.name, "kind": info.kind, "type": str(info.type), "line": at.line, "column": at.column}]
    for field in info.fields.values():
        if "$" not in field.name:
            place = {"line": field.at.line, "column": field.at.column}
            found.append({"name": field.name, "kind": "field", "type": str(field.type), **place})
    for named in info.methods.values():
        for method in named:
            if method.declaration is not None:
                place = {"line": method.declaration.at.line, "column": method.declaration.at.column}
                type_ = f"{method.returns} {method}"
                found.append({"name": method.name, "kind": "method", "type": type_, **place})
    for inner in info.classes.values():
        found += _of_class(inner)
    return found
