"""Operations with one constant that are something simpler: nothing, a shift, a copy."""

from core.workloads.code.ir.instructions import Instruction, Operand, Register
from core.workloads.code.ir.types import Type

_NEUTRAL = {"add": 0, "sub": 0, "mul": 1, "div": 1, "or": 0, "xor": 0, "shl": 0, "shr": 0}


def simplify(one: Instruction) -> Instruction:
    """Give a simpler instruction with the same result and the same traps, or the same one."""
    if one.op in ("cast", "check"):
        return _fitting(one)
    if len(one.args) == 1:
        return one
    left, right = one.args
    if not isinstance(right, int) or not isinstance(left, Register):
        return one
    if _NEUTRAL.get(one.op) == right and _holds(one.type, left.type):
        return _copy(one, left)
    if one.op == "mul" and right > 1 and right & (right - 1) == 0:
        bits = right.bit_length() - 1
        if not one.type.bits or bits < one.type.bits:
            return Instruction("shl", one.type, one.dest, (left, bits), at=one.at)
    return one


def _fitting(one: Instruction) -> Instruction:
    source = one.args[0]
    return _copy(one, source) if isinstance(source, Register) and _holds(one.type, source.type) else one


def _holds(outer: Type, inner: Type) -> bool:
    return outer.low <= inner.low and inner.high <= outer.high


def _copy(one: Instruction, source: Operand) -> Instruction:
    return Instruction("copy", one.type, one.dest, (source,), at=one.at)
