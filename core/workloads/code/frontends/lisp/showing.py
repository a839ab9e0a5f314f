"""The phases of a translation as JSON: tokens, data, symbols."""

from collections.abc import Sequence
from typing import Any

from core.workloads.code.frontends.lisp.data import Atom, Datum, List, Name, Token, Vector, shown
from core.workloads.code.frontends.lisp.nodes import Global, Lambda
from core.workloads.code.frontends.lisp.scopes import Macro, Scope


def show_tokens(tokens: Sequence[Token]) -> list[dict[str, Any]]:
    """List the tokens."""
    return [{"kind": one.kind, "text": one.text, "line": one.at.line, "column": one.at.column} for one in tokens]


def show_tree(data: Sequence[Datum]) -> list[Any]:
    """Show the data that the program is."""
    return [_shown(one) for one in data]


def _shown(datum: Datum) -> dict[str, Any]:
    place = {"line": datum.at.line, "column": datum.at.column}
    match datum:
        case Name(text=text):
            return {"node": "Name", "name": text, **place}
        case Atom():
            return {"node": "Atom", "value": shown(datum), **place}
        case Vector(items=items):
            return {"node": "Vector", **place, "items": [_shown(one) for one in items]}
        case List(items=items, tail=tail):
            found = {"node": "List", **place, "items": [_shown(one) for one in items]}
            return found | ({"tail": _shown(tail)} if tail is not None else {})
    raise TypeError(datum)


def show_symbols(top: Scope, lambdas: Sequence[Lambda]) -> list[dict[str, Any]]:
    """List what the source defines, in its order."""
    found = []
    for one in top.names.values():
        if isinstance(one, Global) and one.definitions:
            type_ = _type(one.value) if one.procedure is not None else "any"
            kind = "function" if one.procedure is not None else "variable"
            found.append(_symbol(one.name, kind, type_, one.at.line, one.at.column))
        elif isinstance(one, Macro):
            found.append(_symbol(one.name.text, "macro", "syntax", one.name.at.line, one.name.at.column))
    for made in lambdas:
        found += [_symbol(p.name, "parameter", "any", p.at.line, p.at.column) for p in made.all_params if p.at.line]
    return sorted(found, key=lambda one: (one["line"], one["column"], one["name"]))


def _type(procedure: Lambda | None) -> str:
    assert procedure is not None
    count = len(procedure.params)
    return f"procedure of {count}" if procedure.rest is None else f"procedure of {count} or more"


def _symbol(name: str, kind: str, type_: str, line: int, column: int) -> dict[str, Any]:
    return {"name": name, "kind": kind, "type": type_, "line": line, "column": column}
