"""Making objects: data, closures, and what is to be computed later."""

from collections.abc import Sequence

from core.workloads.code.frontends.functional.lowering.frames import Frame
from core.workloads.code.frontends.functional.objects import FUNCTION, THUNK, header
from core.workloads.code.ir.instructions import Operand
from core.workloads.code.ir.types import WORD


def make(build: Frame, head: int, values: Sequence[Operand | str]) -> Operand:
    """Make an object; its fields are operands, or slots in which they wait."""
    if len(values) <= 2:  # noqa: PLR2004 - routines of their own
        fields = [build.take(one) if isinstance(one, str) else one for one in values]
        return build.routine(f"make{len(values)}", head, *fields)
    place = build.fields_place(len(values))
    for offset, one in enumerate(values):
        build.poke(place, build.take(one) if isinstance(one, str) else one, offset)
    return build.routine("make", head, len(values), build.fields_place(len(values)))


def code_pointer(build: Frame, name: str) -> Operand:
    """Give the pointer to a piece of code."""
    return build.compute("function", WORD, symbol=name)


def thunk_header() -> int:
    """Give the header of what is to be computed later."""
    return header(THUNK)


def closure_header(arity: int) -> int:
    """Give the header of a function with variables of its own."""
    return header(FUNCTION, arity)
