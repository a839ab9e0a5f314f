"""The tree behind the checks, its expressions: every name found, every type known, every conversion written out."""

from dataclasses import dataclass
from typing import Any

from core.workloads.code.frontends.java.types import ClassInfo, Field, Method, Type
from core.workloads.code.ir.instructions import Position


@dataclass(eq=False, slots=True)
class Variable:
    """A local variable or parameter."""

    name: str
    type: Type
    at: Position
    final: bool = False
    parameter: bool = False
    assigned: int = 0
    """How often it gets a value after its declaration."""
    initialized: bool = False
    constant: object = None
    """The value of a final variable where that is known as the program is translated."""
    captured_at: Position | None = None
    """Where a lambda or class within uses it first."""


@dataclass(eq=False, slots=True)
class Expr:
    """What has a value of a type."""

    at: Position
    type: Type


@dataclass(eq=False, slots=True)
class Const(Expr):
    """A constant: int, float, bool, str (also of a character: its number), or None for `null`."""

    value: object


@dataclass(eq=False, slots=True)
class Local(Expr):
    """The value of a variable."""

    variable: Variable


@dataclass(eq=False, slots=True)
class This(Expr):
    """The object that a method works for."""


@dataclass(eq=False, slots=True)
class FieldGet(Expr):
    """A field of an object."""

    object: Expr
    field: Field


@dataclass(eq=False, slots=True)
class StaticGet(Expr):
    """A field of a class."""

    field: Field


@dataclass(eq=False, slots=True)
class ArrayGet(Expr):
    """An element of an array."""

    array: Expr
    index: Expr


@dataclass(eq=False, slots=True)
class ArrayLength(Expr):
    """How many elements an array has."""

    array: Expr


@dataclass(eq=False, slots=True)
class Invoke(Expr):
    """A call; `virtual` where the object's class says which method it is."""

    method: Method
    object: Expr | None
    args: list[Expr]
    virtual: bool = False


@dataclass(eq=False, slots=True)
class Create(Expr):
    """A new object; `captured` are the values of the variables around that its class uses."""

    made: ClassInfo
    constructor: Method | None
    args: list[Expr]
    outer: Expr | None = None
    captured: list[Expr] | None = None
    """None where it is made within its own class."""


@dataclass(eq=False, slots=True)
class CreateArray(Expr):
    """A new array of a size, and of arrays as far as there are sizes."""

    sizes: list[Expr]


@dataclass(eq=False, slots=True)
class ArrayOf(Expr):
    """A new array of its elements."""

    items: list[Expr]


@dataclass(eq=False, slots=True)
class Unary(Expr):
    """`-`, `~` or `!`; the operand has the type of the result."""

    op: str
    operand: Expr


@dataclass(eq=False, slots=True)
class Binary(Expr):
    """An operator between operands of the type `operands`; the right one of a shift has its own."""

    op: str
    left: Expr
    right: Expr
    operands: Type


@dataclass(eq=False, slots=True)
class Logic(Expr):
    """`&&` or `||`."""

    op: str
    left: Expr
    right: Expr


@dataclass(eq=False, slots=True)
class Concat(Expr):
    """A string of the texts of some values."""

    parts: list[Expr]


@dataclass(eq=False, slots=True)
class Conditional(Expr):
    """One of two values."""

    test: Expr
    then: Expr
    otherwise: Expr


@dataclass(eq=False, slots=True)
class Assign(Expr):
    """Gives a variable, field or element a value, which is also its own."""

    target: Expr
    value: Expr


@dataclass(eq=False, slots=True)
class Update(Expr):
    """Computes the new value of a target from the old one.

    `value` computes it where `old` stands for the old value; with `behind` the value of all is the old one.
    """

    target: Expr
    old: Variable
    value: Expr
    behind: bool


@dataclass(eq=False, slots=True)
class Convert(Expr):
    """The value as another type: number to number, boxed, unboxed, or an object that must be of a class."""

    value: Expr
    how: str
    """`number`, `box`, `unbox`, `check` or `same`."""


@dataclass(eq=False, slots=True)
class InstanceOf(Expr):
    """Whether an object is of a type, and then a variable has it."""

    value: Expr
    tested: Type
    binding: Variable | None


@dataclass(eq=False, slots=True)
class SwitchValue(Expr):
    """`switch` with a value, which `Give` gives."""

    switch: Any
