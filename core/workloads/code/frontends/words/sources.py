"""The sources of a run-time library: what they define, and which of their functions may collect garbage.

A source has functions, constants (`NAME = 5`), and words of the store, of which a `root` holds a value that the
collector must find and a `cell` holds any word (`NAME: root`, `NAME: cell`).
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.workloads.code.frontends.words import values
from core.workloads.code.ir.types import LARGEST_WORD

SHARED = Path(__file__).parent / "runtime"
"""What all libraries have: heap, texts, and what numbers and strings are made of."""
_GIVEN = {
    **{name: getattr(values, name) for name in ("LIMIT", "FLOAT", "SPECIAL", "STRING", "CLASS", "REFERENCE")},
    **{name: getattr(values, name) for name in ("FALSE", "TRUE", "NONE", "UNBOUND", "END", "NOT_IMPLEMENTED")},
    "CODES": values.FUNCTION,
    "LARGEST": LARGEST_WORD,
}
"""Constants that the sources take from `values`."""


@dataclass(slots=True)
class Sources:
    """Everything the library defines, by its name."""

    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    constants: dict[str, int] = field(default_factory=dict)
    cells: set[str] = field(default_factory=set)
    roots: list[str] = field(default_factory=list)
    collecting: set[str] = field(default_factory=set)
    external: frozenset[str] = frozenset()
    """Functions that a program's own part of the module defines."""


def load(folders: Sequence[Path], given: Mapping[str, int], external: Mapping[str, bool]) -> Sources:
    """Read all sources of some folders; of a program's own functions `external` says whether they may collect."""
    found = Sources(constants={**_GIVEN, **given}, external=frozenset(external))
    for path in sorted((one for folder in folders for one in folder.glob("*.words")), key=lambda one: one.name):
        for part in ast.parse(path.read_text(), path.name).body:
            _take_in(part, found)
    found.collecting = _collecting(found.functions, {name for name, collects in external.items() if collects})
    return found


def _take_in(part: ast.stmt, found: Sources) -> None:
    match part:
        case ast.FunctionDef(name=name):
            assert name not in found.functions, name
            found.functions[name] = part
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            found.constants[name] = constant(value, found.constants)
        case ast.AnnAssign(target=ast.Name(id=name), annotation=ast.Name(id="cell")):
            found.cells.add(name)
        case ast.AnnAssign(target=ast.Name(id=name), annotation=ast.Name(id="root")):
            found.roots.append(name)
        case ast.Expr(value=ast.Constant()):
            pass
        case _:
            raise SyntaxError(ast.unparse(part))


def constant(node: ast.expr, known: dict[str, int]) -> int:  # noqa: PLR0911 - a case for each expression
    """Compute an expression of constants."""
    match node:
        case ast.Constant(value=int(value)):
            return value
        case ast.Name(id=name):
            return known[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -constant(inner, known)
        case ast.BinOp(left=left, op=op, right=right):
            a, b = constant(left, known), constant(right, known)
            match op:
                case ast.Add():
                    return a + b
                case ast.Sub():
                    return a - b
                case ast.Mult():
                    return a * b
                case ast.Pow():
                    return int(a**b)
                case ast.LShift():
                    return a << b
    raise SyntaxError(ast.unparse(node))


def _collecting(functions: dict[str, ast.FunctionDef], external: set[str]) -> set[str]:
    """Find the functions from which the collector can be reached."""
    calls = {
        name: {one.func.id for one in ast.walk(body) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)}
        for name, body in functions.items()
    }
    found = {"collect", "call", *external}
    while True:
        more = {name for name, called in calls.items() if called & found} - found
        if not more:
            return found
        found |= more
