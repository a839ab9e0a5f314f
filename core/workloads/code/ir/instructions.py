"""Instructions, and what they work on: registers and constant words."""

from dataclasses import dataclass, field

from core.workloads.code.ir.operations import OPERATIONS, Operation
from core.workloads.code.ir.types import WORD, Type


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the source, both counted from 1."""

    line: int
    column: int


@dataclass(slots=True, eq=False)
class Register:
    """A virtual register: as many as wanted, assigned as often as wanted. The number is unique in its function."""

    number: int
    type: Type = WORD
    name: str = ""

    def __str__(self) -> str:
        return f"%{self.number}.{self.name}" if self.name else f"%{self.number}"


Operand = Register | int
"""What an instruction reads: a register, or a constant word (a binary64 as its image)."""


@dataclass(slots=True, eq=False)
class Instruction:
    """One operation.

    `type` is that of the result; for `store` that of the value stored, for `load` that of the value in memory. `symbol`
    names a function, slot, global, service, comparison or trap; `offset` is added to the address of a memory access
    or to the address given; `targets` are labels of blocks; `cases` are a switch's constants, one for each target but
    the last, which is taken otherwise. `note` is what a trap says instead of its usual text.
    """

    op: str
    type: Type = WORD
    dest: Register | None = None
    args: tuple[Operand, ...] = ()
    symbol: str = ""
    offset: int = 0
    targets: tuple[str, ...] = ()
    cases: tuple[int, ...] = ()
    note: str = ""
    at: Position | None = field(default=None, repr=False)

    @property
    def operation(self) -> Operation:
        """What the table says of it."""
        return OPERATIONS[self.op]

    def reads(self) -> list[Register]:
        """List the registers it reads, one as often as it is read."""
        return [one for one in self.args if type(one) is Register]
