"""Trees compiled to steps: each one numpy call on arrays that stay where they are, so that a step costs little more.

What follows from parameters alone is computed once (`once`), the rest at each look at the rates (`each`); equal parts
of equations are computed once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from core.workloads.simulation.arrays import Floats
from core.workloads.simulation.expressions import kernels
from core.workloads.simulation.expressions.tree import Name, Number, Tree

Step = Callable[[], Any]
SEES_TIME: Mapping[str, Callable[..., None]] = {"step": kernels.step, "pulse": kernels.pulse, "ramp": kernels.ramp}


@dataclass(frozen=True, slots=True)
class Register:
    """An array that holds a value: (1,) where all members share it, else (members,)."""

    array: Floats
    changes: bool
    """Whether it changes with time or state."""


@dataclass(slots=True)
class Program:
    """The steps that compute equations."""

    members: int
    names: dict[str, Register]
    tables: Mapping[str, tuple[Floats, Floats]]
    once: list[Step] = field(default_factory=list)
    each: list[Step] = field(default_factory=list)
    _known: dict[Tree, Register] = field(default_factory=dict)

    def compile(self, tree: Tree) -> Register:
        """Add what computes a tree, unless it is there, and return where its value will be."""
        if isinstance(tree, Name):
            return self.names[tree.name]
        known = self._known.get(tree)
        if known is None:
            known = Register(np.array([tree.value]), changes=False) if isinstance(tree, Number) else self._add(tree)
            self._known[tree] = known
        return known

    def beside(self, names: Mapping[str, Register]) -> "Program":
        """Return a program over the same tables with other names and steps of its own."""
        return Program(self.members, {**self.names, **names}, self.tables)

    def _add(self, tree: Any) -> Register:
        operands = [self.compile(operand) for operand in tree.operands]
        if tree.operator in SEES_TIME:
            operands.insert(0, self.names["time"])
        shape = np.broadcast_shapes(*(operand.array.shape for operand in operands))
        out = Register(np.zeros(shape), changes=any(operand.changes for operand in operands))
        arrays = [operand.array for operand in operands]
        (self.each if out.changes else self.once).append(self._step(tree.operator, arrays, out.array))
        return out

    def _step(self, operator: str, arrays: list[Floats], out: Floats) -> Step:
        if operator in self.tables:
            return partial(kernels.look_up, arrays[0], *self.tables[operator], out)
        if operator in SEES_TIME:
            return partial(SEES_TIME[operator], *arrays, out)
        return kernels.step_of(operator, arrays, out)
