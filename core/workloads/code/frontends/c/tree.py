"""The syntax tree: what the parser makes, and where semantic analysis writes the types it finds."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.workloads.code.frontends.c.nodes import Expression, Node
from core.workloads.code.frontends.c.written import Declaration, Declarator, Specifiers, TypeName
from core.workloads.code.ir.instructions import Position

if TYPE_CHECKING:
    from core.workloads.code.frontends.c.symbols import Symbol


# Expressions.


@dataclass(slots=True, eq=False)
class Number(Expression):
    """An integer, character or floating constant."""

    value: int | float
    type_name: str


@dataclass(slots=True, eq=False)
class Text(Expression):
    """A string, without the zero at its end."""

    data: bytes


@dataclass(slots=True, eq=False)
class Name(Expression):
    """A variable, function or enumeration constant."""

    name: str
    symbol: "Symbol | None" = None


@dataclass(slots=True, eq=False)
class Unary(Expression):
    """`- + ! ~ * & ++ --` before an operand, `p++ p--` after it."""

    op: str
    operand: Expression


@dataclass(slots=True, eq=False)
class Binary(Expression):
    """Two operands, `,` and `&& ||` among the operators."""

    op: str
    left: Expression
    right: Expression


@dataclass(slots=True, eq=False)
class Assign(Expression):
    """`=` (empty operator) or a compound assignment, whose operator is that without the `=`."""

    op: str
    target: Expression
    value: Expression


@dataclass(slots=True, eq=False)
class Conditional(Expression):
    """`test ? then : otherwise`."""

    test: Expression
    then: Expression
    otherwise: Expression


@dataclass(slots=True, eq=False)
class Cast(Expression):
    """A cast; analysis writes conversions that the language makes by itself as casts without a type name."""

    type_name: TypeName | None
    operand: Expression


@dataclass(slots=True, eq=False)
class SizeOf(Expression):
    """Of an expression, or of a type."""

    operand: Expression | None
    type_name: TypeName | None
    value: int = 0


@dataclass(slots=True, eq=False)
class Call(Expression):
    """A call, by name or through a pointer."""

    callee: Expression
    args: list[Expression]


@dataclass(slots=True, eq=False)
class Index(Expression):
    """`base[index]`."""

    base: Expression
    index: Expression


@dataclass(slots=True, eq=False)
class Member(Expression):
    """`operand.name`, or `operand->name`."""

    operand: Expression
    name: str
    arrow: bool
    sign: Position
    """Where `.` or `->` stands."""
    offset: int = 0


@dataclass(slots=True, eq=False)
class Braces(Expression):
    """An initializer in braces: values, each with the designators before it (a member's name, or an index)."""

    items: "list[tuple[list[str | Expression], Expression]]"


@dataclass(slots=True, eq=False)
class Compound(Expression):
    """A compound literal: `(struct point){1, 2}`."""

    type_name: TypeName
    braces: Braces
    symbol: "Symbol | None" = None


# Statements.


@dataclass(slots=True, eq=False)
class Block(Node):
    """Statements and declarations in braces; `end` is where it is closed."""

    items: "list[Statement | Declaration]"
    end: Position


@dataclass(slots=True, eq=False)
class Evaluate(Node):
    """An expression as a statement; none for a lone semicolon."""

    value: Expression | None


@dataclass(slots=True, eq=False)
class If(Node):
    """`if`, perhaps with `else`."""

    test: Expression
    then: "Statement"
    otherwise: "Statement | None"


@dataclass(slots=True, eq=False)
class Loop(Node):
    """`while`, `do` and `for`; of the first two only test and body are there."""

    kind: str
    start: "Declaration | Expression | None"
    test: Expression | None
    step: Expression | None
    body: "Statement"


@dataclass(slots=True, eq=False)
class Switch(Node):
    """`switch`; analysis gathers its cases."""

    value: Expression
    body: "Statement"
    cases: "list[Case]" = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Case(Node):
    """`case value:`, or `default:` where there is none."""

    value: Expression | None
    body: "Statement"
    constant: int | None = None


@dataclass(slots=True, eq=False)
class Jump(Node):
    """`break`, `continue`, or `goto` with a label."""

    kind: str
    label: str = ""


@dataclass(slots=True, eq=False)
class Return(Node):
    """`return`, perhaps with a value."""

    value: Expression | None


@dataclass(slots=True, eq=False)
class Label(Node):
    """A place to go to."""

    name: str
    body: "Statement"


Statement = Block | Evaluate | If | Loop | Switch | Case | Jump | Return | Label


@dataclass(slots=True, eq=False)
class FunctionDefinition(Node):
    """A function with its body; analysis writes the symbol and the parameters' symbols."""

    specifiers: Specifiers
    declarator: Declarator
    body: Block
    symbol: "Symbol | None" = None
    params: "list[Symbol]" = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Unit:
    """A whole source."""

    parts: list[FunctionDefinition | Declaration]
