"""The tree of a Java source, as the parser makes it: types and expressions."""

from dataclasses import dataclass
from typing import Any

from core.workloads.code.frontends.java.diagnosing import NOWHERE
from core.workloads.code.ir.instructions import Position


@dataclass(slots=True, eq=False)
class Node:
    """Anything with a place."""

    at: Position


@dataclass(slots=True, eq=False)
class TypeNode(Node):
    """A type as written: a name with points, its arguments (None: none written), and how many times `[]`."""

    name: str
    args: list["TypeNode"] | None = None
    dims: int = 0
    sign: str = ""
    """Of a wildcard: `?`, `extends` or `super`; the bound is then the only argument."""


# Expressions.


@dataclass(slots=True, eq=False)
class Expr(Node):
    """What has a value."""


@dataclass(slots=True, eq=False)
class Literal(Expr):
    """A constant: kind int, long, double, char, string, boolean or null."""

    kind: str
    value: object


@dataclass(slots=True, eq=False)
class Name(Expr):
    """A name by itself."""

    text: str


@dataclass(slots=True, eq=False)
class Select(Expr):
    """`object.name`; `at` is where the name stands."""

    object: Expr
    name: str


@dataclass(slots=True, eq=False)
class Index(Expr):
    """`array[index]`."""

    array: Expr
    index: Expr


@dataclass(slots=True, eq=False)
class Call(Expr):
    """`object.name(args)`; `at` is where the name stands."""

    object: Expr | None
    name: str
    args: list[Expr]


@dataclass(slots=True, eq=False)
class New(Expr):
    """`new Type(args) { body }`."""

    type: TypeNode
    args: list[Expr]
    body: Any = None


@dataclass(slots=True, eq=False)
class NewArray(Expr):
    """`new Type[size]...` or `new Type[] {...}`; `type` is that of the whole array."""

    type: TypeNode
    sizes: list[Expr]
    items: "ArrayItems | None" = None


@dataclass(slots=True, eq=False)
class ArrayItems(Expr):
    """`{a, b, c}` as the value of an array."""

    items: list[Expr]


@dataclass(slots=True, eq=False)
class Unary(Expr):
    """A sign before its operand; `at` is where the sign stands."""

    op: str
    operand: Expr


@dataclass(slots=True, eq=False)
class Step(Expr):
    """`++` or `--`, before or behind its operand."""

    op: str
    operand: Expr
    before: bool


@dataclass(slots=True, eq=False)
class Binary(Expr):
    """An operator between its operands; `at` is where the operator stands."""

    op: str
    left: Expr
    right: Expr


@dataclass(slots=True, eq=False)
class Assign(Expr):
    """`target = value`, or with an operator before the `=`; `at` is where that stands."""

    op: str
    target: Expr
    value: Expr


@dataclass(slots=True, eq=False)
class Conditional(Expr):
    """`test ? then : otherwise`; `at` is where the `?` stands."""

    test: Expr
    then: Expr
    otherwise: Expr


@dataclass(slots=True, eq=False)
class Cast(Expr):
    """`(type) value`."""

    type: TypeNode
    value: Expr


@dataclass(slots=True, eq=False)
class InstanceOf(Expr):
    """`value instanceof Type name`; `at` is where `instanceof` stands."""

    value: Expr
    type: TypeNode
    binding: str = ""
    binding_at: Position = NOWHERE


@dataclass(slots=True, eq=False)
class Lambda(Expr):
    """`params -> body`; `at` is where the arrow stands."""

    params: list[Any]
    body: Any


@dataclass(slots=True, eq=False)
class MethodRef(Expr):
    """`object::name` or `Type::name`; `new` as the name makes objects."""

    object: Expr | TypeNode
    name: str


@dataclass(slots=True, eq=False)
class This(Expr):
    """`this`, or `Outer.this`."""

    of: str = ""


@dataclass(slots=True, eq=False)
class Super(Expr):
    """`super` in front of a point, or `Interface.super`."""

    of: str = ""


@dataclass(slots=True, eq=False)
class Case(Node):
    """Labels (none for `default`), and what belongs to them; with an arrow one thing."""

    labels: list[Expr]
    is_default: bool
    body: list[Any]
    arrow: bool
    value: Expr | None = None
    """Behind an arrow, an expression by itself."""


@dataclass(slots=True, eq=False)
class SwitchExpr(Expr):
    """`switch` with a value."""

    selector: Expr
    cases: list[Case]
