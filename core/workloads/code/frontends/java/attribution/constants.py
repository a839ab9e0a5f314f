"""Constant expressions, computed as the program is translated."""

import math
import operator
from collections.abc import Callable

from core.workloads.code.frontends.java import core, types
from core.workloads.code.frontends.java.types import ClassType, Type
from core.workloads.code.ir.arithmetic import quotient, remainder

_BITS = {types.BYTE: 8, types.SHORT: 16, types.INT: 32, types.LONG: 64}
_COMPARING: dict[str, Callable[..., bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_EXACT: dict[str, Callable[..., int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
}


def wrapped(value: int, type_: Type) -> int:
    """Make an integer fit its type, as the machine does."""
    if type_ == types.CHAR:
        return value & 0xFFFF
    bits = _BITS[type_]  # type: ignore[index]  # the caller has an integral type
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def fits(value: int, type_: Type) -> bool:
    """Whether an integer is one of the type."""
    return wrapped(value, type_) == value


def converted(value: object, type_: Type) -> object:
    """Give a constant number as another type has it."""
    if type_ == types.DOUBLE and isinstance(value, int):
        return float(value)
    if type_ in types.INTEGRAL and isinstance(value, int) and not isinstance(value, bool):
        return wrapped(value, type_)
    if type_ in types.INTEGRAL and isinstance(value, float):
        return _truncated(value, type_)
    return value


def _truncated(value: float, type_: Type) -> int:
    if math.isnan(value):
        return 0
    wide = types.LONG if type_ == types.LONG else types.INT
    high = (1 << (_BITS[wide] - 1)) - 1
    return wrapped(int(max(-high - 1, min(high, value))), type_)


def unary(op: str, operand: core.Const) -> object:
    """Compute a sign before a constant; None where that gives no constant."""
    value = operand.value
    if op == "!":
        return not value
    assert isinstance(value, int | float)
    if operand.type == types.DOUBLE:
        return -value if op == "-" else value
    assert isinstance(value, int)
    return wrapped({"-": -value, "~": ~value, "+": value}[op], operand.type)


def binary(op: str, left: object, right: object, operands: Type) -> object:  # noqa: PLR0911 - a case for each
    """Compute an operator between constants of one type; None where that gives no constant."""
    if op in _COMPARING:
        return _COMPARING[op](left, right)
    if isinstance(left, bool) and isinstance(right, bool):
        return bool(_EXACT[op](left, right)) if op in "&|^" else None
    if isinstance(left, float) and isinstance(right, float):
        return _floating(op, left, right)
    if not isinstance(left, int) or not isinstance(right, int):
        return None
    if op in ("<<", ">>", ">>>"):
        return _shifted(op, left, right, operands)
    if op in ("/", "%"):
        if right == 0:
            return None
        return wrapped(quotient(left, right) if op == "/" else remainder(left, right), operands)
    return wrapped(_EXACT[op](left, right), operands)


def _floating(op: str, left: float, right: float) -> float | None:
    if op in ("+", "-", "*"):
        found: float = {"+": operator.add, "-": operator.sub, "*": operator.mul}[op](left, right)
        return found
    return left / right if op == "/" and right != 0 else None


def _shifted(op: str, value: int, amount: int, type_: Type) -> int:
    bits = _BITS[type_]  # type: ignore[index]  # the operands of a shift are int or long
    amount &= bits - 1
    if op == "<<":
        return wrapped(value << amount, type_)
    return wrapped((value & ((1 << bits) - 1) if op == ">>>" else value) >> amount, type_)


def text_of(one: core.Expr) -> str | None:
    """Give the text that a constant is in a string; None for what is computed as the program runs."""
    if not isinstance(one, core.Const) or one.value is None or isinstance(one.value, float):
        return None
    if isinstance(one.value, bool):
        return str(one.value).lower()
    return chr(one.value) if one.type == types.CHAR and isinstance(one.value, int) else str(one.value)


def is_string(one: Type) -> bool:
    """Whether it is the class String."""
    return isinstance(one, ClassType) and one.of.library and one.of.name == "String"
