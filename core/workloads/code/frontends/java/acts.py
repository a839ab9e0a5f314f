"""The tree behind the checks: its statements."""

from dataclasses import dataclass, field

from core.workloads.code.frontends.java.core import Expr, Variable
from core.workloads.code.frontends.java.types import Method, Type
from core.workloads.code.ir.instructions import Position


@dataclass(eq=False, slots=True)
class Statement:
    """What does something."""

    at: Position


@dataclass(eq=False, slots=True)
class Block(Statement):
    """Statements one after another; `end` is where a method without `return` ends."""

    body: list[Statement]
    end: Position


@dataclass(eq=False, slots=True)
class Declare(Statement):
    """A variable begins."""

    variable: Variable
    value: Expr | None


@dataclass(eq=False, slots=True)
class Effect(Statement):
    """An expression for its effect."""

    value: Expr


@dataclass(eq=False, slots=True)
class If(Statement):
    """One statement or another."""

    test: Expr
    then: Statement
    otherwise: Statement | None


@dataclass(eq=False, slots=True)
class Loop(Statement):
    """A body for as long as a test holds; `update` runs after the body; `first` leaves out the first test."""

    test: Expr | None
    body: Statement
    update: list[Statement] = field(default_factory=list)
    body_first: bool = False


@dataclass(eq=False, slots=True)
class Labeled(Statement):
    """A statement that a `break` may leave."""

    body: Statement


@dataclass(eq=False, slots=True)
class Jump(Statement):
    """`break` (leave the target) or `continue` (go on with the next turn of it)."""

    target: Statement
    goes_on: bool


@dataclass(eq=False, slots=True)
class Give(Statement):
    """The value of a `switch`."""

    target: "Switch"
    value: Expr


@dataclass(eq=False, slots=True)
class Return(Statement):
    """Back to the caller."""

    value: Expr | None


@dataclass(eq=False, slots=True)
class Throw(Statement):
    """An exception."""

    value: Expr


@dataclass(eq=False, slots=True)
class Catch:
    """What is done about exceptions of some classes."""

    at: Position
    classes: list[Type]
    ats: list[Position]
    variable: Variable
    body: Block


@dataclass(eq=False, slots=True)
class Try(Statement):
    """Statements with what is done about exceptions, and at last."""

    body: Statement
    catches: list[Catch]
    last: Block | None


@dataclass(eq=False, slots=True)
class Case:
    """Constants (None: `default`) and statements; `falls` where it goes on with the next case."""

    at: Position
    labels: list[object]
    body: list[Statement]


@dataclass(eq=False, slots=True)
class Switch(Statement):
    """Statements by a value: an int or character, the number of an enum's constant, or a string.

    `complete` where one case always fits; what fits none of an enum's raises an error.
    """

    selector: Expr
    cases: list[Case]
    arrow: bool
    complete: bool = False
    given: Variable | None = None
    """Where the value of the whole goes, if it has one."""


@dataclass(eq=False, slots=True)
class ConstructorCall(Statement):
    """`this(...)` or `super(...)` at the beginning of a constructor."""

    constructor: Method
    args: list[Expr]
    outer: Expr | None = None
    captured: list[Expr] | None = None
