"""The phases of a translation as JSON: tokens, tree, symbols."""

import ast
import io
import token
import tokenize
from typing import Any

from core.workloads.code.frontends.python.scopes import Scope

_LAYOUT = frozenset({token.NL, token.NEWLINE, token.ENDMARKER, tokenize.COMMENT})


def show_tokens(source: str) -> list[dict[str, Any]]:
    """List the tokens, as far as there are any to be told apart."""
    found: list[dict[str, Any]] = []
    try:
        for one in tokenize.generate_tokens(io.StringIO(source).readline):
            if one.type not in _LAYOUT:
                kind = token.tok_name[one.type].lower()
                found.append({"kind": kind, "text": one.string, "line": one.start[0], "column": one.start[1] + 1})
    except (tokenize.TokenError, SyntaxError):
        pass
    return found


def show_tree(tree: ast.Module) -> list[Any]:
    """Show the tree."""
    return [_shown(part) for part in tree.body]


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return [_shown(one) for one in value]
    if not isinstance(value, ast.AST):
        return value if isinstance(value, str | int | bool | None) and not _is_large(value) else repr(value)
    found: dict[str, Any] = {"node": type(value).__name__}
    if hasattr(value, "lineno"):
        found |= {"line": value.lineno, "column": getattr(value, "col_offset", 0) + 1}
    for name, part in ast.iter_fields(value):
        shown = _shown(part)
        if shown not in (None, [], {"node": "Load"}, {"node": "Store"}):
            found[name] = shown
    return found


def _is_large(value: object) -> bool:
    return isinstance(value, int) and abs(value) >= 1 << 53


def show_symbols(scopes: dict[ast.AST, Scope]) -> list[dict[str, Any]]:
    """List what the source defines, in its order."""
    found = [_symbol(name, node, scope) for scope in scopes.values() for name, node in scope.bound.items()]
    kept = [one for one in found if "." not in one["name"]]
    return sorted(kept, key=lambda one: (one["line"], one["column"], one["name"]))


def _symbol(name: str, node: ast.AST, scope: Scope) -> dict[str, Any]:
    kind, type_ = "variable", "any"
    match node:
        case ast.FunctionDef():
            kind = "method" if isinstance(scope.node, ast.ClassDef) else "function"
            type_ = f"function of {len(node.args.args)}"
        case ast.ClassDef():
            kind, type_ = "class", "type"
        case ast.arg():
            kind = "parameter"
        case _:
            type_ = _type_of(name, scope)
    return {
        "name": name,
        "kind": kind,
        "type": type_,
        "line": getattr(node, "lineno", 1),
        "column": getattr(node, "col_offset", 0) + 1,
    }


def _type_of(name: str, scope: Scope) -> str:
    """Tell the type of a variable where all that it is given is alike at sight."""
    found: set[str] = set()
    for one in ast.walk(scope.node):
        match one:
            case ast.Assign(targets=targets, value=value):
                if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                    found.add(infer(value))
            case ast.For(target=ast.Name(id=target), iter=ast.Call(func=ast.Name(id="range"))) if target == name:
                found.add("int")
            case ast.Name(id=other, ctx=ast.Store()) if other == name:
                pass
    return found.pop() if len(found) == 1 else "any"


_LITERALS = {
    ast.List: "list",
    ast.ListComp: "list",
    ast.Tuple: "tuple",
    ast.Dict: "dict",
    ast.DictComp: "dict",
    ast.Set: "set",
    ast.SetComp: "set",
    ast.JoinedStr: "str",
    ast.Compare: "bool",
}
_GIVES = {"len": "int", "int": "int", "str": "str", "input": "str", "float": "float", "sorted": "list", "list": "list"}


def infer(node: ast.expr) -> str:
    """Tell the type of an expression where its form says it."""
    match node:
        case ast.Constant(value=value):
            return "None" if value is None else type(value).__name__
        case ast.BinOp(left=left, op=op, right=right):
            a, b = infer(left), infer(right)
            if {a, b} <= {"int", "float"}:
                return "float" if isinstance(op, ast.Div) or "float" in (a, b) else "int"
            return a if a == b == "str" else "any"
        case ast.Call(func=ast.Name(id=name)):
            return _GIVES.get(name, "any")
    return _LITERALS.get(type(node), "any")
