"""The tree of a Java source, as the parser makes it: statements."""

from dataclasses import dataclass
from typing import Any

from core.workloads.code.frontends.java.syntax import Case, Expr, Node, TypeNode
from core.workloads.code.ir.instructions import Position


@dataclass(slots=True, eq=False)
class Statement(Node):
    """What does something."""


@dataclass(slots=True, eq=False)
class Block(Statement):
    """Statements in braces; `end` is where the closing one stands."""

    body: list[Statement]
    end: Position


@dataclass(slots=True, eq=False)
class Declarator(Node):
    """One variable of a declaration."""

    name: str
    dims: int
    value: Expr | None


@dataclass(slots=True, eq=False)
class LocalVars(Statement):
    """Variables with their type."""

    type: TypeNode
    variables: list[Declarator]
    final: bool = False


@dataclass(slots=True, eq=False)
class LocalClass(Statement):
    """A class among statements."""

    declaration: Any


@dataclass(slots=True, eq=False)
class ExprStatement(Statement):
    """An expression for its effect."""

    value: Expr


@dataclass(slots=True, eq=False)
class If(Statement):
    """`if`."""

    test: Expr
    then: Statement
    otherwise: Statement | None


@dataclass(slots=True, eq=False)
class While(Statement):
    """`while`."""

    test: Expr
    body: Statement


@dataclass(slots=True, eq=False)
class DoWhile(Statement):
    """`do ... while`."""

    body: Statement
    test: Expr


@dataclass(slots=True, eq=False)
class For(Statement):
    """`for` with its three parts."""

    start: list[Statement]
    test: Expr | None
    update: list[Expr]
    body: Statement


@dataclass(slots=True, eq=False)
class ForEach(Statement):
    """`for (Type name : values)`."""

    variable: Any
    values: Expr
    body: Statement


@dataclass(slots=True, eq=False)
class Labeled(Statement):
    """A statement with a name to leave it by."""

    label: str
    body: Statement


@dataclass(slots=True, eq=False)
class Jump(Statement):
    """`break` or `continue`, to a label or not."""

    word: str
    label: str


@dataclass(slots=True, eq=False)
class Yield(Statement):
    """The value of a `switch`."""

    value: Expr


@dataclass(slots=True, eq=False)
class Return(Statement):
    """`return`."""

    value: Expr | None


@dataclass(slots=True, eq=False)
class Throw(Statement):
    """`throw`."""

    value: Expr


@dataclass(slots=True, eq=False)
class Catch(Node):
    """`catch (A | B name) {...}`."""

    types: list[TypeNode]
    name: str
    body: Block


@dataclass(slots=True, eq=False)
class Try(Statement):
    """`try` with what it opens, catches and does at last."""

    resources: list[LocalVars]
    body: Block
    catches: list[Catch]
    last: Block | None


@dataclass(slots=True, eq=False)
class Switch(Statement):
    """`switch` without a value."""

    selector: Expr
    cases: list[Case]


@dataclass(slots=True, eq=False)
class Assert(Statement):
    """`assert`, which is looked at but does nothing, as Java has it unless asked otherwise."""

    test: Expr
    message: Expr | None
