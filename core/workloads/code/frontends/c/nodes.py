"""What every part of a syntax tree is."""

from dataclasses import dataclass

from core.workloads.code.ir.instructions import Position


@dataclass(slots=True, eq=False)
class Node:
    """Anything with a place in the source."""

    at: Position
