"""Values of expressions that are known before the program runs."""

from collections.abc import Callable
from typing import Any

from core.workloads.code.frontends.c import ctypes, nodes, tree
from core.workloads.code.frontends.c.ctypes import CType, IntegerType
from core.workloads.code.ir.arithmetic import Trapped, compare, evaluate
from core.workloads.code.ir.types import F64, S64, Type, float_image, image_float

Constant = int | float
INTEGER_OPERATIONS = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "div",
    "%": "rem",
    "&": "and",
    "|": "or",
    "^": "xor",
    "<<": "shl",
    ">>": "shr",
}
FLOAT_OPERATIONS = {"+": "fadd", "-": "fsub", "*": "fmul", "/": "fdiv"}
COMPARISONS = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}

WANTED = ("this must be an integer constant", "a number, or what #define or enum gives a name to")
"""What is said, and advised, of what is none."""


def shifting_type(type_: Type) -> Type:
    """Give the type a left shift is computed in: as gcc has it, a signed one wraps."""
    return type_ if type_.wraps else Type(f"s{type_.bits}", type_.bits, type_.low, type_.high, wraps=True)


def constant(node: nodes.Expression) -> Constant | None:
    """Evaluate an analyzed expression; None where it is no constant, or has no value."""
    try:
        return _evaluate(node)
    except Trapped:
        return None


def converted(value: Constant, to: CType) -> Constant | None:
    """Bring a constant to a type."""
    if to is ctypes.DOUBLE:
        return float(value)
    if to is ctypes.BOOL:
        return int(value != 0)
    if isinstance(to, IntegerType):
        if isinstance(value, float):
            value = evaluate("fti", S64, (float_image(value),))
        return to.ir.wrap(value)
    return value if isinstance(to, ctypes.PointerType) and isinstance(value, int) else None


def _evaluate(node: nodes.Expression) -> Constant | None:
    found = _EVALUATIONS.get(type(node))
    return found(node) if found is not None else None


def _name(node: tree.Name) -> Constant | None:
    symbol = node.symbol
    return symbol.value if symbol is not None and symbol.storage == "constant" else None


def _cast(node: tree.Cast) -> Constant | None:
    value = _evaluate(node.operand)
    return None if value is None else converted(value, node.type)


def _conditional(node: tree.Conditional) -> Constant | None:
    test = _evaluate(node.test)
    return None if test is None else _evaluate(node.then if test else node.otherwise)


def _unary(node: tree.Unary) -> Constant | None:
    if node.op == "&" and isinstance(node.operand, tree.Member):
        return _offset(node.operand)
    value = _evaluate(node.operand) if node.op in ("-", "+", "!", "~") else None
    if value is None:
        return None
    if node.op == "!":
        return int(not value)
    if node.op == "+":
        return value
    if isinstance(value, float):
        return -value
    return evaluate("neg" if node.op == "-" else "not", node.type.ir, (value,))


def _offset(node: tree.Member) -> int | None:
    """`offsetof`: the address of a member of what lies at zero."""
    inner = node.operand
    if node.arrow:
        base = _evaluate(inner)
        return node.offset + base if isinstance(base, int) else None
    base = _offset(inner) if isinstance(inner, tree.Member) else None
    return None if base is None else base + node.offset


def _binary(node: tree.Binary) -> Constant | None:
    left = _evaluate(node.left)
    if left is not None and node.op in ("&&", "||") and (left != 0) == (node.op == "||"):
        return int(left != 0)
    right = _evaluate(node.right)
    if left is None or right is None:
        return None
    if node.op in ("&&", "||"):
        return int(right != 0)
    if not (ctypes.is_number(node.left.type) and ctypes.is_number(node.right.type)):
        return None
    if isinstance(left, float) or isinstance(right, float):
        return _float_binary(node.op, float(left), float(right))
    return _integer_binary(node, left, right)


def _integer_binary(node: tree.Binary, left: int, right: int) -> Constant | None:
    if node.op in COMPARISONS:
        return int(compare(COMPARISONS[node.op], left, right))
    operation = INTEGER_OPERATIONS.get(node.op)
    if operation is None:
        return None
    type_ = shifting_type(node.type.ir) if operation == "shl" else node.type.ir
    return evaluate(operation, type_, (left, right))


def _float_binary(op: str, left: float, right: float) -> Constant | None:
    images = (float_image(left), float_image(right))
    if op in COMPARISONS:
        return int(compare("f" + COMPARISONS[op], *images))
    return image_float(evaluate(FLOAT_OPERATIONS[op], F64, images)) if op in FLOAT_OPERATIONS else None


_EVALUATIONS: dict[type[nodes.Expression], Callable[[Any], Constant | None]] = {
    tree.Number: lambda node: node.value,
    tree.SizeOf: lambda node: node.value,
    tree.Name: _name,
    tree.Cast: _cast,
    tree.Unary: _unary,
    tree.Binary: _binary,
    tree.Conditional: _conditional,
}
