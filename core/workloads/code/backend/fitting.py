"""Making a result fit its type: which card that takes, and where none is needed."""

from typing import Protocol

from core.workloads.code.engine.cards import Operand, number
from core.workloads.code.engine.linking import Symbol
from core.workloads.code.ir.instructions import Instruction

_NEVER = frozenset(
    {"rem", "shr", "itf", "fsqrt", "fadd", "fsub", "fmul", "fdiv", "frem", "fpow", "fdecimal", "and", "or", "xor"}
)
_NEVER |= {"fexponent", "fshort", "fdigits"}


class Layer(Protocol):
    """What is needed of the code generator here."""

    def card(self, op: str, r: int = 0, s: int = 0, x: Operand | Symbol | None = None) -> None:
        """Lay a card."""


def fit(layer: Layer, one: Instruction, register: int) -> None:
    """Wrap or check the result in a register, unless it cannot be outside of its type."""
    type_ = one.type
    if not type_.bits or type_.is_float or _fits(one):
        return
    if type_.wraps:
        layer.card("WRS" if type_.low else "WRU", register, register, number(type_.bits))
    else:
        layer.card("CKS" if type_.low else "CKU", register, register, number(type_.bits))


def _fits(one: Instruction) -> bool:
    """Whether operands in the range of the type give a result in it."""
    if one.op in _NEVER:
        return all(
            one.type.holds(arg) if isinstance(arg, int) else _within(one, arg) for arg in one.args
        ) or one.op in ("itf", "rem", "shr")
    if one.op == "not":
        return one.type.low < 0
    if one.op in ("div", "floordiv", "floormod"):
        divisor = one.args[1]
        return one.type.low == 0 or (isinstance(divisor, int) and divisor not in (0, -1)) or one.op == "floormod"
    return False


def _within(one: Instruction, arg: object) -> bool:
    inner = getattr(arg, "type", one.type)
    return bool(one.type.low <= inner.low and inner.high <= one.type.high)
