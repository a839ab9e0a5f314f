"""Conversions that C makes by itself, and those that it refuses."""

from core.workloads.code.frontends.c import ctypes, nodes, tree
from core.workloads.code.frontends.c.constants import constant
from core.workloads.code.frontends.c.ctypes import BAD, VOID, ArrayType, CType, FunctionType, PointerType
from core.workloads.code.frontends.c.diagnosing import Reporter


def cast(node: nodes.Expression, to: CType) -> nodes.Expression:
    """Wrap an expression in a conversion, unless it has the type already."""
    if node.type is to or BAD in (node.type, to):
        return node
    found = tree.Cast(node.at, None, node)
    found.type = to
    return found


def decayed(node: nodes.Expression) -> nodes.Expression:
    """Let an array become a pointer to its first element, and a function a pointer to it."""
    if isinstance(node.type, ArrayType):
        return cast(node, ctypes.pointer_to(node.type.element, to_const=False))
    if isinstance(node.type, FunctionType):
        return cast(node, ctypes.pointer_to(node.type))
    return node


def is_null(node: nodes.Expression) -> bool:
    """Whether an expression is a null pointer constant: a zero, perhaps cast to void *."""
    if isinstance(node, tree.Cast) and isinstance(node.type, PointerType) and node.type.target is VOID:
        return is_null(node.operand)
    return ctypes.is_integer(node.type) and constant(node) == 0


def assigned(node: nodes.Expression, to: CType, report: Reporter, *, what: str) -> nodes.Expression:
    """Convert a value to what it is assigned to; `what` tells in a diagnostic what is done: "assigning", "passing"."""
    source = node.type
    if BAD in (source, to) or ctypes.same(source, to):
        return cast(node, to) if ctypes.is_scalar(to) else node
    if ctypes.is_number(source) and ctypes.is_number(to):
        return cast(node, to)
    if to is ctypes.BOOL and isinstance(source, PointerType):
        return cast(node, to)
    if isinstance(to, PointerType):
        return _pointer(node, to, report, what)
    if isinstance(source, PointerType) and ctypes.is_integer(to):
        hint = "declare a pointer for it, or take what it points at with *"
        if isinstance(node, tree.Cast) and isinstance(node.operand, tree.Text) and to.size == 1:
            hint = "a single character stands in single quotes: 'a'"
        report.error("semantic", node.at, f"{what} a pointer ({source.name}) where a number ({to.name}) belongs", hint)
        return cast(node, to)
    _refuse(node, to, report, what)
    return node


def _pointer(node: nodes.Expression, to: PointerType, report: Reporter, what: str) -> nodes.Expression:
    source = node.type
    if is_null(node):
        return cast(node, to)
    if isinstance(source, PointerType):
        if VOID not in (source.target, to.target) and not ctypes.same(source, to) and not _same_bytes(source, to):
            hint = "the two point at different things; write a cast if that is meant"
            report.warn("semantic", node.at, f"{what} a value of type {source.name} where {to.name} belongs", hint)
        elif source.to_const and not to.to_const:
            report.warn(
                "semantic", node.at, f"{what} a {source.name} as {to.name} forgets that it is const", "add const"
            )
        return cast(node, to)
    if ctypes.is_integer(source):
        hint = "take an address with &, or write a cast"
        if _same_bytes(ctypes.pointer_to(ctypes.CHAR), to):
            hint = 'a text stands in double quotes: "abc"; an address is taken with &'
        report.error("semantic", node.at, f"{what} a number ({source.name}) where a pointer ({to.name}) belongs", hint)
        return cast(node, to)
    _refuse(node, to, report, what)
    return node


def _same_bytes(source: PointerType, to: PointerType) -> bool:
    one, other = source.target, to.target
    return ctypes.is_integer(one) and ctypes.is_integer(other) and one.size == other.size


def _refuse(node: nodes.Expression, to: CType, report: Reporter, what: str) -> None:
    hint = "the two types have nothing in common"
    if node.type is VOID:
        hint = "a function that returns void gives no value"
    report.error("semantic", node.at, f"{what} a value of type {node.type.name} where {to.name} belongs", hint)
