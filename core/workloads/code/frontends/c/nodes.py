"""What every part of a syntax tree is, and what every expression is."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.workloads.code.ir.instructions import Position

if TYPE_CHECKING:
    from core.workloads.code.frontends.c.ctypes import CType


@dataclass(slots=True, eq=False)
class Node:
    """Anything with a place in the source."""

    at: Position


@dataclass(slots=True, eq=False)
class Expression(Node):
    """Something with a value; analysis writes its type, and its value where it is constant."""

    type: "CType" = field(init=False, repr=False)
