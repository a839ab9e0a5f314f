"""The core that all of Scheme is made of, once macros and derived forms are gone."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.workloads.code.frontends.lisp.data import Datum
from core.workloads.code.ir.instructions import Position


@dataclass(slots=True, eq=False)
class Variable:
    """A variable of a procedure or of a `let`."""

    name: str
    at: Position
    is_assigned: bool = False
    is_used: bool = False
    procedure: "Lambda | None" = None
    """The procedure whose variable it is."""
    value: "Lambda | None" = None
    """What it stands for from beginning to end, where that is one procedure."""
    is_captured: bool = False
    """Whether a procedure within uses it."""
    is_open: bool = False
    """Whether it is bound by a `letrec`, so that it may be asked for before it has a value."""

    @property
    def in_cell(self) -> bool:
        """Whether what it holds lies in a cell that several procedures share."""
        return self.is_captured and (self.is_assigned or self.is_open)


@dataclass(slots=True, eq=False)
class Global:
    """A variable at the top of the program, or one of the library written in Scheme."""

    name: str
    at: Position
    definitions: int = 0
    is_assigned: bool = False
    value: "Lambda | None" = None
    """The procedure that it is defined as, at first."""
    root: int = -1
    is_library: bool = False
    was_defined: bool = False
    """Whether what is looked at stands behind the definition."""

    @property
    def procedure(self) -> "Lambda | None":
        """The procedure that it stands for from beginning to end."""
        return self.value if self.definitions == 1 and not self.is_assigned else None


@dataclass(slots=True, eq=False)
class Node:
    """A part of the program."""

    at: Position


@dataclass(slots=True, eq=False)
class Constant(Node):
    """A value known beforehand."""

    datum: Datum


@dataclass(slots=True, eq=False)
class Word(Node):
    """A value that is a word."""

    word: int


@dataclass(slots=True, eq=False)
class Read(Node):
    """A variable's value."""

    variable: Variable | Global
    is_sure: bool = False
    """Whether the variable certainly has a value."""


@dataclass(slots=True, eq=False)
class Assign(Node):
    """A variable gets a value; `defines` where that is its first one."""

    variable: Variable | Global
    value: Node
    defines: bool = False


@dataclass(slots=True, eq=False)
class If(Node):
    """One of two values."""

    test: Node
    then: Node
    otherwise: Node


@dataclass(slots=True, eq=False)
class Or(Node):
    """The first value that is not false."""

    first: Node
    second: Node


@dataclass(slots=True, eq=False)
class Steps(Node):
    """One after another; the last one's value counts."""

    parts: Sequence[Node]


@dataclass(slots=True, eq=False)
class Let(Node):
    """Variables with their values, and what is computed with them."""

    variables: Sequence[Variable]
    values: Sequence[Node]
    body: Node


@dataclass(slots=True, eq=False)
class Letrec(Node):
    """Variables that are seen in their own values."""

    variables: Sequence[Variable]
    values: Sequence[Node]
    body: Node


@dataclass(slots=True, eq=False)
class Lambda(Node):
    """A procedure."""

    params: Sequence[Variable]
    rest: Variable | None
    name: str
    body: Node = field(default_factory=lambda: Word(Position(0, 0), 0))
    outer: "Lambda | None" = None
    free: list[Variable] = field(default_factory=list)
    """Variables of procedures around it that it uses."""
    number: int = 0
    is_loop: bool = False
    """Whether all calls are jumps within the procedure around it."""
    width: int = 0
    """Words that are passed to its code: as many as any call has that it ends with, so that this takes no stack."""

    @property
    def all_params(self) -> list[Variable]:
        """The parameters, with the one that takes all further arguments."""
        return [*self.params, *([self.rest] if self.rest else [])]


@dataclass(slots=True, eq=False)
class Call(Node):
    """A call of what is computed."""

    procedure: Node
    args: Sequence[Node]


@dataclass(slots=True, eq=False)
class Routine(Node):
    """A call of a routine of the library."""

    name: str
    args: Sequence[Node]


@dataclass(slots=True, eq=False)
class Guard(Node):
    """What is raised in the body goes into the variable, and the handler goes on."""

    body: Lambda
    variable: Variable
    handler: Node


def known(call: Call) -> Lambda | None:
    """Give the procedure that is called, where it is known beforehand."""
    match call.procedure:
        case Read(variable=Variable(value=Lambda() as found, is_assigned=False)):
            return found
        case Read(variable=Global() as variable):
            return variable.procedure
        case Lambda() as found:
            return found
    return None
