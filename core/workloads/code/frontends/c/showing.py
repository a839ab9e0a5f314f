"""The phases of a translation as JSON: tokens, tree, symbols."""

from dataclasses import fields, is_dataclass
from typing import Any

from core.workloads.code.frontends.c.analysis import Analyzed
from core.workloads.code.frontends.c.ctypes import CType
from core.workloads.code.frontends.c.nodes import Node
from core.workloads.code.frontends.c.symbols import Symbol
from core.workloads.code.frontends.c.tokens import END, Token
from core.workloads.code.frontends.c.tree import Unit
from core.workloads.code.ir.instructions import Position

_KINDS = {"param": "parameter", "local": "variable", "static": "variable", "global": "variable"}


def show_tokens(tokens: list[Token]) -> list[dict[str, Any]]:
    """List the tokens that the parser read, macros replaced."""
    return [
        {"kind": one.kind, "text": one.text, "line": one.at.line, "column": one.at.column}
        for one in tokens
        if one.kind != END
    ]


def show_tree(unit: Unit) -> list[Any]:
    """Show the tree, with the types that analysis found."""
    return [_shown(part) for part in unit.parts]


def _shown(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_shown(one) for one in value]
    if isinstance(value, Position):
        return f"{value.line}:{value.column}"
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, CType | Symbol):
        return value.name
    return _fields(value) if is_dataclass(value) and not isinstance(value, type) else value


def _fields(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if isinstance(value, Node):
        found = {"node": type(value).__name__, "line": value.at.line, "column": value.at.column}
    found |= {one.name: _shown(getattr(value, one.name, None)) for one in fields(value) if one.name != "at"}
    return {name: part for name, part in found.items() if part not in (None, "", [], False)}


def show_symbols(analyzed: Analyzed) -> list[dict[str, Any]]:
    """List what the source declares."""
    return [
        {
            "name": one.name,
            "kind": _KINDS.get(one.storage, one.storage),
            "type": one.type.name,
            "line": one.at.line,
            "column": one.at.column,
        }
        for one in analyzed.symbols
    ]
