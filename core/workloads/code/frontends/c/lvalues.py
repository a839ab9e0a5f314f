"""Places: which expressions are one, whether it may be written to, and that it must lie in the store."""

from core.workloads.code.frontends.c import ctypes, nodes, tree
from core.workloads.code.frontends.c.ctypes import CType, PointerType


def mark_addressed(node: nodes.Expression) -> None:
    """Note that the variable in an expression needs a place in the store."""
    while isinstance(node, tree.Member) and not node.arrow:
        node = node.operand
    if isinstance(node, tree.Name) and node.symbol is not None:
        node.symbol.addressed = True


def is_place(node: nodes.Expression) -> bool:
    """Whether an analyzed expression is a place, not only a value."""
    if isinstance(node, tree.Name):
        return node.symbol is not None and node.symbol.storage != "constant"
    if isinstance(node, tree.Member):
        return node.arrow or is_place(node.operand)
    return isinstance(node, tree.Index | tree.Text | tree.Compound) or (isinstance(node, tree.Unary) and node.op == "*")


def is_const(node: nodes.Expression) -> bool:
    """Whether a place must not be written to."""
    if isinstance(node, tree.Name):
        return node.symbol is not None and node.symbol.is_const
    if isinstance(node, tree.Member):
        return _points_to_const(node.operand.type) if node.arrow else is_const(node.operand)
    if isinstance(node, tree.Index):
        base = node.base
        inner = base.operand if isinstance(base, tree.Cast) and base.type_name is None else base
        return is_const(inner) if isinstance(inner.type, ctypes.ArrayType) else _points_to_const(base.type)
    return isinstance(node, tree.Unary) and node.op == "*" and _points_to_const(node.operand.type)


def _points_to_const(type_: CType) -> bool:
    return isinstance(type_, PointerType) and type_.to_const
