"""What C allows and is hardly ever meant: warnings that say what the program does, and what was meant instead."""

from collections.abc import Sequence
from itertools import pairwise

from core.workloads.code.frontends.c import nodes, tree, written
from core.workloads.code.frontends.c.constants import COMPARISONS
from core.workloads.code.frontends.c.ctypes import ArrayType, PointerType
from core.workloads.code.frontends.c.diagnosing import Reporter
from core.workloads.code.ir.instructions import Position

_ORDERS = frozenset({"<", ">", "<=", ">="})
_BASES = frozenset({2, 10})


def of_binary(node: tree.Binary, report: Reporter) -> None:
    """Look at an operator whose operands have their types."""
    left, right = _bare(node.left), _bare(node.right)
    width = len(node.op)
    if node.op in COMPARISONS and (isinstance(left, tree.Text) or isinstance(right, tree.Text)):
        hint = "write strcmp(a, b) == 0, with #include <string.h>; a single character is written 'a'"
        report.warn("semantic", node.at, "this compares where texts lie, not what they say", hint, width)
    elif node.op in _ORDERS and isinstance(left, tree.Binary) and left.op in _ORDERS:
        hint = "write a < b && b < c"
        report.warn("semantic", node.at, "this compares the result of the first comparison, 0 or 1", hint, width)
    elif node.op in ("&", "|") and _compares(left) != _compares(right):
        hint = f"write ( ) around the {node.op} and its two sides"
        report.warn("semantic", node.at, f"the comparison is made before the {node.op}", hint, width)
    elif node.op == "^" and isinstance(left, tree.Number) and isinstance(right, tree.Number) and left.value in _BASES:
        hint = "multiply, or use 1 << n for powers of two" if left.value != max(_BASES) else "write 1e3, or multiply"
        report.warn("semantic", node.at, "^ is exclusive or, not a power", hint)


def of_index(node: tree.Index, value: float | None, report: Reporter) -> None:
    """Look at an element that is asked for by a constant."""
    array = _bare(node.base).type
    if not isinstance(array, ArrayType) or array.length is None or not isinstance(value, int):
        return
    if not 0 <= value < array.length:
        last = f"its elements are 0 to {array.length - 1}"
        report.warn("semantic", node.index.at, f"{array.name} has no element {value}", last)


def of_returned(value: nodes.Expression, report: Reporter) -> None:
    """Look at an address that is given back: a variable of the function is gone then."""
    inner = _bare(value)
    if isinstance(inner, tree.Unary) and inner.op == "&":
        inner = inner.operand
    elif not isinstance(inner.type, ArrayType):
        return
    symbol = inner.symbol if isinstance(inner, tree.Name) else None
    if symbol is not None and symbol.storage in ("local", "param") and isinstance(value.type, PointerType):
        hint = "return the value itself, make the variable static, or use malloc"
        report.warn("semantic", value.at, f"'{symbol.name}' is gone once the function has returned", hint)


def of_sequence(items: Sequence[tree.Statement | written.Declaration], report: Reporter) -> None:
    """Look at statements one after the other: a lone semicolon may have cut a loop from what it should repeat."""
    for loop, after in pairwise(items):
        if not isinstance(loop, tree.Loop) or loop.kind == "do" or not _is_empty(loop.body):
            continue
        if isinstance(after, tree.Block) or after.at.column > loop.at.column:
            message = f"this semicolon is all that the {loop.kind} repeats"
            report.warn("semantic", loop.body.at, message, "take it out")


def of_assignment(at: Position, sign: str, report: Reporter) -> None:
    """Tell of `=+` and `=-` where the sign stands at the = and not at the number."""
    message = f"={sign} assigns a number with a sign; it adds nothing"
    report.warn("parse", at, message, f"write {sign}= to change the variable by so much", 2)


def _bare(node: nodes.Expression) -> nodes.Expression:
    """Give an expression without the conversions that C makes by itself."""
    while isinstance(node, tree.Cast) and node.type_name is None:
        node = node.operand
    return node


def _compares(node: nodes.Expression) -> bool:
    return isinstance(node, tree.Binary) and node.op in COMPARISONS


def _is_empty(node: tree.Statement) -> bool:
    return isinstance(node, tree.Evaluate) and node.value is None
