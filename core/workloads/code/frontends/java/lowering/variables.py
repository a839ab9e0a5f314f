"""Variables of a method, and values that wait for others."""

from collections.abc import Callable, Sequence

from core.workloads.code.frontends.java import acts, core
from core.workloads.code.frontends.java.lowering.collecting import collects, has_try, may_collect
from core.workloads.code.frontends.java.lowering.program import Program
from core.workloads.code.frontends.java.lowering.writer import Writer
from core.workloads.code.frontends.java.relations import is_reference
from core.workloads.code.frontends.java.representation import machine
from core.workloads.code.frontends.java.types import Method
from core.workloads.code.frontends.words.frames import Thunk
from core.workloads.code.ir.instructions import Operand, Register
from core.workloads.code.ir.types import WORD

Where = str | Register
"""A slot of the frame, or a register."""


class Variables:
    """The part of a method's lowering that keeps values.

    What the collector must see lies in slots, where it may run at all; so does everything in a method that an exception
    may lead back to.
    """

    def __init__(self, program: Program, method: Method | None, build: Writer, body: acts.Statement) -> None:
        self.program, self.method, self.build = program, method, build
        self.guarded = has_try(body)
        self.moving = self.guarded or collects(body)
        self.where: dict[core.Variable, Where] = {}
        self.this: Where = ""

    def value(self, node: core.Expr) -> Operand:
        """Compute an expression."""
        raise NotImplementedError

    def declare(self, variable: core.Variable, value: Operand) -> None:
        """Make a place for a variable, and give it its first value."""
        if variable not in self.where:
            reference = is_reference(variable.type)
            if self.guarded or (reference and self.moving):
                self.where[variable] = self.build.variable_slot(variable.name)
            else:
                self.where[variable] = self.build.function.register(machine(variable.type), variable.name)
        self.put(self.where[variable], value)

    def put(self, where: Where, value: Operand) -> None:
        """Give a place a value."""
        if isinstance(where, str):
            self.build.write(where, value)
        else:
            self.build.assign(where, value)

    def read(self, variable: core.Variable) -> Operand:
        """Read a variable."""
        if variable not in self.where:
            self.declare(variable, 0)
        return self.get(self.where[variable], variable)

    def get(self, where: Where, variable: core.Variable | None = None) -> Operand:
        """Read a place; what a register holds is copied, so that a later assignment does not change it."""
        if isinstance(where, str):
            type_ = machine(variable.type) if variable is not None else WORD
            return self.build.compute("peek", type_, self.build.compute("slot", WORD, symbol=where))
        copy = self.build.function.register(where.type, where.name)
        self.build.assign(copy, where)
        return copy

    def settled(self, nodes: Sequence[core.Expr]) -> list[Operand]:
        """Compute expressions one after another; each value is there when all are."""
        return self.build.settle([self.part(one) for one in nodes])

    def part(self, node: core.Expr) -> tuple[Thunk, bool]:
        """Give what computes an expression, and whether the collector may run meanwhile."""
        return self._thunk(node), self.moving and may_collect(node)

    def _thunk(self, node: core.Expr) -> Callable[[], Operand]:
        return lambda: self.value(node)
